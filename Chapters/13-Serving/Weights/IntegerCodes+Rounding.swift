import Checkpoints
import FP8
import Tensors

extension IntegerCodes {
  /// Rounds a matrix to integers, group by group.
  ///
  /// Symmetric: s = max|x| / (2ᵇ⁻¹ − 1), q = round(x / s).
  /// Asymmetric: s = (max − min) / (2ᵇ − 1), z = round(−min / s) less half the codes, q =
  /// round(x / s) + z; zero is always among the numbers, so that it stays zero.
  ///
  /// Scales are rounded to brain floating point; upwards where there is a zero point, since there the
  /// ends of the range have no room. Hence |x − x̂| ≤ s / 2 for every entry.
  /// - Shape: [rows, columns]
  public init(rounding matrix: Tensor, to format: IntegerFormat) {
    insist(
      matrix.shape.count == 2 && format.group > 0 && format.group.isMultiple(of: 2)
        && (format.bits == 4 || format.bits == 8),
      "IntegerCodes: \(matrix.shape) in \(format.bits) bits and groups of \(format.group); there "
        + "are matrices in 4 or 8 bits and even groups")
    let (rows, columns) = (matrix.shape[0], matrix.shape[1])
    let numbers = matrix.scalars
    var (codes, scales): ([Int8], [Float]) = ([], [])
    var zeros: [Int8] = []
    codes.reserveCapacity(numbers.count)
    for row in 0..<rows {
      for start in stride(from: 0, to: columns, by: format.group) {
        let end = min(start + format.group, columns)
        let group = numbers[row * columns + start..<row * columns + end]
        let (scale, zero) = format.scale(of: group)
        codes += group.map { format.code(of: $0, scale, zero) }
        scales.append(scale)
        if !format.isSymmetric { zeros.append(Int8(zero)) }
      }
    }
    self.init(
      format, rows: rows, columns: columns, codes: codes,
      scales: Tensor(scales, shape: [rows, format.groups(of: columns)]), zeros: zeros)
  }
}

extension IntegerFormat {
  // snippet.scale
  /// The scale and the zero point of a group.
  func scale(of group: ArraySlice<Float>) -> (scale: Float, zero: Int) {
    let (low, high) = (min(0, group.min() ?? 0), max(0, group.max() ?? 0))
    let width = isSymmetric ? max(-low, high) : high - low
    let steps = isSymmetric ? codes.upperBound : codes.upperBound - codes.lowerBound
    let exact = width / Float(steps)
    let scale = isSymmetric ? exact.roundedToBrain : exact.roundedUpToBrain
    guard scale > 0, scale.isFinite else { return (scale.isFinite ? 1 : scale, 0) }
    return (scale, isSymmetric ? 0 : codes.lowerBound + Int((-low / scale).rounded()))
  }

  /// The code of a number.
  func code(of x: Float, _ scale: Float, _ zero: Int) -> Int8 {
    let steps = (x / scale).rounded(.toNearestOrEven)
    guard steps.isFinite else { return 0 }
    let code = max(Float(codes.lowerBound), min(Float(codes.upperBound), steps + Float(zero)))
    return Int8(code)
  }
  // snippet.end
}

extension Float {
  /// The nearest number of brain floating point.
  var roundedToBrain: Float {
    let code = FloatFormat.brain.code(of: Double(self))
    return Float(FloatFormat.brain.value(of: code))
  }

  /// The smallest number of brain floating point that is not below this one, which is positive.
  var roundedUpToBrain: Float {
    let cut = Float(bitPattern: bitPattern & 0xFFFF_0000)
    return cut == self || !isFinite ? self : Float(bitPattern: cut.bitPattern + 0x1_0000)
  }
}
