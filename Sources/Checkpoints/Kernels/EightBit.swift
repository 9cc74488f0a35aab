import Foundation
import Tensors

/// Decodes a matrix of E4M3 numbers, each block of which is multiplied with a scale of its own.
///
///     result[i, j] = code[i, j] · scales[i / block rows, j / block columns]
///
/// The caller has checked that bytes and scales match the shape.
func decodedBlocks(
  _ bytes: Data, shape: [Int], block: WeightBlock, scales: Tensor
) -> Tensor {
  let (rows, columns) = (shape[0], shape[1])
  return Tensor(shape: shape) { target in
    bytes.withUnsafeBytes { source in
      scales.withScalars { scales in
        guard let output = target.baseAddress, let stored = source.baseAddress,
          let scale = scales.baseAddress
        else { return }
        let blocksPerRow = scales.count / ((rows - 1) / block.rows + 1)
        for row in 0..<rows {
          let rowScales = scale + row / block.rows * blocksPerRow
          for index in 0..<blocksPerRow {
            let start = index * block.columns
            let count = min(block.columns, columns - start)
            let place = row * columns + start
            EightBit.widen(
              stored + place, into: output + place, count: count, scale: rowScales[index])
          }
        }
      }
    }
  }
}

/// Conversion from and to the eight-bit format of weights: four bits of exponent, three of fraction.
@usableFromInline package enum EightBit {
  @usableFromInline package typealias Codes = SIMD16<UInt8>
  @usableFromInline package typealias Lanes = SIMD16<Float>
  @usableFromInline typealias Bits = SIMD16<UInt32>

  /// Widens E4M3 codes.
  ///
  /// Exponent and fraction move to their new places, and one exact product by 2¹²⁰ corrects the
  /// exponent's bias, for subnormal codes too. There is no infinity; the code with all bits set but
  /// the sign is the only NaN.
  @inlinable @inline(__always)
  package static func widened(_ codes: Codes) -> Lanes {
    let wide = Bits(truncatingIfNeeded: codes)
    let magnitude = wide & 0x7F
    let bias = Lanes(repeating: Float(bitPattern: (127 + 120) << 23))
    let finite = unsafeBitCast(magnitude &<< 20, to: Lanes.self) * bias
    let isNaN = (magnitude &+ 1) &>> 7
    let bits = unsafeBitCast(finite, to: Bits.self) | (isNaN &* 0x7FC0_0000)
    return unsafeBitCast(bits | ((wide & 0x80) &<< 24), to: Lanes.self)
  }

  /// Narrows to E4M3: to the nearest code, on a tie to the even one, and never beyond 448.
  @inlinable @inline(__always)
  package static func narrowed(_ values: Lanes) -> Codes {
    let bits = unsafeBitCast(values, to: Bits.self)
    let rounded = SmallFloat.rounded(values, fractionBits: 3, bias: 7, largest: 448)
    // A NaN was rounded like a large number, to 0x7E.
    let code = rounded | (SmallFloat.isNaN(bits) & 0x7F) | ((bits &>> 24) & 0x80)
    return Codes(truncatingIfNeeded: code)
  }

  @inline(__always)
  fileprivate static func widen(
    _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, count: Int,
    scale: Float
  ) {
    let output = UnsafeMutableRawPointer(target)
    let whole = count & ~15
    var index = 0
    while index < whole {
      let codes = source.loadUnaligned(fromByteOffset: index, as: Codes.self)
      output.storeBytes(of: widened(codes) * scale, toByteOffset: index * 4, as: Lanes.self)
      index += 16
    }
    guard whole < count else { return }
    var codes = Codes()
    for lane in 0..<(count - whole) {
      codes[lane] = source.load(fromByteOffset: whole + lane, as: UInt8.self)
    }
    let values = widened(codes) * scale
    for lane in 0..<(count - whole) { target[whole + lane] = values[lane] }
  }
}
