import Attention
import Checkpoints
import MTP
import Tensors

/// The experiments of the chapter: all on one small model, all compared at equal tokens.
public struct CodeExperiments: Sendable {
  /// The model.
  public var sizes = CodeReader.sizes
  /// The tokens of a batch.
  public var budget = 2048
  /// The statements of the programs that train.
  public var lengths = 1...3
  /// The statements of the programs with holes.
  public var middleLengths = 1...2
  /// The questions of each task and length, and the holes of an examination.
  public var problems = 200
  /// The most tokens of a response: a search through ten inputs of a longest program.
  public var responseBudget = 120
  /// The seed of weights and texts.
  public var seed: UInt64 = 0
  /// Told of the progress: the step and its loss.
  public var onStep: @Sendable (Int, Double) -> Void = { _, _ in }

  /// The experiments as the book has them.
  public init() {}

  private var sampler: ProgramSampler { ProgramSampler(lengths: lengths) }

  /// Trains at some rate of rearranged documents, and lets the model fill holes.
  public func middle(rate share: Double, steps: Int) throws -> (MiddleTrial, DeepSeekModel) {
    let sampler = ProgramSampler(lengths: middleLengths)
    let source = MiddleSource(sampler, rate: share, budget: budget, seed: seed)
    let model = DeepSeekModel(sizes, seed: seed)
    let (seconds, _) = try trained(model, on: source, steps: steps)
    let report = MiddleTrial(
      of: model, trainedOn: source, steps: steps, seconds: seconds,
      inPrograms: MiddleExamination(sampler, .programs, count: 5 * problems, seed: seed),
      anywhere: MiddleExamination(sampler, .documents, count: 5 * problems, seed: seed))
    return (report, model)
  }

  /// Trains on one lesson, and asks questions about programs up to one statement longer.
  public func lesson(
    _ lesson: ProblemSource.Lesson, tasks: [ProgramProblem.Task] = [.output, .input],
    steps: Int
  ) throws -> (LessonTrial, DeepSeekModel) {
    let source = ProblemSource(tasks, lesson, from: sampler, budget: budget, seed: seed)
    let model = DeepSeekModel(sizes, seed: seed)
    let (seconds, losses) = try trained(model, on: source, steps: steps)
    let marks =
      lesson == .code
      ? nil
      : ProgramTrial(
        of: model.language, tasks: tasks, lengths: lengths.lowerBound...lengths.upperBound + 1,
        count: problems, budget: responseBudget)
    return (
      LessonTrial(source, steps: steps, seconds: seconds, losses: losses, marks: marks), model
    )
  }

  /// Teaches sums to a model that has read something before, or to a fresh one.
  public func transfer(
    from start: DeepSeekModel?, named name: String, steps: Int, every interval: Int
  ) throws -> TransferTrial {
    let source = SumSource(budget: budget, seed: seed)
    let model = start.map(copy) ?? DeepSeekModel(sizes, seed: seed)
    var points: [TransferTrial.Point] = []
    func look(_ step: Int, _ model: DeepSeekModel) {
      points.append(
        TransferTrial.point(
          step: step, tokens: source.census(batches: step).tokens, of: model.language,
          problems: min(problems, 100)))
    }
    look(0, model)
    let (seconds, _) = try trained(model, on: source, steps: steps) { step, model in
      if step % interval == 0 { look(step, model) }
    }
    return TransferTrial(start: name, points: points, seconds: seconds)
  }

  /// Goes on from a model that knows the traces, without and with conversations that revise its
  /// own wrong answers.
  public func revision(
    from start: DeepSeekModel, steps: Int, asked: Int, share: Double
  ) throws -> RevisionTrial {
    let tasks: [ProgramProblem.Task] = [.output, .input]
    // Other programs than those of the first training.
    let questions = ProblemSource(
      tasks, from: sampler, budget: budget, seed: SplitMix64(seed: seed).branch(1).state)
    let wrong = RevisionTrial.wrongAnswers(
      of: start.language, to: questions, count: asked, budget: responseBudget)
    let fresh = ProblemSource(
      tasks, from: sampler, budget: budget, seed: SplitMix64(seed: seed).branch(2).state)
    let arms = try [(0, false), (share, false), (share, true)].map { share, scoresFirst in
      let revisions = wrong.map { $0.revisionText(scoringFirst: scoresFirst) }
      let source = RevisionSource(fresh, revisions: revisions, share: share)
      let model = copy(start)
      _ = try trained(model, on: source, steps: steps)
      let examinations = tasks.map { task in
        (
          task,
          ProgramExamination(
            task, from: sampler, count: 2 * problems, budget: responseBudget, seed: seed)
        )
      }
      return RevisionTrial.Arm(
        of: model.language, share: share, scoresFirst: scoresFirst, steps: steps,
        tokens: source.census(batches: steps).tokens,
        Dictionary(uniqueKeysWithValues: examinations))
    }
    return RevisionTrial(asked: asked, collected: wrong.count, arms: arms)
  }

  /// A model with the same weights that trains apart.
  public func copy(_ model: DeepSeekModel) -> DeepSeekModel {
    let copy = DeepSeekModel(sizes, seed: seed)
    for (new, old) in zip(copy.namedParameters, model.namedParameters) {
      new.parameter.value = old.parameter.value
    }
    return copy
  }

  private func trained(
    _ model: DeepSeekModel, on source: some TextSource, steps: Int,
    onStep look: (Int, DeepSeekModel) -> Void = { _, _ in }
  ) throws -> (seconds: Double, losses: [Double]) {
    let plan = CodeReader.plan(steps: steps, budget: budget, seed: seed)
    var losses: [Double] = []
    let time = try ContinuousClock().measure {
      try CodeReader.train(model, on: source, plan: plan) { report, model in
        losses.append(report.loss)
        onStep(report.step, report.loss)
        look(report.step, model)
      }
    }
    return (time / .seconds(1), losses)
  }
}
