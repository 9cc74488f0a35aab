import CommandLine
import Figures
import Foundation
import Tensors

/// How weights move: three rules raced, AdamW by hand, Newton–Schulz, and the schedule of V3.
extension TensorsDemo {
  mutating func compareOptimizers() {
    Console.print("\nA linear map learned in 200 steps, the best of six rates")
    var series: [LineChart.Series] = []
    for (index, rule) in OptimizerRace.Rule.allCases.enumerated() {
      let best = OptimizerRace.best(rule, seed: seed &+ 7)
      let final = best.losses.last ?? .nan
      note("race.\(rule)", final)
      note("race.\(rule)-rate", best.rate)
      note("race.\(rule)-common", best.common)
      note("race.\(rule)-rare", best.rare)
      Console.print(
        "  \(padded(rule.title, to: 16)) rate \(padded("\(best.rate)", to: 6)) loss "
          + String(format: "%.1e", final)
          + "   error left: common \(fixed(best.common * 100, 1, width: 5)) % rare "
          + "\(fixed(best.rare * 100, 1, width: 5)) %")
      let points = best.losses.enumerated().map { (x: Double($0.offset), y: $0.element) }
      series.append(.init(rule.title, points, ink: .series(index)))
    }
    draw(
      "optimizers",
      LineChart(
        title: "Three rules on one ill-conditioned problem",
        description: "The loss of a linear map over 200 steps, each rule at its best rate.",
        xLabel: "step", yLabel: "loss", yScale: .logarithmic, series: series))
  }

  /// Three steps of AdamW for one weight, as the chapter's table has them.
  mutating func workAdamWByHand() {
    let weight = Parameter(Tensor([1], shape: [1, 1]))
    var optimizer = AdamW([("map.weight", weight)], rate: 0.1, decay: 0.1)
    for (index, gradient) in ([2, -1, 4] as [Float]).enumerated() {
      var gradients = Gradients()
      gradients[weight] = Tensor([gradient], shape: [1, 1])
      optimizer.step(gradients)
      let state = optimizer.state.map { Double($0.tensor.scalar) }
      let step = index + 1
      let mean = state[0] / (1 - pow(0.9, Double(step)))
      let square = state[1] / (1 - pow(0.95, Double(step)))
      note("adamw.m\(step)", state[0])
      note("adamw.v\(step)", state[1])
      note("adamw.mean\(step)", mean)
      note("adamw.square\(step)", square)
      note("adamw.move\(step)", mean / square.squareRoot())
      note("adamw.raw\(step)", state[0] / state[1].squareRoot())
      note("adamw.w\(step)", Double(weight.value.scalar))
    }
  }

  /// The polynomial of Newton and Schulz, applied once, twice, and five times.
  mutating func levelSingularValues() {
    var series: [LineChart.Series] = []
    for (index, times) in [0, 1, 2, 3, 5].enumerated() {
      let points = (0...240).map { step -> (x: Double, y: Double) in
        let start = pow(10, -3 + 3 * Double(step) / 240)
        return (start, Self.levelled(start, times: times))
      }
      series.append(.init(Self.legend(times), points, ink: .series(index)))
    }
    for (key, start) in [("large", 1.0), ("middle", 0.1), ("small", 0.01)] {
      note("newton-schulz.\(key)", Self.levelled(start, times: 5))
    }
    for times in 0...5 {
      // A matrix with the singular values 3 and 0.3, divided by its length √9.09.
      for (name, value) in [("long", 3.0), ("short", 0.3)] {
        let start = value / 9.09.squareRoot()
        note("newton-schulz.\(name)-\(times)", Self.levelled(start, times: times))
      }
    }
    let range = (0...2000).map { Self.levelled(0.01 * pow(100, Double($0) / 2000), times: 5) }
    note("newton-schulz.lowest", range.min() ?? .nan)
    note("newton-schulz.highest", range.max() ?? .nan)
    draw(
      "newton-schulz",
      LineChart(
        title: "What five Newton–Schulz steps do to singular values",
        description: "Every value above a hundredth ends between 0.68 and 1.14.",
        xLabel: "singular value, as a share of the matrix's length",
        yLabel: "singular value after the steps", xScale: .logarithmic, series: series,
        references: [.init("1", y: 1)]))
  }

  private static func legend(_ times: Int) -> String {
    times == 0 ? "before" : "after \(times) step\(times == 1 ? "" : "s")"
  }

  private static func levelled(_ start: Double, times: Int) -> Double {
    (0..<times).reduce(start) { s, _ in
      let square = s * s
      return s * (3.4445 + square * (-4.775 + 2.0315 * square))
    }
  }

  /// The mean factor of a schedule over a whole training.
  private static func mean(_ schedule: Schedule) -> Double {
    let steps = 1000
    return (0..<steps).reduce(0.0) {
      $0 + schedule.factor(at: (Double($1) + 0.5) / Double(steps)) / Double(steps)
    }
  }

  mutating func drawSchedule() {
    let schedule = Schedule.deepSeekV3()
    let points = (0...592).map { step -> (x: Double, y: Double) in
      let trillions = 14.8 * Double(step) / 592
      return (trillions, 2.2e-4 * schedule.factor(at: trillions / 14.8))
    }
    let cosine = Schedule.cosine()
    let other = (0...148).map { step -> (x: Double, y: Double) in
      let share = Double(step) / 148
      return (14.8 * share, 2.2e-4 * cosine.factor(at: share))
    }
    note("schedule.v3-mean", Self.mean(schedule))
    note("schedule.cosine-mean", Self.mean(cosine))
    draw(
      "schedule",
      LineChart(
        title: "The learning rate of DeepSeek-V3",
        description: "Level for two thirds, down a cosine to a tenth, then two low steps.",
        xLabel: "tokens seen, in trillions", yLabel: "learning rate",
        series: [
          .init("DeepSeek-V3", points, ink: .ours),
          .init("a cosine to a tenth, for comparison", other, ink: .neutral),
        ], yIncludes: [0]))
  }
}
