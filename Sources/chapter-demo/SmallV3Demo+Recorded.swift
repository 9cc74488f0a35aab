import CommandLine
import Figures
import Foundation
import SmallV3

extension SmallV3Demo {
  /// Tells what the long runs came to; they take minutes, so they are not repeated here.
  mutating func showRecords() throws {
    let records = SmallV3Records.book
    try showNaiveRun()
    if let packing = try records.record("packing-seed-0", as: PackingRecord.self) {
      show(packing)
    }
    let long = try records.recipes("recipe")
    let short = try records.recipes("recipe-short")
    let other = try records.recipes("muon")
    if !long.isEmpty { show(long, beside: other) }
    for record in try records.recipes("recipe-again") {
      let seed = record.ending.seed
      compare(record, "again.\(seed)", "the same, seed \(seed)")
    }
    if !short.isEmpty { showSeeds(short) }
    for record in other { compare(record, "muon", "the same with Muon") }
    for record in try records.recipes("narrow") {
      compare(record, "narrow", "AdamW, begun with 0.02")
    }
    for record in try records.recipes("narrow-muon") {
      compare(record, "narrow-muon", "Muon, begun with 0.02")
    }
    if !(long + short).isEmpty { drawBalance(long + short) }
    let narrow = try (0..<3).compactMap {
      try records.record("narrow-short-seed-\($0)", as: RecipeRecord.Ending.self)
    }
    note("narrow.short.findings", narrow.reduce(0) { $0 + $1.findings.count })
    if let kills = try records.record("small-v3-kills", as: KillsRecord.self) {
      note("kills.count", kills.kills)
      note("kills.saving", kills.inASave)
      note("kills.moving", kills.inAMove)
      note("kills.steps", kills.steps)
      report(
        "\(kills.kills) kills in \(kills.steps) steps",
        "\(kills.inASave) of them in a save; equal in the end: "
          + kills.filesEqual.joined(separator: ", "))
    }
    Console.print()
    if let scaling = try records.record("scaling-seed-0", as: ScalingExperiment.Result.self) {
      show(scaling)
    }
    if let needles = try records.record("needles-seed-0", as: NeedleRecord.self) {
      show(needles)
    }
    if let chat = try records.record("fine-tune-seed-0", as: FineTuneRecord.self) {
      show(chat)
    }
  }

  /// The end of `deepseek train` without options, as README shows it.
  private mutating func showNaiveRun() throws {
    let file = URL(fileURLWithPath: "book/results/outputs/deepseek-train.txt")
    guard let text = try? String(contentsOf: file, encoding: .utf8),
      let line = text.split(separator: "\n").last(where: { $0.hasPrefix("Validation loss") })
    else {
      throw UsageError("book/results has no records; run this in the folder of the repository.")
    }
    let numbers = line.split { !"0123456789.".contains($0) }.compactMap { Double($0) }
    guard numbers.count == 3 else { return }
    note("naive.loss", numbers[1])
    note("naive.floor", numbers[2])
    note("naive.excess", 100 * (numbers[1] / numbers[2] - 1))
    Console.print("Trainings as they were recorded")
    report(
      "the run of chapter 5",
      "\(Self.digits(numbers[1], 3)) nats/byte, \(Self.percent(numbers[1] / numbers[2] - 1, 0)) "
        + "above the entropy of the text")
  }

  /// Ways to cut a text into rows.
  private mutating func show(_ record: PackingRecord) {
    for way in record.ways {
      note("packing.\(way.name)", way.natsPerByte)
      note("packing.\(way.name).steps", way.steps)
      report(
        "rows: \(way.name)",
        "\(Self.digits(way.natsPerByte, 3)) nats/byte on whole documents after \(way.steps) steps"
      )
    }
  }

  // MARK: The recipe

  private mutating func show(_ records: [RecipeRecord], beside other: [RecipeRecord]) {
    for record in records { tell(record) }
    for record in records { tellMentions(record, "recipe") }
    let excess = records.map(\.excess)
    let endings = records.map(\.ending)
    note("recipe.seeds", records.count)
    note("recipe.excess", 100 * Self.mean(excess))
    note("recipe.excess.worst", 100 * (excess.max() ?? .nan))
    note("recipe.loss", Self.mean(endings.map(\.natsPerByte)))
    for (index, look) in endings[0].looks.enumerated() {
      note("recipe.look.\(index + 1)", look.natsPerByte)
      note("recipe.look.\(index + 1).tokens", Double(look.tokens) / 1e6)
    }
    note("recipe.bits", Self.mean(endings.map(\.natsPerByte)) / log(2))
    note("recipe.bits.floor", (endings[0].floorNatsPerByte ?? .nan) / log(2))
    note("recipe.minutes", Self.mean(endings.map(\.seconds)) / 60)
    note("recipe.findings", endings.reduce(0) { $0 + $1.findings.count })
    note("recipe.rollbacks", endings.reduce(0) { $0 + $1.rollbacks })
    note("recipe.floor", endings[0].floorNatsPerByte ?? .nan)
    note("recipe.surprise", endings[0].heldOutFloorNatsPerByte ?? .nan)
    let own = endings.compactMap { end in
      end.heldOutFloorNatsPerByte.map { end.natsPerByte / $0 - 1 }
    }
    note("recipe.excess.own", 100 * Self.mean(own))
    note("recipe.tokens", Double(endings[0].tokens) / 1e6)
    note("recipe.steps", endings[0].steps)
    note("recipe.parameters", endings[0].parameters)
    note("recipe.activated", endings[0].activatedParameters)
    note("recipe.acceptance", 100 * Self.mean(endings.compactMap { $0.looks.last?.acceptance }))
    if let documents = endings[0].documents {
      note("recipe.drawn", documents.drawn)
      note("recipe.kept", documents.kept)
      note("recipe.copies", documents.copies + documents.nearCopies)
      note("recipe.held-out", documents.heldOut)
    }
    for kind in endings[0].byKind.map({ $0.keys.sorted() }) ?? [] {
      let gaps = endings.compactMap { $0.byKind?[kind] }
      note("recipe.\(kind)", Self.mean(gaps.map(\.natsPerByte)))
      note("recipe.\(kind).excess", 100 * Self.mean(gaps.map(\.aboveFloor)))
      report(
        "fresh \(kind)",
        "\(Self.digits(Self.mean(gaps.map(\.natsPerByte)), 4)) nats/byte, "
          + "\(Self.percent(Self.mean(gaps.map(\.aboveFloor)))) above their surprise, mean of the seeds"
      )
    }
    let quiet = records.map { record in
      Self.mean(record.lines.suffix(record.lines.count / 4).compactMap(\.maxVio))
    }
    note("recipe.violation", Self.mean(quiet))
    drawLoss(records, beside: other)
  }

  /// The same documents and course with another rule, or with another beginning.
  private mutating func compare(_ record: RecipeRecord, _ key: String, _ name: String) {
    let end = record.ending
    note("\(key).loss", end.natsPerByte)
    note("\(key).steps", end.steps)
    note("\(key).tokens", Double(end.tokens) / 1e6)
    note("\(key).minutes", end.seconds / 60)
    note("\(key).excess", 100 * record.excess)
    note("\(key).findings", end.findings.count)
    for (kind, gap) in end.byKind ?? [:] {
      note("\(key).\(kind)", gap.natsPerByte)
      note("\(key).\(kind).excess", 100 * gap.aboveFloor)
    }
    report(
      name,
      "\(end.steps) steps: \(Self.digits(end.natsPerByte, 4)) nats/byte, \(Self.percent(record.excess)) above the "
        + "entropy")
    tellMentions(record, key)
  }

  /// What words cost that a story has told before.
  private mutating func tellMentions(_ record: RecipeRecord, _ key: String) {
    guard let mentions = record.ending.laterMentions else { return }
    for (word, mention) in mentions {
      note("\(key).later.\(word)", mention.nats)
      note("\(key).later.\(word).count", mention.count)
    }
    report(
      "  told before",
      ["hero", "friend", "manner"].compactMap { word in
        mentions[word].map { "\(word) \(Self.digits($0.nats, 3)) nats" }
      }.joined(separator: ", "))
  }

  /// Shorter runs that differ in their seeds, to see how often something is found.
  private mutating func showSeeds(_ records: [RecipeRecord]) {
    for record in records {
      tell(record)
      tellMentions(record, "short.\(record.ending.seed)")
    }
    let endings = records.map(\.ending)
    note("short.seeds", records.count)
    note("short.steps", endings[0].steps)
    note("short.loss", Self.mean(endings.map(\.natsPerByte)))
    note("short.loss.least", endings.map(\.natsPerByte).min() ?? .nan)
    note("short.loss.most", endings.map(\.natsPerByte).max() ?? .nan)
    note("short.findings", endings.reduce(0) { $0 + $1.findings.count })
    note("short.rollbacks", endings.reduce(0) { $0 + $1.rollbacks })
  }

  private static func name(_ record: RecipeRecord) -> String {
    "\(record.ending.steps) steps, seed \(record.ending.seed)"
  }

  private func tell(_ record: RecipeRecord) {
    let end = record.ending
    let acceptance = end.looks.last?.acceptance.map { ", second token \(Self.percent($0, 0))" }
    report(
      "by the recipe, seed \(end.seed)",
      "\(end.steps) steps: \(Self.digits(end.natsPerByte, 4)) nats/byte, \(Self.percent(record.excess)) above the "
        + "entropy; \(end.findings.count) findings, \(end.rollbacks) returns\(acceptance ?? "")"
    )
  }

  private mutating func drawLoss(_ records: [RecipeRecord], beside other: [RecipeRecord]) {
    let floor = records[0].ending.floorNatsPerByte ?? 0
    let training = records[0].lines
    // The last look is the last line's loss, in other units.
    let unit =
      training.last { $0.validationLoss != nil }.map {
        records[0].ending.natsPerByte / ($0.validationLoss ?? 1)
      } ?? 1
    let smooth = Self.smoothed(training) { $0.loss * unit }
    draw(
      "loss",
      LineChart(
        title: "From documents to the entropy of their text",
        description:
          "The loss in nats per byte, on a logarithmic axis, over the tokens: batches, averaged over a "
          + "120th of the run, and held-out documents, with AdamW and with Muon. It falls steeply, then "
          + "slowly, and faster again when the learning rate falls in the last third, towards the "
          + "entropy of the text. Muon is lower from the first look on, and ends a little earlier.",
        xLabel: "million tokens", yLabel: "nats per byte", yScale: .logarithmic,
        series: [
          .init("batches, AdamW", smooth, ink: .neutral)
        ]
          + (records + other).enumerated().map { index, record in
            .init(
              "held out, \(index < records.count ? "AdamW" : "Muon")",
              record.ending.looks.map { (Double($0.tokens) / 1e6, $0.natsPerByte) },
              ink: .series(index), hasMarkers: true)
          }, references: [.init("entropy of the text", y: floor)]))
  }

  /// A number of the steps, averaged over a 120th of the run.
  private static func smoothed(
    _ lines: [RecipeRecord.Line], _ number: (RecipeRecord.Line) -> Double?
  ) -> [(x: Double, y: Double)] {
    let points = lines.compactMap { line in
      number(line).map { (Double(line.tokens) / 1e6, $0) }
    }
    let size = max(points.count / 120, 1)
    return stride(from: 0, to: points.count, by: size).map { first in
      let part = points[first..<min(first + size, points.count)]
      return (mean(part.map(\.0)), mean(part.map(\.1)))
    }
  }

  /// The load of the busiest expert, and the length of the gradient.
  private mutating func drawBalance(_ records: [RecipeRecord]) {
    draw(
      "balance",
      LineChart(
        title: "Experts in balance",
        description:
          "MaxVio, by how much the busiest expert exceeds an even share, averaged over the layers and "
          + "over a 120th of the run, for each run.",
        xLabel: "million tokens", yLabel: "MaxVio",
        series: records.enumerated().map { index, record in
          .init(
            Self.name(record), Self.smoothed(record.lines, \.maxVio), ink: .series(index))
        }, yIncludes: [0]))
    draw(
      "gradient",
      LineChart(
        title: "The length of the gradient",
        description:
          "The length of the gradient before clipping over the tokens, averaged over a 120th of the "
          + "run, for each seed. A line marks the length at which it is clipped.",
        xLabel: "million tokens", yLabel: "length of the gradient", yScale: .logarithmic,
        series: records.enumerated().map { index, record in
          .init(
            Self.name(record), Self.smoothed(record.lines, \.gradientNorm), ink: .series(index))
        }, references: [.init("clipped to 1", y: 1)]))
  }
}
