import CommandLine
import Figures
import Foundation
import FullScale

extension Topic {
  /// The topic of chapter 14.
  static var fullScale: Topic {
    let summary = "The 671 billion weights: work, memory, cost, and the network of 2048 cards"
    return Topic(name: "full-scale", chapter: 14, summary: summary, seconds: 30) { stage in
      var demo = FullScaleDemo(seed: stage.seed)
      try demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
  }
}

/// The demonstration of chapter 14: arithmetic, flows on networks, and a run without weights.
struct FullScaleDemo: Demonstration {
  static let name = "14-full-scale"
  static let margin = 26

  /// Decides hashes, pairs of cards, and weights.
  let seed: UInt64
  var findings = Findings()

  init(seed: UInt64 = 0) { self.seed = seed }

  /// Runs all parts; the numbers and the figures are there afterwards.
  mutating func run() throws {
    countWork()
    addBills()
    try fillMemory()
    try simulateStep()
    boundDecoding()
    drawUnits()
    countSwitches()
    try routeFlows()
    try failPlanes()
    try meetIncast()
    improveExchange()
    try runDry()
  }

  /// A number without a fraction that says nothing.
  static func short(_ value: Double, _ places: Int = 2) -> String {
    var text = digits(value, places)
    while text.contains("."), text.hasSuffix("0") || text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
