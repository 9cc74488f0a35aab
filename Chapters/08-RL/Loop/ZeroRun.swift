import Attention
import MTP
import Tensors
import Text

/// R1-Zero in miniature: a base that guesses, a judge, and nothing else.
///
/// An update asks fresh questions, judges sampled responses by rule, and moves the weights
/// along the gradient of an objective. Nothing else learns: the bias that balances the experts
/// stays as it is, and no balance loss is added, so that routing is the same while sampling and
/// while training.
public struct ZeroRun: Sendable {
  /// The policy, whose weights every update changes.
  public let policy: DeepSeekModel
  /// The plan.
  public let plan: ZeroPlan
  /// The tokens.
  public let alphabet: TaskAlphabet
  /// The number of updates done.
  public internal(set) var update = 0
  /// The best look at problems that are not trained on, and the update after which it was.
  public internal(set) var best: (score: Double, update: Int) = (-1, 0)
  /// The sampled tokens that have had a gradient: those of groups in which something was at stake.
  public internal(set) var gradientTokens = 0
  /// The accuracy of the base on the controls.
  public internal(set) var controlOfBase: Double?
  /// The policy as it was: of the base, or of the last refresh.
  let reference: Reference
  var optimizer: AdamW
  /// What PPO compares rewards with; nil where a group is compared with itself.
  var learningCritic: LearningCritic?
  var generator: SplitMix64
  private let validation: [[TaskItem]]
  private let controls: [TaskItem]

  /// Starts from a base.
  /// - Parameter twin: a model of the same sizes, whose weights are overwritten.
  public init(
    _ base: DeepSeekModel, twin: DeepSeekModel, plan: ZeroPlan,
    alphabet: TaskAlphabet = .standard
  ) {
    policy = base
    self.plan = plan
    self.alphabet = alphabet
    reference = Reference(of: base.language, in: twin.language)
    // The modules that look further ahead get no gradient, and a weight without one stays.
    optimizer = AdamW(
      base.language.namedParameters, rate: plan.rate, decay: 0, beta1: 0.9, beta2: 0.95)
    learningCritic = plan.method?.proximal.map {
      LearningCritic(width: base.language.headWeight.shape[1], $0)
    }
    generator = SplitMix64(seed: plan.seed).branch(8)
    validation = plan.sizes.map {
      TaskMix.heldOut(plan.task, size: $0, count: plan.problems, seed: 1)
    }
    controls = [TaskKind.sorting, .copying].flatMap { kind in
      (5...6).flatMap {
        TaskMix.heldOut(kind, size: $0, count: max(1, plan.problems / 2), seed: 1)
      }
    }
  }

  /// Whether the plan is fulfilled, or too many looks in a row were no better than the best.
  public var isFinished: Bool {
    update >= plan.updates
      || plan.patience > 0
        && update - best.update >= plan.patience * plan.evaluateEvery
  }

  /// Asks, judges, and moves the weights.
  ///
  /// Throws `TrainingError` when the gradient is not finite; the weights are then as they were.
  public mutating func takeUpdate() throws(TrainingError) -> UpdateReport {
    let clock = ContinuousClock()
    let start = clock.now
    var report = UpdateReport(update: update + 1)
    var groups = rollout(&report)
    report.rolloutSeconds = (clock.now - start) / .seconds(1)
    let isLook = (update + 1) % plan.evaluateEvery == 0 || update + 1 == plan.updates
    if isLook { report.divergence = reference.divergence(of: groups) }
    groups = reference.scored(groups, for: plan.objective)
    let before = learning.map(\.value)
    do throws(TrainingError) { try step(along: groups, &report) } catch {
      for (parameter, value) in zip(learning, before) { parameter.value = value }
      throw error
    }
    update += 1
    if plan.refreshEvery > 0, update % plan.refreshEvery == 0 {
      noteControlsOfBase()
      reference.refresh(from: policy.language)
    }
    report.seconds = (clock.now - start) / .seconds(1)
    report.rolloutTokensPerSecond = Double(report.tokens) / max(report.rolloutSeconds, 1e-9)
    return report
  }

  /// Samples responses to fresh prompts and judges them.
  private mutating func rollout(_ report: inout UpdateReport) -> [ResponseGroup] {
    var groups: [ResponseGroup] = []
    var judged: [[JudgedResponse]] = []
    var dead = 0
    // With mixed groups wanted, at most four times the prompts are asked: a policy that is
    // always right or always wrong must not hold the run up.
    let drawsUntilMixed = plan.drawsUntilMixed || plan.method == .dapo
    for _ in 0..<(drawsUntilMixed ? 4 : 1) where groups.count < plan.prompts {
      for (group, responses) in asked() {
        let isLive = plan.objective.isLive(group)
        dead += isLive ? 0 : 1
        judged.append(responses)
        if isLive || !drawsUntilMixed, groups.count < plan.prompts { groups.append(group) }
      }
    }
    report.note(judged)
    report.reward = groups.isEmpty ? 0 : groups.flatMap(\.rewards).mean { $0 }
    report.deadGroups = Double(dead) / Double(judged.count)
    return groups
  }

  // snippet.asked
  private mutating func asked() -> [(ResponseGroup, [JudgedResponse])] {
    let items = (0..<plan.prompts).map { _ in plan.mix.item(using: &generator) }
    let prompts = items.map { alphabet.prompt($0.prompt) }
    let rollout = Rollout(samples: plan.samples, budget: plan.budget, stops: [alphabet.end])
    let responses = policy.language.responses(to: prompts, rollout, seed: generator.next())
    return items.indices.map { index in
      let judged = responses[index].map { JudgedResponse($0, to: items[index], in: alphabet) }
      let rewards = judged.map { plan.reward.reward($0.verdict, for: items[index]) }
      let group = ResponseGroup(
        prompt: prompts[index], responses: responses[index], rewards: rewards)
      return (group, judged)
    }
  }
  // snippet.end

  /// Moves the weights, once for each part of the rollout.
  private mutating func step(
    along groups: [ResponseGroup], _ report: inout UpdateReport
  ) throws(TrainingError) {
    var statistics = PolicyStatistics()
    let values = critic?.values(of: groups, under: policy.language)
    let factor = plan.schedule.factor(step: update + 1, of: plan.updates)
    for part in 0..<plan.stepsPerRollout {
      let rows =
        part * groups.count / plan.stepsPerRollout..<(part + 1) * groups.count
        / plan.stepsPerRollout
      var result = gradient(of: Array(groups[rows]), values.map { Array($0[rows]) })
      guard result.statistics.tokens > 0 else { continue }
      guard result.loss.isFinite else {
        throw .lossNotFinite(step: update + 1, loss: result.loss)
      }
      let norm: Float
      do { norm = try result.gradients.clip(toNorm: plan.clip) } catch {
        throw .gradientNotFinite(step: update + 1, norm: error.norm, weight: nil)
      }
      optimizer.step(result.gradients, factor: factor)
      learningCritic?.step(result.gradients)
      gradientTokens += result.statistics.tokens
      report.gradientNorm += Double(norm) / Double(plan.stepsPerRollout)
      if part == 0 { report.largestLogRatio = result.statistics.largestLogRatio }
      statistics.add(result.statistics)
    }
    report.entropy = statistics.entropy
    report.clipShare = statistics.clipShare
  }

  /// The gradient of the plan's objective, or of PPO with what the critic expected.
  private func gradient(
    of groups: [ResponseGroup], _ values: [[[Float]]]?
  ) -> PolicyGradient {
    guard let learningCritic, let values else {
      return policy.language.policyGradient(of: plan.objective, on: groups)
    }
    return learningCritic.gradient(of: policy.language, on: groups, values: values)
  }

  /// Everything that an update moves.
  private var learning: [Parameter] {
    policy.language.parameters + (critic?.parameters ?? [])
  }

  /// The critic of a run by PPO.
  package var critic: Critic? { learningCritic?.critic }

  /// Looks at problems that are not trained on, and tells whether the policy was never better.
  ///
  /// Its score is the mean of two shares: the greedy accuracy of its worst size, and the
  /// accuracy of the samples that it was just trained on. Greedy answers are right long before
  /// most samples are; the second share goes on telling policies apart. One that has lost more
  /// of the controls than the plan tolerates has no score. The problems are not those of the
  /// final examination, or choosing the best of many looks would flatter it.
  public mutating func look(_ report: inout UpdateReport) -> Bool {
    let examination = Examination(alphabet: alphabet, budget: plan.budget, samples: 0)
    let marks = validation.map { examination.marks(of: policy.language, on: $0) }
    let kept = examination.marks(of: policy.language, on: controls).greedyAccuracy
    noteControlsOfBase()
    report.greedy = marks.mean(\.greedyAccuracy)
    report.greedyLength = marks.mean(\.greedyShape.length)
    report.controls = kept
    let worst = marks.map(\.greedyAccuracy).min() ?? 0
    let score = (worst + report.accuracy) / 2
    let least = (controlOfBase ?? 0) - plan.tolerance
    guard score > best.score, kept >= least else { return false }
    best = (score, update)
    return true
  }

  /// Examines the base on the controls, as long as the reference is still the base.
  private mutating func noteControlsOfBase() {
    guard controlOfBase == nil else { return }
    let examination = Examination(alphabet: alphabet, budget: plan.budget, samples: 0)
    controlOfBase = examination.marks(of: reference.model, on: controls).greedyAccuracy
  }

  /// The policy's likeliest response to a problem that is not trained on, as text.
  public func transcript(of place: Int = 0) -> String {
    let prompt = alphabet.prompt(validation[0][place % validation[0].count].prompt)
    let rollout = Rollout.greedy(budget: plan.budget, stops: [alphabet.end])
    let response = policy.language.responses(to: [prompt], rollout, seed: 0)[0][0]
    return alphabet.tokenizer.decode(prompt + response.tokens)
  }
}
