import CommandLine
import DualPipe
import Figures

extension DualPipeDemo {
  /// Makes a pair cheaper and cheaper, as its communication is hidden.
  mutating func overlap() throws {
    Console.print(
      "DualPipe on 8 ranks with 20 micro-batches, when a pair takes less than F + B")
    let schedule = try PipelineSchedule.dualPipe(ranks: 8, microBatches: 20)
    let zeroBubble = try Timetable(
      .zeroBubble(ranks: 8, microBatches: 20), Costs()
    ).makespan
    for pair in [3, 2.75, 2.5, 2.25, 2] {
      let timetable = try Timetable(schedule, Costs(pair: pair))
      let (least, most) = (timetable.idle.min() ?? 0, timetable.idle.max() ?? 0)
      let gain = zeroBubble / timetable.makespan
      report(
        "F&B = \(Self.short(pair))",
        "\(Self.short(timetable.makespan)) long, idle \(Self.short(least)) to "
          + "\(Self.short(most)); ZB1P takes \(Self.digits(gain, 2)) times as long")
      let key = "overlap.\(Self.short(pair))"
      note("\(key).makespan", timetable.makespan)
      note("\(key).idle-least", least)
      note("\(key).idle", most)
      note("\(key).gain", gain)
    }
    Console.print()
  }

  /// Draws the share of idle time over the number of micro-batches.
  mutating func drawBubbles() throws {
    let counts = [16, 24, 32, 48, 64, 96, 128]
    let methods: [PipelineMethod] = [
      .oneForwardOneBackward, .chimera, .zeroBubble, .dualPipe,
    ]
    var series: [LineChart.Series] = []
    for (index, method) in methods.enumerated() {
      var points: [(x: Double, y: Double)] = []
      for count in counts {
        let timetable = try Timetable(method.schedule(ranks: 8, microBatches: count))
        let share = 100 * timetable.bubbleFraction
        points.append((Double(count), share))
        note("bubble.\(method.rawValue).\(count)", share)
      }
      series.append(.init(method.title, points, ink: .series(index), hasMarkers: true))
    }
    draw(
      "bubbles",
      LineChart(
        title: "Idle time over the number of micro-batches, on 8 ranks",
        description:
          "The share of idle time on 8 ranks over the number of micro-batches, from 16 to 128. "
          + "1F1B's falls from 30 to 5 per cent, ZB1P's from 13 to 2, and DualPipe's lies a little "
          + "lower. Chimera's units follow each other with gaps: it stays above 20 per cent.",
        xLabel: "micro-batches", yLabel: "idle (%)", series: series))
    // V3's own pipeline: 16 ranks and 120 micro-batches a step.
    for method in [PipelineMethod.oneForwardOneBackward, .zeroBubble, .dualPipe] {
      let timetable = try Timetable(method.schedule(ranks: 16, microBatches: 120))
      note("v3.\(method.rawValue).makespan", timetable.makespan)
      note("v3.\(method.rawValue).idle", timetable.bubble)
      note("v3.\(method.rawValue).bubble-share", 100 * timetable.bubbleFraction)
    }
  }
}
