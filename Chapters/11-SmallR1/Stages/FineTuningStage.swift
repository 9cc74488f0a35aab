import Attention
import Distillation
import MoE
import RL
import Tensors
import Text

/// How a stage of fine-tuning reads its examples.
///
/// DeepSeek-R1 takes two epochs of 800 000 examples. Ours are some thousands, and a few steps more
/// are needed to be heard.
public struct TuningPlan: Codable, Sendable, Equatable {
  /// How often each example is seen.
  public var epochs = 2
  /// The examples of a step.
  public var sequences = 64
  /// The learning rate at its highest; the base's was 1e-3.
  public var rate: Float = 2e-4
  /// The share of its highest to which the rate falls: a tenth, as DeepSeek's.
  public var floor = 0.1
  /// The seed of the order.
  public var seed: UInt64 = 0

  /// A plan with the usual settings.
  public init() {}

  /// The plan of a trainer; its rows have the places of the base's.
  public func training(
    on examples: Int, length: Int = BilingualBase.plan.length
  ) -> TrainingPlan {
    let perEpoch = (examples + sequences - 1) / sequences
    var plan = TrainingPlan(
      steps: max(1, epochs * perEpoch), sequences: sequences, length: length, rate: rate,
      schedule: .cosine(warmup: min(8, max(1, epochs * perEpoch / 10)), floor: floor),
      seed: seed)
    plan.shards = 8
    plan.decay = 0
    // The bias that balances the experts stays as the base's training left it.
    plan.coefficients = [
      Coefficient.biasSpeed.name: Schedule(phases: [.init(until: 1, at: 0)])
    ]
    return plan
  }

  /// Whether the numbers make sense; a plan that was read from a file might not.
  var isPossible: Bool {
    [epochs, sequences].allSatisfy { (1...65_536).contains($0) } && rate > 0 && rate.isFinite
      && (0...1).contains(floor)
  }
}

/// Batches of examples, each seen once in every epoch, with silent questions.
///
/// A run is continued by its place alone.
public struct ExampleEpochs: BatchSource {
  /// The examples.
  public let examples: [Example]
  /// The rows and the columns of a batch.
  public let sequences: Int, length: Int
  /// The tokens.
  public let alphabet: TaskAlphabet
  /// The seed of the orders; it does not change.
  public var generator: SplitMix64
  /// The number of batches drawn.
  public var place = 0

  /// Creates a source.
  public init(
    _ examples: [Example], sequences: Int, length: Int = BilingualBase.plan.length,
    alphabet: TaskAlphabet = .bilingual, seed: UInt64
  ) {
    insist(!examples.isEmpty, "ExampleEpochs: there is nothing to learn from")
    self.examples = examples
    self.sequences = sequences
    self.length = length
    self.alphabet = alphabet
    generator = SplitMix64(seed: seed).branch(114)
  }

  /// A number made from all tokens and the size of a batch.
  public var fingerprint: UInt64 {
    let tokens = examples.flatMap { $0.prompt + [-1] + $0.response + [-2] }
    return .fingerprint((tokens + [sequences, length]).map { UInt64(bitPattern: Int64($0)) })
  }

  /// Draws the next batch; the last of an epoch may have fewer rows.
  public mutating func next() -> Batch {
    let perEpoch = (examples.count + sequences - 1) / sequences
    let (epoch, part) = place.quotientAndRemainder(dividingBy: perEpoch)
    place += 1
    var own = generator.branch(UInt64(epoch))
    let order = Draw.shuffled(Array(examples.indices), using: &own)
    let chosen = order[part * sequences..<min((part + 1) * sequences, order.count)]
    return alphabet.batch(chosen.map { examples[$0] }.byLength, length: length)
  }
}

extension Example {
  /// The places of a row that it takes; the last token is a target alone.
  package var places: Int { prompt.count + response.count - 1 }
}
