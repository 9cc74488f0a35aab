import Attention
import CommandLine
import FP8
import Figures
import Foundation

/// The claim of a quarter of a per cent, in runs of which each takes a minute or two.
///
/// From each of some seeds: FP32, what is tried, and FP32 once more from first weights that were
/// rounded. The last differs from the first by nothing that matters, so it tells how small a
/// difference can be seen.
struct FP8LongDemo: Demonstration {
  static let name = "06-fp8-long"
  static let margin = 20

  private static let steps = 1000
  private static let seeds = 3
  /// What is compared with FP32.
  private static let courses: [FP8Course] = [.fp8, .bf16, .start]
  /// V3's smoothing forgets a tenth at each step, the heavier one a hundredth.
  private static let light = 0.9
  private static let heavy = 0.99

  /// The first of the seeds.
  let seed: UInt64
  var findings = Findings()

  init(seed: UInt64) { self.seed = seed }

  /// How one training of one seed compares with that in FP32.
  private struct Comparison {
    /// (s − r) / r after each step, with both smoothed as V3 did, and more.
    let light, heavy: [Double]
    /// The same for the loss on other text, at the end.
    let held: Double

    /// The mean of the second half, of the differences or of their sizes.
    static func late(_ values: [Double], _ map: (Double) -> Double = { $0 }) -> Double {
      let half = values[(values.count / 2)...]
      return half.reduce(0) { $0 + map($1) } / Double(half.count)
    }
  }

  mutating func run() throws {
    Console.print(
      "\(Self.seeds) seeds, \(Self.steps) steps of a small V3 each, beside the same in FP32")
    note("long.steps", Self.steps)
    note("long.seeds", Self.seeds)
    var found: [FP8Course: [Comparison]] = [:]
    for index in 0..<Self.seeds {
      let lesson = try FP8Lesson(
        seed: seed + UInt64(index), steps: Self.steps, bytes: 1_500_000)
      let reference = try lesson.losses(of: .fp32)
      if index == 0 { note("long.tokens", lesson.plan.tokensPerStep * Self.steps) }
      report("seed \(index), FP32", "loss on other text \(Self.digits(reference.held, 4))")
      for course in Self.courses {
        let tried = try lesson.losses(of: course)
        func differences(_ keep: Double) -> [Double] {
          PrecisionTrial.relativeDifferences(of: tried.each, from: reference.each, keep: keep)
        }
        let comparison = Comparison(
          light: differences(Self.light), heavy: differences(Self.heavy),
          held: (tried.held - reference.held) / reference.held)
        found[course, default: []].append(comparison)
        tell(comparison, "seed \(index), \(course.title)")
      }
    }
    Console.print()
    for course in Self.courses { conclude(course, found[course] ?? []) }
    draw(found)
  }

  private func tell(_ comparison: Comparison, _ name: String) {
    let (light, heavy) = (comparison.light, comparison.heavy)
    report(
      name,
      "late differences: \(FP8Demo.percent(Comparison.late(light, abs))) in size, "
        + "\(FP8Demo.percent(Comparison.late(heavy, abs))) smoothed more, "
        + "\(FP8Demo.percent(Comparison.late(light), 3)) with their signs; "
        + "on other text \(FP8Demo.percent(comparison.held, 3))")
  }

  /// Notes the mean over the seeds and, as s / √n, how far it may be from that of all seeds.
  private mutating func conclude(_ course: FP8Course, _ all: [Comparison]) {
    let key = "long.\(course.rawValue)"
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let signed = all.map { 100 * Comparison.late($0.light) }
    let sizes = all.map { 100 * Comparison.late($0.light, abs) }
    let heavySizes = all.map { 100 * Comparison.late($0.heavy, abs) }
    let held = all.map { 100 * $0.held }
    let squares = signed.reduce(0) { $0 + ($1 - mean(signed)) * ($1 - mean(signed)) }
    let error = (squares / Double(all.count - 1) / Double(all.count)).squareRoot()
    note("\(key).size", mean(sizes))
    note("\(key).size-largest", sizes.max() ?? 0)
    note("\(key).size-heavy", mean(heavySizes))
    note("\(key).size-heavy-largest", heavySizes.max() ?? 0)
    note("\(key).signed", mean(signed))
    note("\(key).signed-error", error)
    note("\(key).held", mean(held))
    for (index, value) in signed.enumerated() { note("\(key).signed-\(index)", value) }
    report(
      course.title,
      "with signs \(Self.digits(mean(signed), 3)) ± \(Self.digits(error, 3)) %, "
        + "in size \(Self.digits(mean(sizes), 3)) %, smoothed more "
        + "\(Self.digits(mean(heavySizes), 3)) %; on other text \(Self.digits(mean(held), 3)) %"
    )
  }

  private mutating func draw(_ found: [FP8Course: [Comparison]]) {
    let series = Self.courses.enumerated().flatMap { place, course in
      (found[course] ?? []).enumerated().map { index, comparison in
        // A point in ten steps is enough for a curve so smooth.
        let points = stride(from: 9, to: comparison.heavy.count, by: 10).map {
          (x: Double($0 + 1), y: 100 * comparison.heavy[$0])
        }
        return LineChart.Series(
          index == 0 ? course.title : "", points, ink: .series(place))
      }
    }
    draw(
      "long",
      LineChart(
        title: "How far the loss lies from that in FP32, in longer runs",
        description:
          "The relative difference of the heavily smoothed loss from that of a training in FP32, "
          + "over the steps, in per cent: FP8, BF16 and an FP32 training from rounded first weights, "
          + "each from several seeds. The three colours lie among each other.",
        xLabel: "step", yLabel: "difference of the smoothed loss (%)", series: series,
        references: [.init("0.25 %", y: 0.25), .init("−0.25 %", y: -0.25)]))
  }
}
