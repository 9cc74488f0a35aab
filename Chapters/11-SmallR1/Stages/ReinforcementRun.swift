import Attention
import MTP
import RL
import Tensors

/// A stage of reinforcement: questions in two tongues, paid by rules and, for requests, by a model
/// of what people like.
///
/// As in chapter 8 an update asks fresh questions, pays sampled responses, and moves the weights
/// along the gradient of an objective; nothing else learns. What is new are the rewards.
public struct ReinforcementRun: Sendable {
  /// The policy, whose weights every update changes.
  public let policy: DeepSeekModel
  /// The plan.
  public let plan: ReinforcementPlan
  /// The tokens.
  public let alphabet: TaskAlphabet
  /// The number of updates done.
  public internal(set) var update = 0
  /// The policy as it was at the start, or at the last refresh.
  let reference: Reference
  var optimizer: AdamW
  var generator: SplitMix64
  private let people: RewardModel?
  private let validation: [Question]
  private let controls: [Question]

  /// Starts from a model.
  /// - Parameters:
  ///   - twin: a model of the same sizes, whose weights are overwritten.
  ///   - people: what pays answers to requests; needed if the plan asks any.
  public init(
    _ start: DeepSeekModel, twin: DeepSeekModel, plan: ReinforcementPlan,
    people: RewardModel? = nil, alphabet: TaskAlphabet = .bilingual
  ) {
    insist(
      people != nil || plan.requests == 0,
      "ReinforcementRun: requests need a reward model, for they have no right answer")
    policy = start
    self.plan = plan
    self.people = people
    self.alphabet = alphabet
    reference = Reference(of: start.language, in: twin.language)
    optimizer = AdamW(
      start.language.namedParameters, rate: plan.rate, decay: 0, beta1: 0.9, beta2: 0.95)
    generator = SplitMix64(seed: plan.seed).branch(110)
    validation = plan.sizes.flatMap {
      QuestionMix.heldOut(.sum, size: $0, count: plan.problems, seed: 1)
    }
    controls = [Question.Kind.sorting, .copying].flatMap {
      QuestionMix.heldOut($0, size: 5, count: plan.problems, seed: 1)
    }
  }

  /// Whether the plan is fulfilled.
  public var isFinished: Bool { update >= plan.updates }

  /// Asks, pays, and moves the weights.
  ///
  /// Throws `TrainingError` when the gradient is not finite; the weights are then as they were.
  public mutating func takeUpdate() throws(TrainingError) -> ReinforcementReport {
    let start = ContinuousClock.now
    var report = ReinforcementReport(update: update + 1)
    var groups = paidGroups(&report)
    let isLook = wantsLook(after: update + 1)
    if isLook {
      report.divergence = reference.divergence(of: groups, temperature: plan.temperature)
    }
    groups = reference.scored(groups, for: plan.objective)
    try step(along: groups, &report)
    update += 1
    if plan.refreshEvery > 0, update % plan.refreshEvery == 0 {
      reference.refresh(from: policy.language)
    }
    report.seconds = (ContinuousClock.now - start) / .seconds(1)
    return report
  }

  /// Whether the plan wants a look after an update.
  public func wantsLook(after update: Int) -> Bool {
    update % plan.lookEvery == 0 || update == plan.updates
  }

  // MARK: Asking and paying

  private mutating func questions() -> [Question] {
    let requests = plan.requests(at: update + 1)
    let sums = QuestionMix.sums(plan.sizes)
    return (0..<plan.prompts).map { place in
      place < plan.prompts - requests
        ? sums.question(using: &generator)
        : QuestionMix.requests.question(using: &generator)
    }
  }

  private mutating func paidGroups(_ report: inout ReinforcementReport) -> [ResponseGroup] {
    let questions = questions()
    let prompts = questions.map { alphabet.prompt($0.prompt) }
    let rollout = Rollout(
      samples: plan.samples, budget: plan.budget, stops: [alphabet.end],
      temperature: plan.temperature)
    let responses = policy.language.responses(to: prompts, rollout, seed: generator.next())
    let replies = zip(questions, responses).map { question, all in
      all.map { JudgedReply($0, to: question, in: alphabet) }
    }
    let (payments, scores) = payments(for: replies.flatMap { $0 })
    let groups = prompts.indices.map { index in
      ResponseGroup(
        prompt: prompts[index], responses: responses[index],
        rewards: Array(payments[index * plan.samples..<(index + 1) * plan.samples]))
    }
    report.note(replies.flatMap { $0 }, scores: scores)
    report.reward = payments.average { $0 }
    report.deadGroups = groups.portion { !plan.objective.isLive($0) }
    return groups
  }

  /// Pays sums by rule and requests by what people would like; a response in the wrong form gets
  /// nothing.
  ///
  /// Of an answer to a request the reward model sees the answer alone, whatever was thought.
  /// - Returns: a payment for each reply, and the scores of the answers to requests.
  private func payments(for replies: [JudgedReply]) -> ([Double], [Float]) {
    // snippet.payments
    let places = replies.indices.filter {
      replies[$0].question.kind == .request && replies[$0].verdict.isValid
    }
    let answers = places.map { (replies[$0].question, replies[$0].verdict.answer ?? "") }
    let scores = answers.isEmpty ? [] : people?.scores(of: answers) ?? []
    var payments = replies.map { $0.question.kind == .request ? 0 : plan.reward($0) }
    for (place, score) in zip(places, scores) where passesGate(replies[place]) {
      payments[place] = RewardModel.payment(for: score)
    }
    return (payments, scores)
    // snippet.end
  }

  /// A rule before the reward model: an answer that rambles is paid nothing, however it is liked.
  private func passesGate(_ reply: JudgedReply) -> Bool {
    plan.mostWords == 0 || (reply.verdict.answer?.utf8.count ?? 0) <= plan.mostWords
  }

  // MARK: Learning

  private mutating func step(
    along groups: [ResponseGroup], _ report: inout ReinforcementReport
  ) throws(TrainingError) {
    var result = policy.language.policyGradient(of: plan.objective, on: groups)
    guard result.statistics.tokens > 0 else { return }
    guard result.loss.isFinite else {
      throw .lossNotFinite(step: update + 1, loss: result.loss)
    }
    let norm: Float
    do { norm = try result.gradients.clip(toNorm: plan.clip) } catch {
      throw .gradientNotFinite(step: update + 1, norm: error.norm, weight: nil)
    }
    optimizer.step(
      result.gradients, factor: plan.schedule.factor(step: update + 1, of: plan.updates))
    report.gradientNorm = Double(norm)
    report.entropy = result.statistics.entropy
    report.clipShare = result.statistics.clipShare
    report.largestLogRatio = result.statistics.largestLogRatio
  }

  /// Looks at questions that are not trained on.
  public func look(_ report: inout ReinforcementReport) {
    let replies = greedy(validation)
    report.greedy = replies.portion(where: \.isRight)
    report.greedyConsistency = replies.consistency
    report.controls = greedy(controls).portion(where: \.isRight)
  }

  private func greedy(_ questions: [Question]) -> [JudgedReply] {
    policy.language.replies(to: questions, budget: plan.budget, in: alphabet)
  }

  /// The policy's likeliest response to a question that is not trained on, as text.
  public var transcript: String {
    let reply = greedy([validation[1 % validation.count]])[0]
    return alphabet.tokenizer.decode(
      alphabet.prompt(reply.question.prompt) + reply.response.tokens)
  }
}

extension LanguageModel {
  /// The likeliest response to each question.
  func replies(
    to questions: [Question], budget: Int, in alphabet: TaskAlphabet
  ) -> [JudgedReply] {
    replies(
      to: questions, Rollout.greedy(budget: budget, stops: [alphabet.end]), seed: 0,
      in: alphabet
    ).map { $0[0] }
  }

  /// Sampled responses to each question.
  func replies(
    to questions: [Question], _ rollout: Rollout, seed: UInt64, in alphabet: TaskAlphabet
  ) -> [[JudgedReply]] {
    let prompts = questions.map { alphabet.prompt($0.prompt) }
    return zip(questions, responses(to: prompts, rollout, seed: seed)).map { question, all in
      all.map { JudgedReply($0, to: question, in: alphabet) }
    }
  }
}
