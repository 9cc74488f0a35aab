import Tensors

/// Eight codes at a time, for the loops that decode inside a product.
enum EightCodes {
  /// Transposes a square of 16 × 16 codes.
  ///
  /// Each of its quarters is transposed as 8 × 8 in eight words: squares of 4, of 2 and of 1 beside
  /// the diagonal change places.
  static func transpose(_ square: UnsafeMutablePointer<SIMD2<UInt64>>) {
    transposeHalves(square)
    transposeHalves(square + 8)
    for row in 0..<8 {
      let (above, below) = (square[row], square[row + 8])
      square[row] = SIMD2(above.x, below.x)
      square[row + 8] = SIMD2(above.y, below.y)
    }
  }

  @inline(__always)
  private static func transposeHalves(_ rows: UnsafeMutablePointer<SIMD2<UInt64>>) {
    for i in 0..<4 { exchange(rows + i, 4, 0x0000_0000_FFFF_FFFF) }
    for i in 0..<4 { exchange(rows + i + (i & 2), 2, 0x0000_FFFF_0000_FFFF) }
    for i in 0..<4 { exchange(rows + 2 * i, 1, 0x00FF_00FF_00FF_00FF) }
  }

  /// Exchanges the upper parts of one row with the lower parts of another.
  @inline(__always)
  private static func exchange(
    _ row: UnsafeMutablePointer<SIMD2<UInt64>>, _ distance: Int, _ mask: UInt64
  ) {
    let (a, b) = (row[0], row[distance])
    let shift = UInt64(8 * distance)
    let difference = ((a &>> shift) ^ b) & mask
    row[distance] = b ^ difference
    row[0] = a ^ (difference &<< shift)
  }
}
