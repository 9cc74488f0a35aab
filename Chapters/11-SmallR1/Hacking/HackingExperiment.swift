import Attention
import MTP
import RL
import Tensors

/// How a reward model is hacked, and what is tried against it.
public struct HackingPlan: Codable, Sendable, Equatable {
  /// The updates of each course.
  public var updates = 60
  /// The requests of an update, and the answers to each.
  public var prompts = 16, samples = 16
  /// The learning rate.
  public var rate: Float = 1e-4
  /// β of the course on a leash.
  public var penalty = 0.5
  /// The updates between two looks.
  public var lookEvery = 5
  /// The requests and the sums of a look.
  public var problems = 100
  /// The training of the flawed reward model.
  public var flawed: RewardPlan = {
    var plan = RewardPlan()
    (plan.asked, plan.epochs) = (3000, 1)
    plan.annotators = .tiredOnes
    plan.matchesLengths = false
    return plan
  }()
  /// The training of the repaired one, whose people are honest.
  public var repaired = RewardPlan()
  /// The seed.
  public var seed: UInt64 = 0

  /// The plan that the book uses.
  public init() {}

  /// Whether the numbers make sense; a plan that was read from a file might not.
  public var isPossible: Bool {
    [updates, prompts, samples, lookEvery, problems].allSatisfy { (1...100_000).contains($0) }
      && prompts * samples <= 1 << 20 && rate > 0 && rate.isFinite && penalty >= 0
      && penalty.isFinite && flawed.isPossible && repaired.isPossible
  }
}

/// Courses of the same reinforcement, hacked and prevented.
public struct HackingResult: Codable, Sendable, Equatable {
  /// What is done against hacking.
  public enum Remedy: String, Codable, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// A penalty for leaving the policy as it was.
    case leash
    /// A rule before the reward model: no more than three words.
    case gate
    /// A new reward model, from honest people who saw what the hacked policy writes.
    case repair
  }

  /// A look at a policy.
  public struct Point: Codable, Sendable, Equatable {
    /// The updates so far.
    public let update: Int
    /// The mean score of the reward model, which the policy is paid for.
    public let score: Double
    /// What people think of the same answers, which nobody pays for.
    public let value: Double
    /// The mean words of an answer.
    public let words: Double
    /// Greedy accuracy on sums, which no update asks for.
    public let accuracy: Double
  }

  /// One course.
  public struct Course: Codable, Sendable, Equatable {
    /// What is done.
    public let remedy: Remedy
    /// What became of its reward model.
    public let rewardModel: RewardReport
    /// The looks, the first before any update.
    public let points: [Point]

    /// The look at which people liked the answers best: where one should have stopped.
    public var best: Point? { points.max { ($0.value, $1.update) < ($1.value, $0.update) } }
  }

  /// The courses.
  public let courses: [Course]

  /// The course with a remedy.
  public subscript(remedy: Remedy) -> Course? { courses.first { $0.remedy == remedy } }
}

/// A policy that answers requests, a reward model with a flaw, and what comes of it.
///
/// The flaw is people's: they take length for quality. The policy finds it within some updates: the
/// score goes on rising while what the answers are worth falls.
/// Paper: DeepSeek-R1 (Nature), supplement B.5 and Fig. 6.
public struct HackingExperiment: Sendable {
  private let start: DeepSeekModel
  private let base: LanguageModel
  private let copy: @Sendable () -> DeepSeekModel
  private let plan: HackingPlan
  private let alphabet: TaskAlphabet
  private let requests: [Question], sums: [Question]

  /// Prepares the experiment.
  /// - Parameters:
  ///   - start: the policy from which every course starts; it is not changed.
  ///   - base: a second writer of answers, whose are worse.
  ///   - size: the digits of the sums by which a loss of reasoning would be seen.
  ///   - copy: makes a model of the same sizes, whose weights are overwritten.
  public init(
    _ start: DeepSeekModel, base: LanguageModel, plan: HackingPlan,
    size: Int = 5, alphabet: TaskAlphabet = .bilingual,
    copy: @escaping @Sendable () -> DeepSeekModel
  ) {
    self.start = start
    self.base = base
    self.copy = copy
    self.plan = plan
    self.alphabet = alphabet
    requests = QuestionMix.heldOut(.request, size: 4, count: plan.problems)
    sums = QuestionMix.heldOut(.sum, size: size, count: plan.problems)
  }

  /// Runs all courses.
  public func run() throws(TrainingError) -> HackingResult {
    let (flawed, flaw) = try people(plan.flawed, writers: [start.language, base])
    let (hacked, course) = try self.course(.none, flawed, flaw)
    var courses = [course]
    courses.append(try self.course(.leash, flawed, flaw).course)
    courses.append(try self.course(.gate, flawed, flaw).course)
    let (repaired, report) = try people(
      plan.repaired, writers: [start.language, base, hacked.language])
    courses.append(try self.course(.repair, repaired, report).course)
    return HackingResult(courses: courses)
  }

  private func people(_ plan: RewardPlan, writers: [LanguageModel])
    throws(TrainingError) -> (RewardModel, RewardReport)
  {
    let data = PreferenceData(of: writers, plan, alphabet: alphabet)
    let model = RewardModel(from: start.language, in: copy().language, alphabet: alphabet)
    let report = try data.train(model, plan)
    return (model, report)
  }

  private func course(
    _ remedy: HackingResult.Remedy, _ people: RewardModel, _ report: RewardReport
  ) throws(TrainingError) -> (policy: DeepSeekModel, course: HackingResult.Course) {
    let policy = copy()
    policy.copyWeights(from: start)
    var own = ReinforcementPlan()
    (own.updates, own.prompts, own.samples) = (plan.updates, plan.prompts, plan.samples)
    (own.rate, own.schedule, own.seed) = (plan.rate, .constant(), plan.seed)
    (own.requests, own.requestsAfter, own.problems) = (1, 0, 1)
    own.lookEvery = plan.updates
    own.penalty = remedy == .leash ? plan.penalty : 0
    own.mostWords = remedy == .gate ? RequestJudge.wanted : 0
    var run = ReinforcementRun(
      policy, twin: copy(), plan: own, people: people, alphabet: alphabet)
    var points = [point(0, policy.language, people)]
    while !run.isFinished {
      _ = try run.takeUpdate()
      if run.update % plan.lookEvery == 0 || run.isFinished {
        points.append(point(run.update, policy.language, people))
      }
    }
    return (
      policy, HackingResult.Course(remedy: remedy, rewardModel: report, points: points)
    )
  }

  private func point(
    _ update: Int, _ policy: LanguageModel, _ people: RewardModel
  ) -> HackingResult.Point {
    let rollout = Rollout(samples: 4, budget: 40, stops: [alphabet.end])
    let replies = policy.replies(to: requests, rollout, seed: plan.seed, in: alphabet)
      .flatMap { $0 }
    let valid = replies.filter(\.verdict.isValid)
    let scores = people.scores(of: valid.map { ($0.question, $0.verdict.answer ?? "") })
    return HackingResult.Point(
      update: update, score: scores.average { Double($0) },
      value: replies.average { RequestJudge.value(of: $0.verdict.answer, to: $0.question) },
      words: replies.average { Double($0.verdict.answer?.utf8.count ?? 0) },
      accuracy: policy.replies(to: sums, budget: 40, in: alphabet).portion(where: \.isRight))
  }
}
