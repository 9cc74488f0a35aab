import Figures
import Testing

@Suite struct `A sparkline` {
  @Test func `rises from the lowest bar to the highest`() {
    #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.text([5, 3, 1]) == "█▅▁")
  }

  @Test func `averages what does not fit`() {
    #expect(Sparkline.text([0, 2, 7, 9, 14, 16], width: 3) == "▁▅█")
    #expect(Sparkline.text([1, 2], width: 0) == "")
  }

  @Test func `survives values that are equal, missing or not finite`() {
    #expect(Sparkline.text([]) == "")
    #expect(Sparkline.text([2, 2]) == "▄▄")
    #expect(Sparkline.text([.nan, 0, .infinity, 1]) == " ▁ █")
    #expect(Sparkline.text([.nan]) == " ")
    #expect(Sparkline.text([-1e308, 1e308]) == "▄▄")
    #expect(Sparkline.text([.nan, .nan, 1, 2], width: 2) == " ▄")
  }
}

@Suite struct `A progress line` {
  @Test func `shows step, values, curve, rate, time left and a bar`() {
    let line = ProgressLine.render(
      step: 125, of: 500, values: ["loss": 2.3], elapsed: 30, done: 1_230_000,
      trend: [4, 3, 2.5, 2.3], width: 100)
    #expect(line == "step 125/500  loss 2.300  █▄▁▁  41k tok/s  1:30 left  ▕███         ▏")
  }

  @Test func `leaves out the least important parts when it is narrow`() {
    let lines = [70, 60, 48, 30, 12].map { width in
      ProgressLine.render(
        step: 125, of: 500, values: ["loss": 2.3], elapsed: 30, done: 1_230_000,
        trend: [4, 3, 2.5, 2.3], width: width)
    }
    #expect(
      lines == [
        "step 125/500  loss 2.300  █▄▁▁  41k tok/s  1:30 left  ▕███         ▏",
        "step 125/500  loss 2.300  █▄▁▁  41k tok/s  1:30 left",
        "step 125/500  loss 2.300  41k tok/s  1:30 left",
        "step 125/500  loss 2.300  1:30",
        "step 125/500",
      ])
  }

  @Test func `tells the time left of a budget of seconds`() {
    let line = ProgressLine.render(
      step: 9, of: nil, seconds: 180, values: [:], elapsed: 135, width: 60)
    #expect(line == "step 9  0:45 left  ▕█████████   ▏")
  }

  @Test func `times resumed work by its own steps`() {
    // 10 of the 40 steps that were left took 5 seconds, so the other 30 take 15.
    let line = ProgressLine.render(
      step: 70, from: 60, of: 100, values: [:], elapsed: 5, isPlain: true)
    #expect(line == "step 70/100  0:15 left")
  }

  @Test func `tells the time so far when nobody knows the end`() {
    let line = ProgressLine.render(step: 9, of: nil, values: ["loss": .nan], elapsed: 4_000)
    #expect(line == "step 9  loss –  1:06:40")
  }

  @Test func `writes seconds, minutes and hours`() {
    let times = [0, 7.4, 725, 10_979, .nan, -1, .infinity].map(ProgressLine.time)
    #expect(times == ["0:00", "0:07", "12:05", "3:02:59", "0:00", "0:00", "0:00"])
  }

  /// A progress line whose clock is set by hand and whose output is kept.
  private final class Stage {
    var now = 0.0
    var output: [String] = []

    func line(isTerminal: Bool) -> ProgressLine {
      ProgressLine(
        of: 10, isTerminal: isTerminal, width: 30, clock: { self.now },
        sink: { self.output.append($0) })
    }
  }

  @Test func `is rewritten in place on a terminal, at most ten times a second`() {
    let stage = Stage()
    let line = stage.line(isTerminal: true)
    for step in 1...5 {
      stage.now += 0.05
      line.update(step: step)
    }
    line.finish()
    #expect(
      stage.output == [
        "\rstep 1/10  0:00 left\u{1B}[K", "\rstep 3/10  0:00 left\u{1B}[K",
        "\rstep 5/10  0:00 left\u{1B}[K", "\n",
      ])
  }

  @Test func `makes way for other text and comes back`() {
    let stage = Stage()
    let line = stage.line(isTerminal: true)
    line.clear()
    line.update(step: 1)
    line.clear()
    line.clear()
    line.update(step: 2)
    line.finish()
    line.finish()
    #expect(
      stage.output == [
        "\rstep 1/10  0:00 left\u{1B}[K", "\r\u{1B}[K", "\rstep 2/10  0:00 left\u{1B}[K", "\n",
      ])
  }

  @Test func `is a plain line every ten seconds elsewhere, and one at the end`() {
    let stage = Stage()
    let line = stage.line(isTerminal: false)
    for step in 1...7 {
      line.update(step: step, values: ["loss": 1 / Double(step)], done: Double(step * 100))
      stage.now += 3
    }
    line.clear()
    line.finish()
    #expect(
      stage.output == [
        "step 1/10  loss 1.000  0:00 left\n",
        "step 5/10  loss 0.200  41.7 tok/s  0:12 left\n",
        "step 7/10  loss 0.143  38.9 tok/s  0:08 left\n",
      ])
  }
}

@Suite struct `A step grid` {
  @Test func `is drawn with letters on a terminal`() {
    let text = """
      stage 0 │F0 F1 F2 F3 ·  ·  ·  ·  ·  ·  ·  ·  ·  B0━━━ B1━━━ B2━━━ B3━━━ │
      stage 1 │·  F0 F1 F2 F3 ·  ·  ·  ·  ·  ·  B0━━━ B1━━━ B2━━━ B3━━━ ·  ·  │
      stage 2 │·  ·  F0 F1 F2 F3 ·  ·  ·  B0━━━ B1━━━ B2━━━ B3━━━ ·  ·  ·  ·  │
      stage 3 │·  ·  ·  F0 F1 F2 F3 B0━━━ B1━━━ B2━━━ B3━━━ ·  ·  ·  ·  ·  ·  │

      """
    #expect(SampleFigure.pipeline.text() == text)
    #expect(SampleFigure.pipeline.end == 21)
  }

  @Test func `has no time when it has no work`() {
    let grid = StepGrid(
      title: "", description: "", rows: ["a", "bc"],
      blocks: [
        .init(row: 5, start: 0, ink: .ours), .init(row: 0, start: 3, duration: -1, ink: .ours),
      ])
    #expect(grid.end == 0)
    #expect(grid.text() == " a ││\nbc ││\n")
  }
}
