import CommandLine
import Figures
import Foundation
import RL

extension RLDemo {
  /// A recorded run with one or two settings changed.
  private struct Ablation {
    let key, name: String
    let reports: [UpdateReport]
  }

  private static let ablations: [(key: String, name: String)] = [
    ("3e-5-constant", "3e-5 constant"), ("3e-5-sequence", "3e-5 sequence"),
    ("1e-4-constant", "1e-4 constant"), ("1e-4-sequence", "1e-4 sequence"),
    ("3e-4-constant", "3e-4 constant"), ("3e-4-sequence", "3e-4 sequence"),
    ("3e-5-constant-format", "3e-5 constant .2"),
    ("1e-4-sequence-format", "1e-4 sequence .2"),
    ("3e-5-constant-penalty", "3e-5 constant β"),
  ]

  /// Compares rates, normalisers, a paid form and a penalty, all from the base of seed 0.
  ///
  /// Of each run the lines of the looks are recorded, one in ten: of the other updates nobody
  /// knows the greedy answers.
  mutating func compareAblations() throws {
    Console.print("Other settings, 16 questions × 8 responses, the policy as it is at the end")
    let runs = try Self.ablations.map {
      Ablation(key: $0.key, name: $0.name, reports: try Self.reports("ablation-\($0.key)"))
    }
    for run in runs { tell(run) }
    Console.print()
    drawAblations(runs)
  }

  private mutating func tell(_ run: Ablation) {
    let looks = run.reports.filter { $0.greedy != nil }
    guard let last = looks.last else { return }
    let key = "ablation.\(run.key)"
    let lowest = looks.compactMap(\.controls).min() ?? 0
    for (name, number) in [
      ("updates", Double(last.update)), ("greedy", last.greedy ?? 0),
      ("best", looks.compactMap(\.greedy).max() ?? 0), ("accuracy", last.accuracy),
      ("length", last.length), ("length-wrong", last.lengthWrong),
      ("thinking", last.thinking), ("controls", last.controls ?? 0), ("lowest", lowest),
      ("entropy", last.entropy), ("kl", last.divergence ?? 0),
    ] { note("\(key).\(name)", number) }
    report(
      run.name,
      "greedy \(Self.digits(last.greedy ?? 0, 2)), sampled \(Self.digits(last.accuracy, 2)), "
        + "tokens \(Self.digits(last.length, 1)), thinking \(Self.digits(last.thinking, 2)), "
        + "controls \(Self.digits(last.controls ?? 0, 2)) after \(last.update)")
  }

  private mutating func drawAblations(_ runs: [Ablation]) {
    let drawn = ["3e-5-constant", "1e-4-constant", "1e-4-sequence", "1e-4-sequence-format"]
    let series = drawn.enumerated().compactMap { index, key -> LineChart.Series? in
      guard let run = runs.first(where: { $0.key == key }) else { return nil }
      let points = run.reports.compactMap { report in
        report.controls.map { (x: Double(report.update), y: $0) }
      }
      return .init(run.name, points, ink: .series(index), hasMarkers: true)
    }
    draw(
      "ablations",
      LineChart(
        title: "What nobody watches, at two rates and with two normalisers",
        description:
          "The greedy accuracy on sorting and copying over the updates of four runs.",
        xLabel: "update", yLabel: "right, greedy, on the controls", series: series,
        yIncludes: [0, 1]))
  }
}
