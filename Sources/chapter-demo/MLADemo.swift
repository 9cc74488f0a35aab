import CommandLine
import Figures
import Foundation

extension Topic {
  /// The topic of chapter 3.
  static var mla: Topic {
    let summary = "One latent for all heads: its loss, its cache, its speed, and longer texts"
    return Topic(name: "mla", chapter: 3, summary: summary, seconds: 30) { stage in
      var demo = MLADemo(seed: stage.seed, isThorough: stage.figures != nil)
      try demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
  }
}

/// The demonstration of chapter 3: what latent attention keeps, and what that costs and saves.
struct MLADemo: Demonstration {
  static let name = "03-mla"
  static let margin = 22

  /// Decides weights, batches and inputs.
  let seed: UInt64
  /// Whether the race of the attentions is long enough for the book: about three minutes, not twenty
  /// seconds.
  let isThorough: Bool
  var findings = Findings()

  init(seed: UInt64 = 0, isThorough: Bool = false) {
    (self.seed, self.isThorough) = (seed, isThorough)
  }

  /// Runs all parts; the numbers and the figures are there afterwards.
  mutating func run() throws {
    walkByHand()
    countCaches()
    stretch()
    let trained = try race()
    try readFurther(with: trained)
    measureDecoding()
  }
}
