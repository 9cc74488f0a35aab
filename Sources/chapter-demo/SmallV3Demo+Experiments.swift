import CommandLine
import Figures
import Foundation
import SmallV3

extension SmallV3Demo {
  // MARK: Scaling

  /// The law through the smaller sizes, and what the largest reached.
  mutating func show(_ record: ScalingExperiment.Result) {
    Console.print("Sizes as they were recorded")
    for size in record.fitted {
      note("scaling.\(size.width).weights", size.weights)
      note("scaling.\(size.width).loss", size.loss)
      report(
        "width \(size.width)", "\(size.weights) weights, \(Self.digits(size.loss, 4)) nats/byte"
      )
    }
    let law = record.law
    note("scaling.next.width", record.next.width)
    note("scaling.next.weights", record.next.weights)
    note("scaling.next.loss", record.next.loss)
    note("scaling.predicted", record.predicted)
    note("scaling.error", 100 * (record.predicted / record.next.loss - 1))
    note("scaling.law.floor", law.floor)
    note("scaling.law.exponent", law.exponent)
    note("scaling.floor", record.floor)
    report(
      "the law",
      "E = \(Self.digits(law.floor, 4)), α = \(Self.digits(law.exponent, 3)); the entropy of the "
        + "text is \(Self.digits(record.floor, 4))")
    report(
      "width \(record.next.width)",
      "\(Self.digits(record.predicted, 4)) foretold, \(Self.digits(record.next.loss, 4)) reached"
    )
    Console.print()
    drawScaling(record)
  }

  private mutating func drawScaling(_ record: ScalingExperiment.Result) {
    let (small, large) = (Double(record.fitted[0].weights), Double(record.next.weights))
    let curve = (0...60).map { index -> (x: Double, y: Double) in
      let size = small * pow(1.3 * large / small, Double(index) / 60)
      return (size, record.law.predict(size))
    }
    draw(
      "scaling",
      LineChart(
        title: "A loss foretold",
        description:
          "The loss over the weights that a token uses, on logarithmic axes. A law goes through the "
          + "three smaller sizes; the fourth was trained after the law had been drawn and lies near it. "
          + "Below is the entropy of the text.",
        xLabel: "weights that a token uses", yLabel: "nats per byte", xScale: .logarithmic,
        yScale: .logarithmic,
        series: [
          .init("the law", curve, ink: .series(0)),
          .init(
            "fitted", record.fitted.map { (Double($0.weights), $0.loss) }, ink: .series(1),
            hasMarkers: true),
          .init("reached", [(large, record.next.loss)], ink: .series(4), hasMarkers: true),
        ], references: [.init("entropy of the text", y: record.floor)]))
  }

  // MARK: Needles

  /// The maps before and after each stage, and what it cost on short texts.
  mutating func show(_ record: NeedleRecord) {
    Console.print(
      "Needles found as recorded, of \(record.trials) in a cell; \(record.parameters) weights")
    note("needle.trials", record.trials)
    note("needle.parameters", record.parameters)
    for (stage, moment) in record.moments.enumerated() {
      let means = moment.amongOthers.map(Self.mean)
      note("needle.\(stage).short", moment.shortLoss)
      note("needle.\(stage).steps", moment.steps)
      for (index, length) in record.lengths.enumerated() {
        note("needle.\(stage).\(length)", 100 * means[index])
        note("needle.\(stage).\(length).alone", 100 * Self.mean(moment.shares[index]))
      }
      report(
        moment.name,
        zip(record.lengths, means).map { "\($0): \(Self.percent($1, 0))" }
          .joined(separator: ", ") + "; short texts \(Self.digits(moment.shortLoss, 4))")
      draw("needles-\(stage)", map(moment, of: record))
    }
    note("needle.control", 100 * Self.mean(record.withoutLists))
    report(
      "trained without lists",
      "\(record.lengths[0]): \(Self.percent(Self.mean(record.withoutLists), 0))")
    if let first = record.moments.first, let last = record.moments.last {
      note("needle.gain", 100 * (1 - last.shortLoss / first.shortLoss))
      note("needle.harm", 100 * (last.shortLoss / first.shortLoss - 1))
    }
    Console.print()
  }

  private func map(_ moment: NeedleRecord.Moment, of record: NeedleRecord) -> HeatMap {
    let found = zip(record.lengths, moment.amongOthers).map {
      "\(Self.percent(Self.mean($1), 0)) at \($0)"
    }.joined(separator: ", ")
    return HeatMap(
      title: "Needles found, \(moment.name)",
      description:
        "The share of needles found among four notes, by the length of the text in tokens and by the depth at which the "
        + "needle stands, from 0 at the beginning to 1 at the end. Averaged over the depths: \(found).",
      rows: moment.amongOthers, rowLabels: record.lengths.map { "\($0)" },
      columnLabels: record.depths.map { Self.digits($0, 2) }, rowTitle: "tokens",
      columnTitle: "depth", range: 0...1, showsValues: true)
  }

  // MARK: Conversations

  /// What a fine-tuned model answers to questions that it was not taught.
  mutating func show(_ record: FineTuneRecord) {
    Console.print(
      "Fine-tuned as recorded: \(record.conversations) conversations, \(record.steps) steps")
    note("chat.conversations", record.conversations)
    note("chat.steps", record.steps)
    note("chat.before", record.lossBefore)
    note("chat.after", record.lossAfter)
    let kinds = Exchange.Kind.allCases.compactMap { kind in
      record.marks[kind.rawValue].map { (kind.rawValue, $0) }
    }.filter { $0.1.asked > 0 }
    for (kind, marks) in kinds {
      note("chat.\(kind).asked", marks.asked)
      note("chat.\(kind).formed", 100 * marks.wellFormed)
      note("chat.\(kind).right", 100 * marks.right)
      if let before = record.marksBefore?[kind] {
        note("chat.\(kind).formed-before", 100 * before.wellFormed)
        note("chat.\(kind).right-before", 100 * before.right)
      }
      report(
        kind,
        "\(Self.percent(marks.wellFormed, 0)) well-formed, \(Self.percent(marks.right, 0)) right, "
          + "of \(marks.asked)")
    }
    report(
      "loss of kept answers",
      "\(Self.digits(record.lossBefore, 3)) before, \(Self.digits(record.lossAfter, 3)) after")
    draw(
      "chat",
      BarChart(
        title: "Answers to questions that were not taught",
        description:
          "The share of well-formed and of right answers to five kinds of questions after "
          + "fine-tuning.",
        valueLabel: "share of answers", groups: kinds.map(\.0),
        series: [
          .init("well-formed", kinds.map(\.1.wellFormed), ink: .series(0)),
          .init("right", kinds.map(\.1.right), ink: .series(1)),
        ], format: { Self.digits($0, 2) }))
  }
}
