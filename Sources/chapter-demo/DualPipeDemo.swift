import CommandLine
import DualPipe
import Figures
import Foundation
import Tensors

extension Topic {
  /// The topic of chapter 7.
  static var dualpipe: Topic {
    let summary =
      "Pipelines without bubbles: schedules, threads that follow them, and experts far away"
    return Topic(name: "dualpipe", chapter: 7, summary: summary, seconds: 10) { stage in
      if let request = stage.pipeline { return try request.run(figures: stage.figures) }
      var demo = DualPipeDemo(seed: stage.seed)
      try demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
  }
}

/// The demonstration of chapter 7: schedules on paper, on threads, and the traffic of experts.
struct DualPipeDemo: Demonstration {
  static let name = "07-dualpipe"
  static let margin = 20

  /// Decides weights, tokens and routes.
  let seed: UInt64
  var findings = Findings()

  init(seed: UInt64 = 0) { self.seed = seed }

  /// Runs all parts; the numbers and the figures are there afterwards.
  mutating func run() throws {
    try climb()
    try compareWithTable()
    try overlap()
    try drawBubbles()
    try fillLanes()
    try executeOnThreads()
    try addGradients()
    routeToNodes()
    balanceExperts()
  }

  /// A number without a fraction that says nothing.
  static func short(_ value: Double, _ places: Int = 2) -> String {
    var text = digits(value, places)
    while text.contains("."), text.hasSuffix("0") || text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
