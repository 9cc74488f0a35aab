import Attention
import Checkpoints
import CommandLine
import Foundation
import MTP
import RL

/// What was asked of a run, written before anything else: a base may be interrupted too.
struct ReasonWishes: Codable {
  var plan: ZeroPlan
  var problems: Int
}

/// The files of a run, and what is done once at its start.
enum ReasonFolder {
  private static let wishesFile = "reason.json"
  private static let marksFile = "before.json"
  private static let probesFile = "probes.json"
  private static let metricsFile = "metrics.jsonl"

  /// What this run is to do: what the options say, or what they said when it began.
  static func wishes(_ options: Reason, in folder: URL) throws -> ReasonWishes {
    guard options.resume != nil else {
      return ReasonWishes(plan: options.plan, problems: options.problems ?? 500)
    }
    var wishes: ReasonWishes = try RunFolder.read(wishesFile, in: folder)
    guard (1...100_000).contains(wishes.problems) else {
      throw Failure(
        "\(folder.appending(path: wishesFile).relativePath): its numbers make no plan.")
    }
    wishes.plan.updates = options.updates ?? wishes.plan.updates
    return wishes
  }

  /// The base that was named, or one that is trained now.
  static func base(
    _ options: Reason, _ wishes: ReasonWishes, in folder: URL
  ) throws -> SavedModel<DeepSeekModel> {
    if let base = options.base { return try .open(base) }
    let own = folder.appending(path: "base")
    if options.resume != nil {
      guard RunFolder.holds("trainer.json", own) else {
        throw Failure("\(folder.relativePath) holds no run that could be resumed.")
      }
      var training = try BaseTraining(resuming: own, for: wishes.plan.task)
      return try training.finish(resumingWith: folder)
    }
    _ = try ModelDirectory(creating: folder)
    try RunFolder.write(wishes, wishesFile, in: folder)
    var training = try BaseTraining(
      in: own, for: wishes.plan.task, steps: options.baseSteps, seed: wishes.plan.seed)
    return try training.finish(resumingWith: folder)
  }

  /// Opens the gates for a base and gives it its marks, before any time is spent on updates.
  static func examined(
    _ base: SavedModel<DeepSeekModel>, _ run: ZeroRun, _ wishes: ReasonWishes,
    in folder: URL, _ options: Reason
  ) throws -> ReasonerMarks {
    let places = run.alphabet.prompt("").count + run.plan.longestQuestion + run.plan.budget
    guard places <= base.configuration.maximumPositions else {
      throw Failure(
        "The base's context of \(base.configuration.maximumPositions) tokens is too short: a question "
          + "and its response take \(places).")
    }
    if !options.ignoresGates { try passGates(base, run) }
    let marks = marks(of: base.model, run, problems: wishes.problems)
    _ = try ModelDirectory(creating: folder)
    try RunFolder.write(wishes, wishesFile, in: folder)
    try RunFolder.write(marks, marksFile, in: folder)
    if options.probes {
      let probes = ThinkingMarks(
        of: base.model.language, size: run.plan.smallest, problems: min(300, wishes.problems),
        alphabet: run.alphabet)
      try RunFolder.write(probes, probesFile, in: folder)
    }
    return marks
  }

  /// The examination of a policy in what a run trains, and in the controls.
  static func marks(of model: DeepSeekModel, _ run: ZeroRun, problems: Int) -> ReasonerMarks {
    ReasonerMarks(
      of: model.language, task: run.plan.task, sizes: run.plan.sizes, problems: problems,
      budget: max(40, run.plan.budget), alphabet: run.alphabet)
  }

  /// Refuses a base in which there is nothing to reinforce.
  private static func passGates(_ base: SavedModel<DeepSeekModel>, _ run: ZeroRun) throws {
    let gates = GateReport(
      of: base.model.language, task: run.plan.task, sizes: run.plan.sizes,
      examination: Examination(alphabet: run.alphabet, budget: run.plan.budget, samples: 8))
    for size in gates.sizes {
      Console.log(
        "Gates, \(size.size) digits: pass@1 \(decimal(size.passAt1)), "
          + "pass@8 \(decimal(size.passAt8)), without a thought \(decimal(size.direct)), "
          + "with one \(decimal(size.thinking)).")
    }
    guard gates.complaints.isEmpty else {
      throw Failure(
        gates.complaints.joined(separator: "\n") + "\nTry it all the same with --ignore-gates.")
    }
  }

  /// The marks of the base of a run.
  static func marks(in folder: URL) throws -> ReasonerMarks {
    try RunFolder.read(marksFile, in: folder)
  }

  /// What a thought is worth to the base, if it was asked.
  static func probes(in folder: URL) throws -> ThinkingMarks? {
    RunFolder.holds(probesFile, folder) ? try RunFolder.read(probesFile, in: folder) : nil
  }

  /// The updates that a run is known to have done.
  static func reports(in folder: URL, upTo update: Int) throws -> [UpdateReport] {
    let all: [UpdateReport] = try RunFolder.lines(metricsFile, in: folder)
    return all.filter { $0.update <= update }
  }

  /// Starts `metrics.jsonl` with the lines that are known.
  static func metrics(in folder: URL, after known: [UpdateReport]) throws -> FileHandle {
    try RunFolder.start(metricsFile, in: folder, with: known)
  }
}
