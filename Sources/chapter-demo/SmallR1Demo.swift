import CommandLine
import Figures
import Foundation
import RL
import SmallR1

extension Topic {
  /// The topic of chapter 11.
  static var smallR1: Topic {
    let summary = "The stages of R1: rewards and votes by hand, and recorded runs"
    var topic = Topic(name: "small-r1", chapter: 11, summary: summary, seconds: 1) { stage in
      var demo = SmallR1Demo()
      try demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
    topic.runLong = { stage in
      var demo = SmallR1LongDemo(seed: stage.seed)
      try demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
    return topic
  }
}

/// The demonstration of chapter 11: rewards, preferences and votes by hand, and the stages as
/// `deepseek reason --stage all` recorded them.
struct SmallR1Demo: Demonstration {
  static let name = "11-small-r1"
  static let margin = 22

  var findings = Findings()

  /// Runs all parts; the numbers and the figures are there afterwards.
  mutating func run() throws {
    payByHand()
    compareGroups()
    comparePairs()
    countVotes()
    drawPublished()
    let records = try SmallR1Records()
    guard !records.runs.isEmpty else {
      return Console.print(
        "book/results/runs has no records of a small R1; run this in the folder of the repository."
      )
    }
    compareStages(records)
    drawCourse(records)
    showVoices(records)
    showOverdone(records)
    showHacking(records)
    showTestTime(records)
  }

  /// A number with a sign in front, unless it is zero.
  static func signed(_ value: Double, _ places: Int = 3) -> String {
    let text = digits(abs(value), places)
    return text.contains { $0 != "0" && $0 != "." } ? (value < 0 ? "−" : "+") + text : text
  }
}
