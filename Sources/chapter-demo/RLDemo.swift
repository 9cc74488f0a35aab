import CommandLine
import Figures
import Foundation
import RL

extension Topic {
  /// The topic of chapter 8.
  static var rl: Topic {
    let summary = "Rewards by rule: advantages by hand, and recorded runs of R1-Zero"
    var topic = Topic(name: "rl", chapter: 8, summary: summary, seconds: 1) { stage in
      var demo = RLDemo()
      try demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
    topic.isRandom = false
    return topic
  }
}

/// The demonstration of chapter 8: the objective by hand, and R1-Zero as `deepseek reason` recorded it.
struct RLDemo: Demonstration {
  static let name = "08-rl"
  static let margin = 18

  var findings = Findings()

  /// Runs all parts; the numbers and the figures are there afterwards.
  mutating func run() throws {
    compareAdvantages()
    compareWeights()
    comparePenalties()
    drawClip()
    forecast()
    try showRecordedRuns()
    try showExaminations()
    try showProbes()
    try showProducts()
    try compareAblations()
    try compareMethods()
  }

  /// A share as whole per cent.
  static func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }

  /// A number with a sign in front, unless it is zero.
  static func signed(_ value: Double, _ places: Int = 3) -> String {
    let text = digits(abs(value), places)
    return text.contains { $0 != "0" && $0 != "." } ? (value < 0 ? "−" : "+") + text : text
  }
}
