import Attention
import Tensors
import Text

/// How a reward model learns from pairs.
///
/// Eight times over some thousand pairs; DeepSeek's went once over 66 000, in batches of 256 and at
/// a rate of 6e-6.
public struct RewardPlan: Codable, Sendable, Equatable {
  /// The pairs that are asked of the annotators; some are too much alike to be kept.
  public var asked = 6000
  /// The people.
  public var annotators = Annotators()
  /// Whether, for each difference in length, the longer answer wins as often as the shorter.
  public var matchesLengths = true
  /// The pairs of a step.
  public var batch = 32
  /// How often each pair is seen.
  public var epochs = 8
  /// The learning rate at its highest.
  public var rate: Float = 3e-4
  /// The seed of pairs and order.
  public var seed: UInt64 = 0

  /// The plan that the book uses.
  public init() {}

  /// Whether the numbers make sense; a plan that was read from a file might not.
  var isPossible: Bool {
    [asked, batch, epochs, annotators.votes].allSatisfy { (1...1_000_000).contains($0) }
      && rate > 0 && rate.isFinite && annotators.noise >= 0 && annotators.margin >= 0
  }
}

/// What became of a training on pairs.
public struct RewardReport: Codable, Sendable, Equatable {
  /// The pairs that were asked, those that were kept, and those that were trained on.
  public var asked = 0, kept = 0, trained = 0
  /// The mean words by which chosen answers are longer than rejected ones.
  public var longer = 0.0
  /// The mean loss of the first and of the last tenth of the steps.
  public var firstLoss = 0.0, lastLoss = 0.0
  /// The share of fresh pairs, judged by the truth, in which the model agrees.
  public var agreement = 0.0

  /// Begins a report.
  public init() {}
}

extension RewardModel {
  /// Takes one step along the pairs of a batch, and returns its mean loss.
  package func step(_ pairs: [PreferencePair], _ optimizer: inout AdamW, factor: Float)
    throws(TrainingError) -> Double
  {
    let size = max(1, (pairs.count + 3) / 4)
    let shards = stride(from: 0, to: pairs.count, by: size).map {
      Array(pairs[$0..<min(pairs.count, $0 + size)])
    }
    let parts = Threads.map(shards.count) { index in
      let tape = Tape()
      let shard = shards[index]
      let texts =
        shard.map { text($0.question, $0.chosen) }
        + shard.map { text($0.question, $0.rejected) }
      let loss = scores(of: texts, on: tape).preferenceLoss(of: pairs.count)
      return (Double(loss.value.scalar), tape.gradients(of: loss))
    }
    var sum = (loss: 0.0, gradients: Gradients())
    for part in parts {
      sum.loss += part.0
      sum.gradients.add(part.1)
    }
    guard sum.loss.isFinite else { throw .lossNotFinite(step: 0, loss: sum.loss) }
    do { _ = try sum.gradients.clip(toNorm: 1) } catch {
      throw .gradientNotFinite(step: 0, norm: error.norm, weight: nil)
    }
    optimizer.step(sum.gradients, factor: factor)
    return sum.loss
  }

  /// Learns from pairs, in an order that the seed decides, and centres its scores.
  ///
  /// A constant in all scores is invisible to pairs; it is chosen so that the mean answer of the
  /// pairs has score 0.
  public func learn(from pairs: [PreferencePair], _ plan: RewardPlan)
    throws(TrainingError) -> RewardReport
  {
    insist(!pairs.isEmpty, "RewardModel: there are no pairs to learn from")
    // Pairs say nothing of the head's constant: its gradient is rounding, and AdamW would obey it.
    let weights = namedParameters.filter { $0.parameter !== head.bias }
    var optimizer = AdamW(weights, rate: plan.rate, decay: 0, beta1: 0.9, beta2: 0.95)
    var generator = SplitMix64(seed: plan.seed).branch(112)
    let schedule = Schedule.cosine(warmup: 4, floor: 0.1)
    let perEpoch = (pairs.count + plan.batch - 1) / plan.batch
    var losses: [Double] = []
    for _ in 0..<plan.epochs {
      let order = Draw.shuffled(pairs, using: &generator)
      for part in 0..<perEpoch {
        let rows = part * plan.batch..<min(order.count, (part + 1) * plan.batch)
        let factor = schedule.factor(step: losses.count + 1, of: perEpoch * plan.epochs)
        losses.append(try step(Array(order[rows]), &optimizer, factor: factor))
      }
    }
    centre(on: pairs)
    var report = RewardReport()
    let tenth = max(1, losses.count / 10)
    report.trained = pairs.count
    report.longer = pairs.average { Double($0.chosen.utf8.count - $0.rejected.utf8.count) }
    report.firstLoss = losses.prefix(tenth).average { $0 }
    report.lastLoss = losses.suffix(tenth).average { $0 }
    return report
  }

  private func centre(on pairs: [PreferencePair]) {
    guard let bias = head.bias else { return }
    let replies = pairs.flatMap { [($0.question, $0.chosen), ($0.question, $0.rejected)] }
    let mean = scores(of: replies).average { Double($0) }
    bias.value = Tensor([bias.value.scalars[0] - Float(mean)], shape: [1])
  }
}
