import CommandLine
import FP8
import Figures
import Foundation
import Tensors

extension Topic {
  /// The topic of chapter 6.
  static var fp8: Topic {
    let summary = "Eight bits: formats and scales, sums that forget, a training beside FP32"
    var topic = Topic(name: "fp8", chapter: 6, summary: summary, seconds: 20) { stage in
      var demo = FP8Demo(seed: stage.seed)
      try demo.run(isWhole: stage.figures != nil)
      if let folder = stage.figures { try demo.write(to: folder) }
    }
    topic.runLong = { stage in
      var demo = FP8LongDemo(seed: stage.seed)
      try demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
    return topic
  }
}

/// The demonstration of chapter 6: what eight bits can hold, what goes wrong with them, and a training.
struct FP8Demo: Demonstration {
  static let name = "06-fp8"
  static let margin = 18

  /// Decides data, weights and batches.
  let seed: UInt64
  var findings = Findings()

  init(seed: UInt64 = 0) { self.seed = seed }

  /// Runs all parts; the numbers and the figures are there afterwards.
  /// - Parameter isWhole: Whether the long trainings run too, for the book's figures.
  mutating func run(isWhole: Bool) throws {
    describeFormats()
    convertByHand()
    drawNumberLines()
    measureErrors()
    compareSizes()
    compareOutliers()
    measureLogarithms()
    accumulate()
    compareGradientGroups()
    try train(isWhole: isWhole)
    if isWhole { try compareLongSums() }
    try measureMemory()
    try measureSpeed()
  }

  static func percent(_ share: Double, _ places: Int = 2) -> String {
    "\(digits(100 * share, places)) %"
  }

  static func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }

  /// A matrix of normally distributed numbers, the same at each call with the same branch.
  func gaussian(_ rows: Int, _ columns: Int, branch: UInt64) -> Tensor {
    var generator = SplitMix64(seed: seed).branch(branch)
    return Tensor.normal(shape: [rows, columns], using: &generator)
  }

  /// ‖x̂ - x‖ / ‖x‖, for all rows and for each, with a row that is all zeros at 0.
  static func errors(of found: Tensor, from exact: Tensor) -> (whole: Double, rows: [Double]) {
    let (a, b, columns) = (found.scalars, exact.scalars, exact.columns)
    var (lost, all) = (0.0, 0.0)
    let rows = (0..<exact.rows).map { row in
      var (rowLost, rowAll) = (0.0, 0.0)
      for place in row * columns..<(row + 1) * columns {
        let (x, y) = (Double(a[place]), Double(b[place]))
        rowLost += (x - y) * (x - y)
        rowAll += y * y
      }
      lost += rowLost
      all += rowAll
      return rowAll == 0 ? 0 : (rowLost / rowAll).squareRoot()
    }
    return ((lost / all).squareRoot(), rows)
  }
}
