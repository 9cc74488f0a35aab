import Attention
import Checkpoints
import CommandLine
import Figures
import Foundation
import Tensors
import Text

extension Topic {
  /// The topic of chapter 2.
  static var attention: Topic {
    let summary = "From text to loss, three models that learn, the cache, and its memory"
    return Topic(name: "attention", chapter: 2, summary: summary, seconds: 20) { stage in
      var demo = AttentionDemo(seed: stage.seed)
      // The book compares two seeds; one shows what there is to see in half the time.
      try demo.run(twice: stage.figures != nil)
      if let folder = stage.figures { try demo.write(to: folder) }
    }
  }
}

/// The demonstration of chapter 2: from text to loss on one sentence, then a model that learns.
struct AttentionDemo: Demonstration {
  static let name = "02-attention"
  static let margin = 12

  /// Decides weights, batches and samples.
  let seed: UInt64
  var findings = Findings()

  init(seed: UInt64 = 0) { self.seed = seed }

  /// Runs all parts; the numbers and the figures are there afterwards.
  mutating func run(twice: Bool) throws {
    try walk()
    drawByHand()
    try train(twice: twice)
    measureDecoding()
    measureMemory()
    tabulateCaches()
  }

  /// The seconds that some work takes.
  static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let time = try ContinuousClock().measure(work)
    return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
  }
}
