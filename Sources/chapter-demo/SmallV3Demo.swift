import CommandLine
import Figures
import Foundation
import SmallV3

extension Topic {
  /// The topic of chapter 10.
  static var smallV3: Topic {
    let summary = "A training from documents to conversations, with recorded runs"
    var topic = Topic(name: "small-v3", chapter: 10, summary: summary, seconds: 6) { stage in
      var demo = SmallV3Demo()
      try demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
    topic.runLong = { stage in
      var demo = SmallV3LongDemo(seed: stage.seed, figures: stage.figures)
      try demo.run()
    }
    return topic
  }
}

/// The demonstration of chapter 10: rows, copies, the course and the watch by hand, and the runs as
/// they were recorded.
struct SmallV3Demo: Demonstration {
  static let name = "10-small-v3"
  static let margin = 26

  var findings = Findings()

  /// Runs all parts; the numbers and the figures are there afterwards.
  mutating func run() throws {
    try showRows()
    showCopies()
    showCourse()
    showWatch()
    try showPoison()
    showExtension()
    try showConversation()
    try showRecords()
  }

  /// A share as per cent with a place after the point.
  static func percent(_ share: Double, _ places: Int = 1) -> String {
    "\(digits(100 * share, places)) %"
  }

  /// The mean of some numbers.
  static func mean(_ numbers: [Double]) -> Double {
    numbers.reduce(0, +) / Double(max(numbers.count, 1))
  }
}
