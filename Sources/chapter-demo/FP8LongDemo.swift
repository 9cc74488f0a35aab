import Attention
import CommandLine
import FP8
import Figures
import Foundation
import Tensors
import Text

/// The claim of a quarter of a per cent, in runs of which each takes a minute or two.
///
/// From each of some seeds a training in FP32, and three that branch off from it: in FP8, in BF16, and
/// in FP32 from weights that were rounded once. The last is disturbed by nothing that matters, so it
/// tells how small a difference can be seen; and once it branches off at the very beginning.
struct FP8LongDemo: Demonstration {
  static let name = "06-fp8-long"
  static let margin = 26

  private static let steps = 1000
  private static let trunkSteps = 400
  private static let seeds = 2
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

    init(_ tried: FP8Trunk.Branch, _ reference: FP8Trunk.Branch) {
      func differences(_ keep: Double) -> [Double] {
        PrecisionTrial.relativeDifferences(of: tried.losses, from: reference.losses, keep: keep)
      }
      (light, heavy) = (differences(FP8LongDemo.light), differences(FP8LongDemo.heavy))
      held = (tried.held - reference.held) / reference.held
    }

    /// The mean of the last half of a whole run, of differences or of their sizes, in per cent.
    static func late(_ values: [Double], _ map: (Double) -> Double = { $0 }) -> Double {
      let half = values.suffix(FP8LongDemo.steps / 2)
      return 100 * half.reduce(0) { $0 + map($1) } / Double(half.count)
    }
  }

  mutating func run() throws {
    Console.print(
      "\(Self.seeds) seeds, \(Self.steps) steps of a small V3 in FP32; after \(Self.trunkSteps) "
        + "steps others branch off")
    note("long.steps", Self.steps)
    note("long.trunk", Self.trunkSteps)
    note("long.seeds", Self.seeds)
    var found: [FP8Course: [Comparison]] = [:]
    for index in 0..<Self.seeds {
      let lesson = try lesson(seed: seed + UInt64(index))
      note("long.tokens", lesson.plan.tokensPerStep * Self.steps)
      try Self.withFolder { folder in
        let trunk = try FP8Trunk(lesson, steps: Self.trunkSteps, in: folder)
        let reference = try trunk.branch(.fp32)
        let digits = Self.digits(reference.held, 4)
        report("seed \(index), FP32", "loss on other text \(digits)")
        note("long.fp32.loss-\(index)", reference.held)
        for course in Self.courses {
          let comparison = try Comparison(trunk.branch(course), reference)
          found[course, default: []].append(comparison)
          tell(comparison, "seed \(index), \(course.title)")
        }
        guard index == 0 else { return }
        let (losses, held) = try lesson.losses(of: .start)
        let other = FP8Trunk.Branch(losses: Array(losses[Self.trunkSteps...]), held: held)
        let apart = Comparison(other, reference)
        tell(apart, "seed \(index), from step 0")
        note("long.apart.size", Comparison.late(apart.light, abs))
        note("long.apart.signed", Comparison.late(apart.light))
        note("long.apart.held", 100 * apart.held)
      }
    }
    Console.print()
    for course in Self.courses { conclude(course.title, course.rawValue, found[course] ?? []) }
    draw(found)
  }

  /// Stories only: when a model finds out how to add is a matter of chance.
  private func lesson(seed: UInt64) throws -> FP8Lesson {
    var generator = SplitMix64(seed: seed)
    func text(_ bytes: Int) -> String {
      var text = ""
      while text.utf8.count < bytes {
        text += DocumentSource.document(.story, using: &generator).text
      }
      return text
    }
    return try FP8Lesson(
      seed: seed, steps: Self.steps, text: text(1_500_000), otherText: text(24_000))
  }

  private static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fp8-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func tell(_ comparison: Comparison, _ name: String) {
    report(
      name,
      "late differences: \(Self.digits(Comparison.late(comparison.light, abs), 3)) % in size, "
        + "\(Self.digits(Comparison.late(comparison.heavy, abs), 3)) % smoothed more, "
        + "\(Self.digits(Comparison.late(comparison.light), 3)) % with their signs; "
        + "on other text \(FP8Demo.percent(comparison.held, 3))")
  }

  /// Notes the mean over the seeds and, as s / √n, how far it may be from that of all seeds.
  private mutating func conclude(_ title: String, _ key: String, _ all: [Comparison]) {
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let signed = all.map { Comparison.late($0.light) }
    let size = mean(all.map { Comparison.late($0.light, abs) })
    let heavySize = mean(all.map { Comparison.late($0.heavy, abs) })
    let held = mean(all.map { 100 * $0.held })
    let squares = signed.reduce(0) { $0 + ($1 - mean(signed)) * ($1 - mean(signed)) }
    let error = (squares / Double(max(all.count - 1, 1)) / Double(all.count)).squareRoot()
    note("long.\(key).size", size)
    note("long.\(key).size-heavy", heavySize)
    note("long.\(key).signed", mean(signed))
    note("long.\(key).signed-error", error)
    note("long.\(key).held", held)
    report(
      title,
      "with signs \(Self.digits(mean(signed), 3)) ± \(Self.digits(error, 3)) %, in size "
        + "\(Self.digits(size, 3)) %, smoothed more \(Self.digits(heavySize, 3)) %; on other text "
        + "\(Self.digits(held, 3)) %")
  }

  private mutating func draw(_ found: [FP8Course: [Comparison]]) {
    let series = Self.courses.enumerated().flatMap { place, course in
      (found[course] ?? []).enumerated().map { index, comparison in
        // A point in ten steps is enough for a curve so smooth.
        let points = stride(from: 9, to: comparison.heavy.count, by: 10).map {
          (x: Double(Self.trunkSteps + $0 + 1), y: 100 * comparison.heavy[$0])
        }
        return LineChart.Series(
          index == 0 ? course.title : "", points, ink: .series(place))
      }
    }
    draw(
      "long",
      LineChart(
        title: "How far the loss lies from that in FP32, after a common beginning",
        description:
          "The relative difference of the heavily smoothed loss from that of a training in FP32, "
          + "over the steps since the branches, in per cent: FP8, BF16 and FP32 from rounded weights, "
          + "each from several seeds.",
        xLabel: "step", yLabel: "difference of the smoothed loss (%)", series: series,
        references: [.init("0.25 %", y: 0.25), .init("−0.25 %", y: -0.25)]))
  }
}
