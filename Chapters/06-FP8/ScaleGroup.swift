import Tensors

/// Which entries of a matrix share one scale.
///
/// The groups lie along the summed axis of the product that a matrix is made for (V3, §3.3.2):
///
/// | matrix | group |
/// |---|---|
/// | tokens × channels, summed over channels | `tile`: 1 × 128 |
/// | weights, summed over either axis | `block`: 128 × 128 |
/// | tokens × channels, summed over tokens | `column`: 128 × 1 |
public struct ScaleGroup: Sendable, Hashable {
  /// The rows of a group.
  public let rows: Int
  /// The columns of a group.
  public let columns: Int

  /// Creates a group.
  public init(rows: Int, columns: Int) {
    insist(rows > 0 && columns > 0, "ScaleGroup: \(rows) by \(columns) has no entry")
    self.rows = rows
    self.columns = columns
  }

  /// A token's neighbouring channels.
  public static let tile = ScaleGroup(rows: 1, columns: 128)
  /// A square of weights.
  public static let block = ScaleGroup(rows: 128, columns: 128)
  /// A channel's neighbouring tokens.
  public static let column = ScaleGroup(rows: 128, columns: 1)

  /// How many groups cover a matrix; the last of a row or a column may be smaller than the others.
  ///
  ///     [⌈rows / group rows⌉, ⌈columns / group columns⌉]
  public func grid(rows: Int, columns: Int) -> [Int] {
    [(rows + self.rows - 1) / self.rows, (columns + self.columns - 1) / self.columns]
  }
}

/// How the scale of a group follows from its largest magnitude.
public enum ScaleRule: Sendable, Hashable {
  /// Any number of single precision.
  case single
  /// A power of two, the next larger one: the codes use the upper half of the range or more.
  case powerOfTwo

  /// The smallest magnitude that counts as a group's largest: a group of zeros must not be divided
  /// by zero.
  public static let smallestMagnitude: Float = 1e-4

  /// The scale of a group: its largest magnitude becomes the largest number of the format.
  ///
  ///     s = max(amax, 10⁻⁴) / largest,   and 2^⌈log₂ s⌉ for powers of two
  public func scale(of amax: Float, in format: FloatFormat) -> Float {
    scale(of: amax, largest: Float(format.largest))
  }

  /// The same for a kernel, which knows the largest number by heart.
  @inline(__always)
  func scale(of amax: Float, largest: Float) -> Float {
    let scale = max(amax, Self.smallestMagnitude) / largest
    return self == .single ? scale : PowerOfTwoScale(roundingUp: scale).value
  }
}
