import Checkpoints
import CommandLine
import FullScale

/// What `deepseek describe --cluster` is asked.
struct ClusterOptions {
  var isAsked = false
  var gpu: AcceleratorWord?
  var gpus: Int?
  var days: Double?
  var tokens: Double?
  var budget: Double?
  var rent: Double?
  var mfu: Double?

  /// The options that mean nothing without `--cluster`.
  var given: [String] {
    let all: [(String, Bool)] = [
      ("--gpu", gpu != nil), ("--gpus", gpus != nil), ("--days", days != nil),
      ("--tokens", tokens != nil), ("--budget", budget != nil), ("--rent", rent != nil),
      ("--mfu", mfu != nil),
    ]
    return all.filter(\.1).map(\.0)
  }

  /// Checks what no single option can.
  func validate() throws(UsageError) {
    if !isAsked, let option = given.first {
      throw UsageError("\(option) goes only with --cluster.")
    }
    if gpus != nil, days != nil {
      throw UsageError("--gpus and --days each decide how many there are; give one of them.")
    }
    if tokens != nil, budget != nil {
      throw UsageError("--tokens and --budget each decide how long to train; give one of them.")
    }
  }

  /// The answer for a model.
  func plan(for model: DecoderConfiguration) -> ClusterPlan? {
    var question = ClusterQuestion(model, on: gpu?.accelerator ?? .h800)
    question.context = max(1, min(question.context, model.trainedPositions))
    if let rent { question.rent = rent }
    if let mfu { question.utilization = mfu }
    if let tokens { question.tokens = tokens }
    guard let estimate = question.estimate else { return nil }
    if let budget { question.tokens = estimate.tokens(for: budget) }
    if let gpus { question.cards = gpus }
    if let days, let needed = question.estimate?.cards(within: days) {
      question.cards = Self.round(needed, for: question)
    }
    return ClusterPlan(question)
  }
}

extension ClusterOptions {
  /// As many cards as are needed, rounded up to a number that some layout divides.
  private static func round(_ needed: Double, for question: ClusterQuestion) -> Int {
    let counts = [1, 8, 64, 128, 256, 512, 1024, 2048, 4096].map { step in
      max(1, Int((needed / Double(step)).rounded(.up))) * step
    }
    let fitting = counts.first { count in
      var candidate = question
      candidate.cards = count
      return !candidate.layouts().isEmpty
    }
    return fitting ?? counts[0]
  }
}

/// A card as it is written on the command line.
struct AcceleratorWord: ArgumentValue {
  let accelerator: Accelerator

  init?(argument: String) {
    guard let accelerator = Accelerator.named(argument) else { return nil }
    self.accelerator = accelerator
  }

  var argumentText: String { accelerator.name }

  static var choices: [String] { Accelerator.all.map(\.name) }
}
