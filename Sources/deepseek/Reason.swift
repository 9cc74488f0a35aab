import Attention
import CommandLine
import Foundation
import RL
import SmallR1
import Tensors

/// `deepseek reason`: from a base that guesses to a model that thinks.
struct Reason: Command {
  /// How far the making of R1 goes.
  enum StageChoice: String, CaseIterable, ArgumentValue {
    case zero
    case coldStart = "cold-start"
    case reasoning, rejection
    case allScenarios = "all-scenarios"
    case all

    /// The last stage.
    var last: Stage { self == .all ? .allScenarios : Stage(rawValue: rawValue) ?? .zero }
  }

  /// What is asked.
  enum Task: String, CaseIterable, ArgumentValue {
    case sums, products, languages
  }

  static let name = "reason"
  static let overview =
    "Teach a base to reason by reinforcement with rule rewards alone, or take it through the stages of R1; what is missing is made first."

  var stage: StageChoice?
  var task: Task?
  var base: URL?
  var out: URL?
  var resume: URL?
  var updates: Int?
  var minutes: Double?
  var baseSteps: Int?
  var rate: Double?
  var prompts: Int?
  var samples: Int?
  var method: PublishedMethod?
  var normalizer: ZeroPlan.Normalizer?
  var formatWeight: Double?
  var languageWeight: Double?
  var penalty: Double?
  var refresh: Int?
  var patience: Int?
  var probes = false
  var problems: Int?
  var ignoresGates = false
  var seed: UInt64?
  var threads: Int?
  var json = false

  static var inputs: [Input<Self>] {
    let plan = ZeroPlan()
    return [
      .option(
        "stage", \.stage, placeholder: "stage",
        "How far to go: zero is reinforcement on the base itself; each later stage makes those before it, if they are missing, in a setting with two languages. (default: zero)"
      ),
      .option(
        "task", \.task, placeholder: "task",
        "What is asked: the last digit of sums of digits, products of two digits by two, or sums in two languages, as all stages but zero do. (default: sums)"
      ),
      .option(
        "base", \.base, placeholder: "dir",
        "The model to start from. (default: a new one, trained for some minutes)"),
      .option(
        "out", \.out, placeholder: "dir",
        "The directory to write, with the best policy in best or each stage's in its own. (default: a new one in runs)"
      ),
      .option("resume", \.resume, placeholder: "dir", "Continue the run of a directory."),
      .option(
        "updates", \.updates, placeholder: "n", rule: .within(1...1_000_000),
        "The most updates, of each stage. (default: \(plan.updates); for stages as the chapter has them)"
      ),
      .option(
        "minutes", \.minutes, placeholder: "m", rule: .within(0.01...100_000),
        "Stop the updates after about so long."),
      .option(
        "base-steps", \.baseSteps, placeholder: "n", rule: .within(1...10_000_000),
        "The steps of a new base. (default: \(Reasoner.plan.steps), or \(BilingualBase.plan.steps) for two languages)"
      ),
      .option(
        "rate", \.rate, placeholder: "r", rule: .above(0),
        "The learning rate. (default: \(plan.rate))"),
      .option(
        "prompts", \.prompts, placeholder: "n", rule: .within(1...4096),
        "The questions of an update. (default: \(plan.prompts))"),
      .option(
        "samples", \.samples, placeholder: "n", rule: .within(2...256),
        "The responses to each question. (default: \(plan.samples))"),
      .option(
        "method", \.method, placeholder: "method",
        "A published method, with the objective of its paper. (default: the book's choice)"),
      .option(
        "normalizer", \.normalizer, placeholder: "rule",
        "What the tokens of a response are divided by. (default: constant)"),
      .option(
        "format-weight", \.formatWeight, placeholder: "w", rule: .within(0...10),
        "What thinking in the right form is paid, against 1 for a right answer. (default: 0)"),
      .option(
        "language-weight", \.languageWeight, placeholder: "w", rule: .within(0...10),
        "What a thought in the question's language is paid from the stage reasoning on. (default: \(StageReward.consistent.languageWeight))"
      ),
      .option(
        "penalty", \.penalty, placeholder: "b", rule: .within(0...100),
        "The weight of the penalty for leaving the base. (default: 0)"),
      .option(
        "refresh", \.refresh, placeholder: "n", rule: .within(0...1_000_000),
        "The updates after which the penalty counts from the present policy. (default: 0, never)"
      ),
      .option(
        "patience", \.patience, placeholder: "n", rule: .within(0...1_000_000),
        "The looks without a better policy that end a run; 0 never. (default: \(plan.patience))"
      ),
      .option(
        "problems", \.problems, placeholder: "n", rule: .within(10...10_000),
        "The held-out problems of each kind, before and after. (default: 500)"),
      .flag(
        "probes", \.probes,
        "Ask in other ways too: what is a thought worth, whole, cut short or false? After all stages: how is a reward model hacked, and what are more samples and longer thoughts worth?"
      ),
      .flag(
        "ignore-gates", \.ignoresGates,
        "Do not ask first whether the base has anything that could be reinforced."),
      .option(
        "seed", \.seed, placeholder: "n", "The seed of base, prompts and samples. (default: 0)"),
      .option(
        "threads", \.threads, placeholder: "n", rule: .within(1...256),
        "How many threads work; the result does not depend on it. (default: all cores)"),
      .flag("json", \.json, "Print the result as JSON."),
    ]
  }

  func validate() throws {
    if base != nil, baseSteps != nil {
      throw UsageError("--base-steps cannot be given with --base: the base is trained already.")
    }
    if probes, task == .products {
      throw UsageError("--probes goes only with the task sums.")
    }
    if isPipeline {
      try validatePipeline()
    } else if languageWeight != nil {
      throw UsageError("--language-weight goes only with stages after zero.")
    }
    if method != nil, normalizer != nil || penalty != nil {
      throw UsageError(
        "--\(normalizer != nil ? "normalizer" : "penalty") cannot be given with --method: the "
          + "method has decided it.")
    }
    guard resume != nil else { return }
    let fixed: [(String, Bool)] = [
      ("stage", (stage ?? .zero) != .zero && !isPipeline), ("task", task != nil),
      ("base", base != nil), ("out", out != nil),
      ("base-steps", baseSteps != nil), ("method", method != nil),
      ("rate", rate != nil), ("prompts", prompts != nil), ("samples", samples != nil),
      ("normalizer", normalizer != nil), ("format-weight", formatWeight != nil),
      ("language-weight", languageWeight != nil),
      ("penalty", penalty != nil), ("refresh", refresh != nil),
      ("patience", patience != nil), ("probes", probes && !isPipeline), ("seed", seed != nil),
    ]
    if let given = fixed.first(where: \.1)?.0 {
      throw UsageError("--\(given) cannot be given with --resume: the run has decided it.")
    }
  }

  /// Whether the stages of R1 are run, rather than reinforcement in one language alone.
  var isPipeline: Bool {
    if let resume { return RunFolder.holds(StagesFolder.wishesFile, resume) }
    return task == .languages || stage.map { $0 != .zero } ?? false
  }

  /// Refuses what the stages of R1 decide themselves.
  private func validatePipeline() throws {
    if let task, task != .languages {
      throw UsageError("--task \(task.rawValue) goes only with the stage zero.")
    }
    let others: [(String, Bool)] = [
      ("minutes", minutes != nil), ("rate", rate != nil), ("method", method != nil),
      ("normalizer", normalizer != nil),
      ("format-weight", formatWeight != nil), ("penalty", penalty != nil),
      ("refresh", refresh != nil), ("patience", patience != nil),
      ("ignore-gates", ignoresGates),
    ]
    if let given = others.first(where: \.1)?.0 {
      throw UsageError("--\(given) goes only with the stage zero in one language.")
    }
    if resume != nil, updates != nil || problems != nil {
      throw UsageError(
        "--\(updates != nil ? "updates" : "problems") cannot be given with --resume: the run has decided it."
      )
    }
  }

  /// The plan of all stages that the options describe.
  var pipeline: PipelinePlan {
    var plan = PipelinePlan(seed: seed ?? 0)
    func set(_ stage: inout ReinforcementPlan) {
      stage.updates = updates ?? stage.updates
      stage.prompts = prompts ?? stage.prompts
      stage.samples = samples ?? stage.samples
      if stage.reward != .accuracy {
        stage.reward.languageWeight = languageWeight ?? stage.reward.languageWeight
      }
    }
    set(&plan.zero)
    set(&plan.reasoning)
    set(&plan.allScenarios)
    return plan
  }

  /// The plan of the hacked reward models.
  var hacking: HackingPlan {
    var plan = HackingPlan()
    plan.updates = min(plan.updates, updates ?? plan.updates)
    plan.lookEvery = min(plan.lookEvery, plan.updates)
    plan.prompts = min(plan.prompts, prompts ?? plan.prompts)
    plan.samples = min(plan.samples, samples ?? plan.samples)
    plan.problems = min(plan.problems, problems ?? plan.problems)
    plan.seed = seed ?? 0
    plan.flawed.seed = plan.seed
    plan.repaired.seed = plan.seed
    return plan
  }

  /// The plan that the options describe.
  var plan: ZeroPlan {
    var plan = task == .products ? ZeroPlan.products : ZeroPlan()
    plan.updates = updates ?? plan.updates
    plan.rate = rate.map { Float($0) } ?? plan.rate
    plan.prompts = prompts ?? plan.prompts
    plan.samples = samples ?? plan.samples
    plan.method = method
    plan.normalizer = normalizer ?? plan.normalizer
    plan.reward.formatWeight = formatWeight ?? 0
    plan.penalty = penalty ?? 0
    plan.refreshEvery = refresh ?? 0
    plan.patience = patience ?? plan.patience
    plan.seed = seed ?? 0
    return plan
  }

  func run() throws {
    try Threads.with(threads ?? Threads.count) {
      Interrupt.listen()
      if isPipeline { return try runPipeline() }
      var run = try ReasonRun(self)
      try run.learn()
      let summary = try run.summary()
      Console.print(json ? summary.json.text(isIndented: false) : summary.text)
    }
  }
}

extension Reason {
  private func runPipeline() throws {
    let run = try StagesRun(self)
    try run.make()
    let summary = try run.summary()
    Console.print(json ? try summary.json() : summary.text)
  }
}

extension PublishedMethod: ArgumentValue {}
extension ZeroPlan.Normalizer: ArgumentValue {}
