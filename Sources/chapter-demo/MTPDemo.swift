import CommandLine
import Figures
import Foundation

extension Topic {
  /// The topic of chapter 5.
  static var mtp: Topic {
    let summary = "A token further ahead: what it teaches, and two tokens for one pass"
    return Topic(name: "mtp", chapter: 5, summary: summary, seconds: 20) { stage in
      var demo = MTPDemo(seed: stage.seed)
      // The book compares two seeds; one shows what there is to see in half the time.
      try demo.run(twice: stage.figures != nil)
      if let folder = stage.figures { try demo.write(to: folder) }
    }
  }
}

/// The demonstration of chapter 5: training with and without a prediction module, and writing with it.
struct MTPDemo: Demonstration {
  static let name = "05-mtp"
  static let margin = 13

  /// Decides weights, batches and samples.
  let seed: UInt64
  var findings = Findings()

  init(seed: UInt64 = 0) { self.seed = seed }

  /// Runs all parts; the numbers and the figures are there afterwards.
  mutating func run(twice: Bool) throws {
    try pairUp()
    let trained = try train(twice: twice)
    try speculate(with: trained)
  }

  static func percent(_ share: Double) -> String { "\(digits(100 * share, 1)) %" }
}
