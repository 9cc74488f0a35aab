import Attention
import CommandLine
import FP8
import Figures

extension FP8Demo {
  /// Trains in FP32 and in FP8 from one seed, and for the book's figures in other ways too.
  mutating func train(isWhole: Bool) throws {
    let steps = 120
    Console.print("\(steps) steps of a small V3, beside the same in FP32; losses smoothed")
    let lesson = try FP8Lesson(seed: seed, steps: steps)
    var trial = try PrecisionTrial(
      .fp8, of: FP8Lesson.sizes, plan: lesson.plan, tokens: lesson.tokens)
    for _ in 0..<steps { try trial.takeStep() }
    let reference = trial.referenceLosses
    let held = trial.models.reference.evaluate(lesson.held)
    note("train.steps", steps)
    note("train.parameters", trial.models.tried.parameterCount)
    note("train.fp32.loss", held)
    report("FP32", "loss on other text \(Self.digits(held, 4))")
    var courses: [(course: FP8Course, losses: [Double])] = []
    let others = FP8Course.allCases.filter { $0 != .fp32 }
    for course in isWhole ? others : [.fp8] {
      let (losses, loss) =
        course == .fp8
        ? (trial.losses, trial.models.tried.evaluate(lesson.held))
        : try lesson.losses(of: course)
      courses.append((course, losses))
      tell(course.title, course.rawValue, losses, reference, loss)
    }
    if isWhole { try trainAgain(steps: steps) }
    watchGradients(of: trial.models.reference, on: lesson.held[0])
    Console.print()
    drawDifferences(courses, reference)
  }

  /// The same comparison from the next seed.
  private mutating func trainAgain(steps: Int) throws {
    let lesson = try FP8Lesson(seed: seed + 1, steps: steps)
    var trial = try PrecisionTrial(
      .fp8, of: FP8Lesson.sizes, plan: lesson.plan, tokens: lesson.tokens)
    for _ in 0..<steps { try trial.takeStep() }
    tell(
      "FP8, next seed", "fp8-again", trial.losses, trial.referenceLosses,
      trial.models.tried.evaluate(lesson.held))
    let (losses, held) = try lesson.losses(of: .moments)
    tell("moments, next", "moments-again", losses, trial.referenceLosses, held)
  }

  /// Compares the second half of the smoothed curves, when the loss has stopped falling fast.
  private mutating func tell(
    _ title: String, _ key: String, _ losses: [Double], _ reference: [Double], _ held: Double
  ) {
    let all = PrecisionTrial.relativeDifferences(of: losses, from: reference)
    let late = all[(all.count / 2)...]
    let mean = late.reduce(0, +) / Double(late.count)
    let size = late.reduce(0) { $0 + abs($1) } / Double(late.count)
    let largest = late.map(abs).max() ?? 0
    report(
      title,
      "\(Self.digits(held, 4)); late differences: on average \(Self.percent(size)), at most "
        + "\(Self.percent(largest)), with their signs \(Self.percent(mean))")
    note("train.\(key).loss", held)
    note("train.\(key).late-mean", 100 * size)
    note("train.\(key).late-largest", 100 * largest)
    note("train.\(key).late-signed", 100 * mean)
    note("train.\(key).largest", 100 * (all.map(abs).max() ?? 0))
  }

  private mutating func drawDifferences(
    _ courses: [(course: FP8Course, losses: [Double])], _ reference: [Double]
  ) {
    draw(
      "differences",
      LineChart(
        title: "How far the loss lies from that in FP32",
        description:
          "The relative difference of the smoothed loss from that of a training in FP32, over the "
          + "steps, in per cent. FP8, BF16, and a training in FP32 whose first weights were rounded "
          + "once lie within one per cent of it, on both sides. With gradients in square blocks the "
          + "loss ends more than two per cent above.",
        xLabel: "step", yLabel: "difference of the smoothed loss (%)",
        series: courses.filter { ![.e5m2, .order, .moments].contains($0.course) }
          .enumerated().map { index, entry in
            let all = PrecisionTrial.relativeDifferences(of: entry.losses, from: reference)
            return .init(
              entry.course.title, Self.points(all.map { 100 * $0 }), ink: .series(index))
          },
        references: [.init("0.25 %", y: 0.25), .init("−0.25 %", y: -0.25)]))
  }

  private static func points(_ values: [Double]) -> [(x: Double, y: Double)] {
    values.enumerated().map { (Double($0 + 1), $1) }
  }
}
