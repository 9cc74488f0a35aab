import CommandLine
import Figures
import Foundation
import MoE
import Tensors

extension Topic {
  /// The topic of chapter 4.
  static var moe: Topic {
    let summary = "A router by hand, its price, three ways to balance it, and its collapse"
    return Topic(name: "moe", chapter: 4, summary: summary, seconds: 25) { stage in
      var demo = MoEDemo(seed: stage.seed)
      try demo.run()
      if let folder = stage.figures {
        // What else the book tells of these trainings takes another minute and a half.
        try demo.compareCollapses()
        try demo.compareStrengths()
        try demo.compareGrains()
        try demo.write(to: folder)
      }
    }
  }
}

/// The demonstration of chapter 4: a router by hand, its price, and routers that learn.
struct MoEDemo: Demonstration {
  static let name = "04-moe"
  static let margin = 24

  /// Decides weights, batches and text.
  let seed: UInt64
  var findings = Findings()

  init(seed: UInt64 = 0) { self.seed = seed }

  /// Runs the parts that are printed.
  mutating func run() throws {
    routeByHand()
    balanceByHand()
    measureCost()
    try compareStrategies()
    try collapse()
  }
}
