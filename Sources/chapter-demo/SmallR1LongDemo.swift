import Attention
import CommandLine
import Distillation
import Foundation
import MTP
import RL
import SmallR1
import Tensors

/// The whole chapter once more through its public functions.
///
/// A base, five models, a hacked reward model and more time for an answer. It takes about as long
/// as `deepseek reason --stage all --probes`, and writes no model.
struct SmallR1LongDemo: Demonstration {
  static let name = "11-small-r1-long"
  static let margin = 22

  let seed: UInt64
  var findings = Findings()

  init(seed: UInt64) { self.seed = seed }

  mutating func run() throws {
    let plan = PipelinePlan(seed: seed)
    var models: [R1Stage: DeepSeekModel] = [:]
    let base = try trainedBase()
    var voices = StageVoices()
    tell("base", base, &voices)
    for stage in R1Stage.allCases {
      let model = Self.copy(of: stage.start.flatMap { models[$0] } ?? base)
      if let own = plan.reinforcement(of: stage) {
        let people = try own.requests > 0 ? self.people(plan, model, base) : nil
        var run = ReinforcementRun(model, twin: Self.blank(), plan: own, people: people)
        while !run.isFinished { _ = try run.takeUpdate() }
      } else if let own = plan.tuning(of: stage),
        let writer = stage.writer.flatMap({ models[$0] })
      {
        let samples =
          stage == .coldStart
          ? try plan.coldStart.examples(by: writer.language, sizes: plan.sizes)
          : try plan.rejection.examples(by: writer.language, sizes: plan.sizes)
        try Self.tune(model, on: samples.examples, own)
      }
      models[stage] = model
      tell(stage.model, model, &voices)
    }
    Console.print()
    for voice in voices.voices {
      report(voice.name, voice.replies.joined(separator: "  "))
    }
    guard let start = models[.rejection], let last = models[.allScenarios] else { return }
    try hack(start, base)
    giveTime(to: last, sizes: plan.sizes)
  }

  // MARK: Parts

  private func trainedBase() throws -> DeepSeekModel {
    var plan = BilingualBase.plan
    plan.seed = seed
    var trainer = Trainer(
      DeepSeekModel(BilingualBase.model, seed: seed), plan: plan,
      batches: BilingualBase.examples(plan))
    while !trainer.isFinished { _ = try trainer.takeStep() }
    return trainer.model
  }

  private static func blank() -> DeepSeekModel { DeepSeekModel(BilingualBase.model, seed: 0) }

  private static func copy(of model: DeepSeekModel) -> DeepSeekModel {
    let copy = blank()
    copy.copyWeights(from: model)
    return copy
  }

  private static func tune(
    _ model: DeepSeekModel, on examples: [Example], _ plan: TuningPlan
  ) throws {
    var trainer = Trainer(
      model, plan: plan.training(on: examples.count),
      batches: ExampleEpochs(examples, sequences: plan.sequences, seed: plan.seed))
    while !trainer.isFinished { _ = try trainer.takeStep() }
  }

  private func people(
    _ plan: PipelinePlan, _ start: DeepSeekModel, _ base: DeepSeekModel
  ) throws -> RewardModel {
    let data = PreferenceData(of: [start.language, base.language], plan.preference)
    let people = RewardModel(from: start.language, in: Self.blank().language)
    let report = try data.train(people, plan.preference)
    self.report(
      "a reward model",
      "\(report.trained) pairs, agrees with the truth in \(Self.digits(report.agreement, 3))")
    return people
  }

  // MARK: What is told

  private mutating func tell(
    _ name: String, _ model: DeepSeekModel, _ voices: inout StageVoices
  ) {
    let marks = StageExamination().marks(of: model.language)
    voices.listen(to: model.language, named: name)
    for mark in StageTable.marks {
      note("long.\(name).\(mark.name.replacing(" ", with: "-"))", mark.of(marks))
    }
    report(
      name,
      StageTable.marks.map { "\($0.name) \(Self.digits($0.of(marks), 3))" }
        .joined(separator: ", "))
  }

  private mutating func hack(_ start: DeepSeekModel, _ base: DeepSeekModel) throws {
    var plan = HackingPlan()
    plan.seed = seed
    plan.flawed.seed = seed
    plan.repaired.seed = seed
    let result = try HackingExperiment(start, base: base.language, plan: plan) { Self.blank() }
      .run()
    for course in result.courses {
      guard let first = course.points.first, let last = course.points.last else { continue }
      report(
        "hacked, \(course.remedy.rawValue)",
        "score \(Self.digits(first.score, 2)) → \(Self.digits(last.score, 2)), worth "
          + "\(Self.digits(first.value, 2)) → \(Self.digits(last.value, 2))")
      note("long.hacking.\(course.remedy.rawValue).value", last.value)
    }
  }

  private func giveTime(to model: DeepSeekModel, sizes: ClosedRange<Int>) {
    let longest = sizes.upperBound
    let result = TestTimeResult(of: model.language, sizes: longest...longest + 2, problems: 200)
    for size in result.sizes {
      report(
        "\(size.digits) digits",
        size.votes.map { "cons@\($0.samples) \(Self.digits($0.consensus, 2))" }
          .joined(separator: ", "))
    }
  }
}
