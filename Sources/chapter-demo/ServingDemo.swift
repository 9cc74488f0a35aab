import CommandLine
import Figures
import Foundation

extension Topic {
  /// The topic of chapter 13.
  static var serving: Topic {
    let summary = "Few bits a weight, many texts a step, and a thought sent over HTTP"
    return Topic(name: "serving", chapter: 13, summary: summary, seconds: 30) { stage in
      var demo = ServingDemo(seed: stage.seed)
      try demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
  }
}

/// The demonstration of chapter 13: a little R1 is trained, pressed into few bits, and served.
struct ServingDemo: Demonstration {
  static let name = "13-serving"
  static let margin = 26

  /// Decides weights and problems.
  let seed: UInt64
  var findings = Findings()

  init(seed: UInt64 = 0) { self.seed = seed }

  /// Runs all parts; the numbers and the figures are there afterwards.
  mutating func run() throws {
    roundByHand()
    weighTokens()
    let reasoner = try trainReasoner()
    try compareFormats(reasoner)
    try compareGrids(reasoner)
    try compareCaches(reasoner)
    try compareBatching()
    measureRows()
    try measureBatches()
    try converse(with: reasoner)
  }

  /// A share as per cent.
  static func percent(_ share: Double, _ places: Int = 1) -> String {
    "\(digits(100 * share, places)) %"
  }
}
