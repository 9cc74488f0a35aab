import CommandLine
import Distillation
import Figures
import Foundation

extension Topic {
  /// The topic of chapter 9.
  static var distillation: Topic {
    let summary = "What a teacher gives: divergences by hand, and recorded students"
    return Topic(name: "distillation", chapter: 9, summary: summary, seconds: 2) { stage in
      var demo = DistillationDemo()
      try demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
  }
}

/// The demonstration of chapter 9: four divergences by hand, and students as `deepseek distill`
/// recorded them.
struct DistillationDemo: Demonstration {
  static let name = "09-distillation"
  static let margin = 24

  var findings = Findings()

  /// Runs all parts; the numbers and the figures are there afterwards.
  mutating func run() throws {
    compareDivergences()
    compareTemperatures()
    try fitTwoModes()
    drawScale()
    try showRecordedStudents()
  }

  /// A number with a sign in front, unless it is zero.
  static func signed(_ value: Double, _ places: Int = 3) -> String {
    let text = digits(abs(value), places)
    return text.contains { $0 != "0" && $0 != "." } ? (value < 0 ? "−" : "+") + text : text
  }

  /// A share as per cent with a place after the point.
  static func percent(_ share: Double) -> String { "\(digits(100 * share, 1)) %" }
}
