import CommandLine
import Figures
import Foundation
import RL

extension RLDemo {
  /// The seeds of which a run of `deepseek reason --stage zero` is recorded beside the book.
  static let seeds = [0, 1, 2]

  /// Tells what whole runs did, from the lines that they wrote after each update.
  ///
  /// A run takes some minutes, so it is not repeated here.
  mutating func showRecordedRuns() throws {
    Console.print("R1-Zero as recorded: deepseek reason --stage zero, sums of 8 to 10 digits")
    var runs: [[UpdateReport]] = []
    for seed in Self.seeds {
      let reports = try Self.reports("zero-seed-\(seed)")
      tell(reports, seed: seed)
      runs.append(reports)
    }
    Console.print()
    drawCourse(runs[0])
  }

  /// The lines of a recorded run.
  static func reports(_ name: String) throws -> [UpdateReport] {
    let file = "\(name).jsonl"
    return try recorded(file).split(separator: UInt8(ascii: "\n")).map { line in
      guard let report = try? JSONDecoder().decode(UpdateReport.self, from: line) else {
        throw RecordError("\(file) has a line that no run of reasoning writes.")
      }
      return report
    }
  }

  /// What a recorded run told at its end.
  static func ending(_ name: String) throws -> RecordedEnding {
    let file = "\(name).json"
    let (data, decoder) = (try recorded(file), JSONDecoder())
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let ending = try? decoder.decode(RecordedEnding.self, from: data) else {
      throw RecordError("\(file) is not what a run of reasoning tells at its end.")
    }
    return ending
  }

  private static func recorded(_ file: String) throws -> Data {
    let path = "book/results/runs/\(file)"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw RecordError("\(path) is not here; run this in the folder of the repository.")
    }
    return data
  }

  private mutating func tell(_ reports: [UpdateReport], seed: Int) {
    let shown = reports.filter { $0.update == 1 || $0.update.isMultiple(of: 20) }
    for report in shown {
      let key = "zero.\(seed).\(report.update)"
      note("\(key).accuracy", report.accuracy)
      note("\(key).length", report.length)
      note("\(key).length-right", report.lengthRight)
      note("\(key).length-wrong", report.lengthWrong)
      note("\(key).thinking", report.thinking)
      note("\(key).entropy", report.entropy)
      note("\(key).dead", report.deadGroups)
      if let greedy = report.greedy { note("\(key).greedy", greedy) }
      if let length = report.greedyLength { note("\(key).greedy-length", length) }
      if let controls = report.controls { note("\(key).controls", controls) }
      self.report(
        "seed \(seed), \(report.update)",
        "right \(Self.digits(report.accuracy, 2)) sampled"
          + (report.greedy.map { ", \(Self.digits($0, 2)) greedy" } ?? "")
          + ", thinking \(Self.digits(report.thinking, 2)), tokens "
          + "\(Self.digits(report.lengthRight, 1)) right and "
          + "\(Self.digits(report.lengthWrong, 1)) wrong, entropy "
          + Self.digits(report.entropy, 2))
    }
    note("zero.\(seed).updates", reports.count)
    note("zero.\(seed).seconds", reports.reduce(0) { $0 + $1.seconds })
    note("zero.\(seed).largest-log-ratio", reports.map(\.largestLogRatio).max() ?? 0)
  }

  private mutating func drawCourse(_ reports: [UpdateReport]) {
    func points(_ number: (UpdateReport) -> Double?) -> [(x: Double, y: Double)] {
      reports.compactMap { report in number(report).map { (Double(report.update), $0) } }
    }
    draw(
      "learning",
      LineChart(
        title: "A base that guesses learns to think, and is right",
        description:
          "The share of right answers over the updates, for samples at temperature 1 and for the "
          + "likeliest response to held-out sums, with the share of samples that think. The greedy "
          + "answers are right after a few updates; the other two rise together and more slowly.",
        xLabel: "update", yLabel: "share",
        series: [
          .init("right, sampled", points(\.accuracy), ink: .series(0)),
          .init("right, greedy, held out", points(\.greedy), ink: .series(1), hasMarkers: true),
          .init("thinks", points(\.thinking), ink: .series(2)),
        ], references: [.init("guessing", y: 0.1)], yIncludes: [0, 1]))
    draw(
      "lengths",
      LineChart(
        title: "Right answers are long; wrong ones stay short",
        description:
          "The mean tokens of right and of wrong responses over the updates. Right responses grow "
          + "from ten to twenty tokens as more of them have thought. Wrong ones are mostly direct "
          + "answers and stay short.",
        xLabel: "update", yLabel: "tokens of a response",
        series: [
          .init("right", points(\.lengthRight), ink: .series(0)),
          .init("wrong", points(\.lengthWrong), ink: .series(1)),
          .init("all", points(\.length), ink: .series(2)),
        ], yIncludes: [0]))
  }
}
