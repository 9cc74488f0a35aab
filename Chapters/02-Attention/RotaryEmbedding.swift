import Foundation
import Tensors

/// Positions written as rotations: pair i of a head turns by position · θ^(−2i/width).
///
/// The product of a rotated query and a rotated key depends on the distance of their positions only.
/// Paper: Su et al., 2021, "RoFormer", §3.2.
public struct RotaryEmbedding: Sendable, Hashable {
  /// Which entries of a head form a pair.
  public enum Layout: Sendable, CaseIterable {
    /// Entry i turns with entry i + width / 2, as in Llama and Qwen checkpoints.
    case halfSplit
    /// Entry 2i turns with entry 2i + 1, as in the paper and in DeepSeek's checkpoints.
    case interleaved
  }

  /// The entries of a head that are rotated.
  public let width: Int
  /// Which entries form a pair.
  public let layout: Layout
  /// The angle by which each pair turns from one position to the next, in radians.
  public let frequencies: [Double]
  /// What cosines and sines are multiplied by: 1, unless a way of extending the context asks for more.
  public let amplitude: Double

  /// Creates the rotation with the usual frequencies θ^(−2i/width).
  public init(width: Int, theta: Double, layout: Layout = .halfSplit) {
    insist(width > 0 && width % 2 == 0, "RotaryEmbedding: the width \(width) must be even")
    self.init(
      frequencies: (0..<width / 2).map { pow(theta, -2 * Double($0) / Double(width)) },
      layout: layout)
  }

  /// Creates the rotation with given frequencies, as YaRN does.
  public init(frequencies: [Double], layout: Layout, amplitude: Double = 1) {
    width = 2 * frequencies.count
    self.layout = layout
    self.frequencies = frequencies
    self.amplitude = amplitude
  }

  // snippet.rotary-table
  /// The cosine and the sine of every angle, computed in Double and rounded once.
  ///
  /// In single precision an angle near 100 000 is off by up to 0.004; in Double by 1e-11.
  public func table(_ positions: [Int]) -> RotaryTable {
    var (cosines, sines): ([Float], [Float]) = ([], [])
    cosines.reserveCapacity(positions.count * frequencies.count)
    sines.reserveCapacity(positions.count * frequencies.count)
    for position in positions {
      for frequency in frequencies {
        let angle = Double(position) * frequency
        cosines.append(Float(amplitude * cos(angle)))
        sines.append(Float(amplitude * sin(angle)))
      }
    }
    let shape = [positions.count, frequencies.count]
    return RotaryTable(
      cosines: Tensor(cosines, shape: shape), sines: Tensor(sines, shape: shape), layout: layout
    )
  }
  // snippet.end
}

/// The cosine and the sine of the angle of each pair, for each row.
public struct RotaryTable: Sendable {
  /// The cosines.
  /// - Shape: [rows, width / 2]
  public let cosines: Tensor
  /// The sines.
  /// - Shape: [rows, width / 2]
  public let sines: Tensor
  /// Which entries form a pair.
  public let layout: RotaryEmbedding.Layout
}

extension Variable {
  /// Rotates every head of every row by its position.
  ///
  /// (a, b) → (a cos φ − b sin φ, a sin φ + b cos φ); the gradient turns back by −φ.
  /// - Shape: [rows, heads · headWidth] → the same
  /// - Parameter headWidth: the width of a head of which only the last entries turn; those that turn
  ///   are the whole head, if nil.
  public func rotated(by table: RotaryTable, tailOf headWidth: Int? = nil) -> Variable {
    let turning = 2 * table.cosines.columns
    let width = headWidth ?? turning
    insist(
      width >= turning && value.columns % width == 0 && value.rows == table.cosines.rows,
      "rotated: \(shape) does not hold heads of \(width) for angles of \(table.cosines.shape)")
    return tape.record(
      "rotated", value.rotated(table, headWidth: width, backwards: false), from: [self]
    ) { upstream in
      [.later { upstream.rotated(table, headWidth: width, backwards: true) }]
    }
  }
}
