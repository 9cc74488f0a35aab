import Tensors

/// A matrix in eight bits, or twelve, with a scale for each group of entries.
///
///     code[i, j] = x[i, j] / s,   x̂[i, j] = code[i, j] · s,   s = the scale of the group of i, j
///
/// The quotient is rounded to the nearest code and cannot overflow: the group's own largest
/// magnitude, measured now and not remembered from earlier steps, defines s. An infinite entry
/// makes its whole group NaN, and a NaN stays where it is.
///
/// V3, §3.3.2.
public struct BlockScaled: Sendable, Equatable {
  /// The shape of the matrix; all axes but the last are laid end to end.
  public let shape: [Int]
  /// Which entries share a scale.
  public let group: ScaleGroup
  /// What the codes mean.
  public let format: FloatFormat
  /// What the codes are multiplied with, [groups down, groups across].
  public let scales: Tensor
  /// The codes row by row, each row as its `SixteenCodes` lays it out.
  package let codes: CodeBytes

  /// Converts a matrix.
  /// - Parameters:
  ///   - format: E4M3, E5M2 or E5M6.
  ///   - scales: what the scales may be.
  public init(
    _ matrix: Tensor, in format: FloatFormat = .e4m3, by group: ScaleGroup,
    scales rule: ScaleRule = .single
  ) {
    insist(
      !matrix.shape.isEmpty, "BlockScaled: a scalar has neither rows nor columns to group")
    let fits = group.columns == 1 || group.columns.isMultiple(of: 16)
    insist(
      format == .e4m3 || format == .e5m2 || format == .e5m6 && fits,
      "BlockScaled: \(format) in groups of \(group.columns) columns; there are E4M3, E5M2, and "
        + "E5M6 in groups of 1 or of a multiple of 16")
    shape = matrix.shape
    self.group = group
    self.format = format
    (codes, scales) = matrix.encoded(in: format, by: group, scales: rule)
  }

  /// The rows of the matrix.
  public var rows: Int { columns == 0 ? 0 : shape.reduce(1, *) / columns }
  /// The columns of the matrix.
  public var columns: Int { shape[shape.count - 1] }
  /// The bytes of codes and scales.
  public var byteCount: Int { codes.count + 4 * scales.count }

  /// The numbers that the codes stand for.
  public var tensor: Tensor { decoded }

  /// The same numbers with other groups, rounded a second time.
  ///
  /// Nothing is lost when all scales are powers of two, unless a number becomes subnormal under its
  /// new scale: to divide by a power of two keeps every fraction.
  public func regrouped(
    by group: ScaleGroup, scales rule: ScaleRule = .powerOfTwo
  ) -> BlockScaled {
    BlockScaled(tensor, in: format, by: group, scales: rule)
  }
}
