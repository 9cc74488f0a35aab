import Foundation
import Tensors

/// A format whose codes are evenly spaced logarithms between the smallest and the largest of a tile:
/// LogFMT.
///
///     0 → 0,   K → ± exp(min + step · (K - 1)) for K in 1 … 2ⁿ⁻¹ - 1
///     step = (max - min) / (2ⁿ⁻¹ - 2)
///
/// `min` and `max` are the extreme logarithms of the magnitudes that are not zero; the range is cut
/// at a factor of 2³², about that of five bits of exponent. DeepSeek studied the format for what is
/// sent between processors and did not deploy it (Insights into V3, §3.2).
public struct LogFormat: Sendable, Hashable {
  /// Where the boundary between two neighbouring codes lies.
  public enum Rounding: Sendable {
    /// Halfway between their numbers, so that the mean of many numbers keeps its value.
    case linear
    /// Halfway between their logarithms, which is easier and makes numbers too large on average.
    case logarithmic
  }

  /// A tile in codes: those of the magnitudes, their signs, and what the codes mean.
  public struct Tile: Sendable, Equatable {
    /// K for each number.
    public let codes: [Int]
    /// Whether the number is negative.
    public let isNegative: [Bool]
    /// The logarithm of the smallest magnitude.
    public let minimum: Double
    /// The distance of two neighbouring logarithms.
    public let step: Double

    /// The number of a code, its sign left out.
    public func magnitude(of code: Int) -> Double {
      code == 0 ? 0 : exp(minimum + step * Double(code - 1))
    }

    /// The numbers that the codes stand for.
    public var values: [Double] {
      zip(codes, isNegative).map { $1 ? -magnitude(of: $0) : magnitude(of: $0) }
    }
  }

  /// The bits of a number, its sign included.
  public let bits: Int
  /// How a number finds its code.
  public let rounding: Rounding

  /// The numbers that share one range, neighbours in a row.
  public static let tileWidth = 128

  /// Creates a format.
  public init(bits: Int, rounding: Rounding = .linear) {
    insist((3...16).contains(bits), "LogFormat: \(bits) bits; 3 to 16 make sense")
    self.bits = bits
    self.rounding = rounding
  }

  /// The largest code.
  public var largestCode: Int { 1 << (bits - 1) - 1 }

  /// Converts a tile of finite numbers.
  ///
  /// What the definition leaves open: a tile of zeros has codes 0; when all magnitudes are equal,
  /// all codes are 1; a magnitude below the cut range gets the nearer of 0 and its lower end.
  public func tile(_ numbers: [Double]) -> Tile {
    insist(numbers.allSatisfy(\.isFinite), "LogFormat: a number of the tile is not finite")
    let logarithms = numbers.filter { $0 != 0 }.map { log(abs($0)) }
    let highest = logarithms.max() ?? 0
    let lowest = max(logarithms.min() ?? 0, highest - 32 * log(2))
    let step = (highest - lowest) / Double(largestCode - 1)
    let empty = Tile(codes: [], isNegative: [], minimum: lowest, step: step)
    return Tile(
      codes: numbers.map { code(of: abs($0), in: empty) },
      isNegative: numbers.map { $0.sign == .minus }, minimum: lowest, step: step)
  }

  /// The numbers of a matrix that are left after its conversion, tile by tile.
  public func rounded(_ matrix: Tensor) -> Tensor {
    let (numbers, columns) = (matrix.scalars, matrix.columns)
    var result: [Float] = []
    result.reserveCapacity(numbers.count)
    for row in stride(from: 0, to: numbers.count, by: max(columns, 1)) {
      for start in stride(from: 0, to: columns, by: Self.tileWidth) {
        let end = row + min(start + Self.tileWidth, columns)
        result += tile(numbers[row + start..<end].map { Double($0) }).values.map { Float($0) }
      }
    }
    return Tensor(result, shape: matrix.shape)
  }

  private func code(of magnitude: Double, in tile: Tile) -> Int {
    if magnitude == 0 { return 0 }
    let place = tile.step == 0 ? 0 : (log(magnitude) - tile.minimum) / tile.step
    if place <= 0 { return 2 * magnitude < tile.magnitude(of: 1) ? 0 : 1 }
    let lower = min(1 + Int(place), largestCode - 1)
    let boundary =
      switch rounding {
      case .linear: (tile.magnitude(of: lower) + tile.magnitude(of: lower + 1)) / 2
      case .logarithmic: exp(tile.minimum + tile.step * (Double(lower) - 0.5))
      }
    return magnitude > boundary ? lower + 1 : lower
  }
}
