import Attention
import Checkpoints
import CommandLine
import Distillation
import Foundation
import MTP
import RL
import SmallR1

/// What was asked of the making of R1, written before anything else.
struct StagesWishes: Codable {
  var seed: UInt64
  var plan: PipelinePlan
  var examination: StageExamination
  /// The last stage.
  var stage: Stage
  var baseSteps: Int?
  /// The path of the base, if it was given.
  var base: String?
  /// Whether reward models are hacked and thoughts are made longer and shorter at the end.
  var probes: Bool
  var hacking: HackingPlan
}

/// The folder of the five models: each in a directory of its own, with what it was made from.
struct StagesFolder {
  static let wishesFile = "stages.json"
  private static let finishedFile = "finished.json"
  private static let clockFile = "clock.json"
  private static let metricsFile = "metrics.jsonl"
  private static let samplesFile = "samples.jsonl"
  private static let rewardFile = "reward.safetensors"
  private static let reportFile = "reward.json"
  private static let hackingFile = "hacking.json"
  private static let testTimeFile = "test-time.json"
  private static let voicesFile = "voices.json"

  let url: URL
  let wishes: StagesWishes

  /// Begins a folder, or reads what it was begun with.
  init(_ options: Reason) throws {
    if let resume = options.resume {
      url = resume
      var wishes: StagesWishes = try RunFolder.read(Self.wishesFile, in: resume)
      guard wishes.plan.isPossible, wishes.examination.isPossible,
        wishes.hacking.isPossible
      else {
        throw Failure("\(resume.relativePath)/\(Self.wishesFile): its numbers make no plan.")
      }
      wishes.stage = options.stage?.last ?? wishes.stage
      wishes.probes = wishes.probes || options.probes
      self.wishes = wishes
      try RunFolder.write(wishes, Self.wishesFile, in: url)
      return
    }
    // What is named must be there before anything is made.
    if let base = options.base { _ = try SavedModel<DeepSeekModel>.open(base) }
    url = try options.out.map(RunFolder.checked) ?? RunFolder.next(for: "r1")
    guard !RunFolder.holds(Self.wishesFile, url) else {
      let path = url.relativePath
      throw Failure(
        "\(path) holds a run already; choose another --out, or go on with --resume \(path).")
    }
    var examination = StageExamination()
    examination.problems = options.problems ?? 500
    wishes = StagesWishes(
      seed: options.seed ?? 0, plan: options.pipeline, examination: examination,
      stage: (options.stage ?? .zero).last, baseSteps: options.baseSteps,
      base: options.base?.path, probes: options.probes, hacking: options.hacking)
    _ = try ModelDirectory(creating: url)
    try RunFolder.write(wishes, Self.wishesFile, in: url)
  }

  /// The words that continue this run.
  var howToGoOn: String { "deepseek reason --resume \(url.relativePath)" }

  /// The directory of a stage's model.
  func folder(_ stage: Stage) -> URL { url.appending(path: stage.rawValue) }

  /// The directory of the base.
  var baseFolder: URL {
    wishes.base.map { URL(fileURLWithPath: $0) } ?? url.appending(path: "base")
  }

  // MARK: What is done

  func isFinished(_ stage: Stage) -> Bool {
    RunFolder.holds(Self.finishedFile, folder(stage))
  }

  func finish(_ stage: Stage) throws {
    try RunFolder.write(true, Self.finishedFile, in: folder(stage))
  }

  /// The seconds that were spent in a directory so far.
  func seconds(in folder: URL) throws -> Double {
    RunFolder.holds(Self.clockFile, folder) ? try RunFolder.read(Self.clockFile, in: folder) : 0
  }

  func write(seconds: Double, in folder: URL) throws {
    try RunFolder.write(seconds, Self.clockFile, in: folder)
  }

  // MARK: Models

  func model(_ stage: Stage?) throws -> SavedModel<DeepSeekModel> {
    try .open(stage.map(folder) ?? baseFolder)
  }

  /// Writes a model, and what its next step needs, as one.
  func save(
    _ model: SavedModel<DeepSeekModel>, _ stage: Stage, state: (URL) throws -> Void
  ) throws {
    try ModelDirectory(opening: folder(stage)).save { staging in
      try model.write(into: staging)
      try state(staging)
    }
  }

  // MARK: Marks

  /// The marks of a model; it is examined if it was not yet.
  func marks(_ stage: Stage?, _ alphabet: TaskAlphabet) throws -> StageMarks {
    let name = "marks-\(stage?.rawValue ?? "base").json"
    if RunFolder.holds(name, url) { return try RunFolder.read(name, in: url) }
    let marks = wishes.examination.marks(
      of: try model(stage).model.language, alphabet: alphabet)
    try RunFolder.write(marks, name, in: url)
    return marks
  }

  // MARK: Examples and people

  /// The examples of a stage of fine-tuning: those of this run, or fresh ones.
  func examples(_ stage: Stage, _ alphabet: TaskAlphabet) throws -> TeacherSamples {
    let own = folder(stage)
    let file = own.appending(path: Self.samplesFile)
    if RunFolder.holds(Self.samplesFile, own) {
      let samples = try TeacherSamples(contentsOf: file, alphabet: alphabet)
      let longest = samples.examples.map(\.places).max() ?? 0
      let room = BilingualBase.plan.length
      guard longest <= room else {
        throw Failure(
          "\(file.relativePath): a sample takes \(longest) places of a row, which has \(room).")
      }
      return samples
    }
    let writer = try model(stage.writer).model.language
    let plan = wishes.plan
    let samples =
      stage == .coldStart
      ? try plan.coldStart.examples(by: writer, sizes: plan.sizes, alphabet: alphabet)
      : try plan.rejection.examples(by: writer, sizes: plan.sizes, alphabet: alphabet)
    try samples.write(to: file, alphabet: alphabet)
    return samples
  }

  /// The model of what people like: the one of this run, or a fresh one.
  func people(_ alphabet: TaskAlphabet) throws -> RewardModel {
    let own = folder(.allScenarios)
    let file = own.appending(path: Self.rewardFile)
    let start = try model(.rejection)
    let twin = DeepSeekModel(start.configuration, seed: 0).language
    if RunFolder.holds(Self.rewardFile, own) {
      return try RewardModel(contentsOf: file, in: twin, alphabet: alphabet)
    }
    let plan = wishes.plan.preference
    let writers = [start.model.language, try model(nil).model.language]
    let data = PreferenceData(of: writers, plan, alphabet: alphabet)
    let people = RewardModel(from: start.model.language, in: twin, alphabet: alphabet)
    let report = try data.train(people, plan)
    try RunFolder.write(report, Self.reportFile, in: own)
    try people.write(to: file)
    return people
  }

  /// What became of the reward model, if there is one.
  func rewardReport() throws -> RewardReport? {
    let own = folder(.allScenarios)
    return RunFolder.holds(Self.reportFile, own)
      ? try RunFolder.read(Self.reportFile, in: own) : nil
  }

  // MARK: Experiments

  /// What hacking a reward model does to Dev3.
  func hacking(_ alphabet: TaskAlphabet) throws -> HackingResult {
    if RunFolder.holds(Self.hackingFile, url) {
      return try RunFolder.read(Self.hackingFile, in: url)
    }
    Console.log("Hacking a reward model, four times.")
    let start = try model(.rejection)
    let configuration = start.configuration
    let experiment = HackingExperiment(
      start.model, base: try model(nil).model.language, plan: wishes.hacking,
      size: wishes.plan.sizes.lowerBound, alphabet: alphabet
    ) { DeepSeekModel(configuration, seed: 0) }
    let result = try experiment.run()
    try RunFolder.write(result, Self.hackingFile, in: url)
    return result
  }

  /// What more time is worth to R1, on the longest sums of its training and on longer ones.
  func testTime(_ alphabet: TaskAlphabet) throws -> TestTimeResult {
    if RunFolder.holds(Self.testTimeFile, url) {
      return try RunFolder.read(Self.testTimeFile, in: url)
    }
    Console.log("Giving R1 more and less time.")
    let longest = wishes.plan.sizes.upperBound
    let result = TestTimeResult(
      of: try model(.allScenarios).model.language, sizes: longest...longest + 2,
      problems: min(200, wishes.examination.problems), alphabet: alphabet)
    try RunFolder.write(result, Self.testTimeFile, in: url)
    return result
  }

  /// What the models say, and how often their thoughts begin again.
  func voices(_ alphabet: TaskAlphabet) throws -> StageVoices {
    if RunFolder.holds(Self.voicesFile, url) {
      return try RunFolder.read(Self.voicesFile, in: url)
    }
    Console.log("Asking all models the same questions.")
    var voices = StageVoices()
    for stage in [nil] + wishes.stage.path {
      voices.listen(
        to: try model(stage).model.language, named: stage?.model ?? "base",
        size: wishes.plan.sizes.upperBound, problems: min(250, wishes.examination.problems),
        alphabet: alphabet)
    }
    try RunFolder.write(voices, Self.voicesFile, in: url)
    return voices
  }

  // MARK: Metrics

  /// The updates that a stage is known to have done.
  func reports(_ stage: Stage, upTo update: Int) throws -> [ReinforcementReport] {
    let all: [ReinforcementReport] = try RunFolder.lines(Self.metricsFile, in: folder(stage))
    return all.filter { $0.update <= update }
  }

  func metrics(_ stage: Stage, after known: [ReinforcementReport]) throws -> FileHandle {
    try RunFolder.start(Self.metricsFile, in: folder(stage), with: known)
  }
}
