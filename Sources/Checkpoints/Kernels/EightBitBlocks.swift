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

/// Encodes a matrix as E4M3 numbers, each block of which shares a scale.
///
///     scale = max(amax, 10⁻⁴) / 448,   code = round(x / scale)
///
/// A block that comes from eight bits goes back to the codes and the scale that it had: of the
/// scales around that quotient, and of the powers of two, the one that loses nothing is taken.
func encodedBlocks(_ matrix: Tensor, block: WeightBlock) -> (codes: Data, scales: Tensor)? {
  guard let grid = block.scaleShape(of: matrix.shape) else { return nil }
  let (rows, columns) = (matrix.shape[0], matrix.shape[1])
  var codes = Data(count: matrix.count)
  let scales = Tensor(shape: grid) { scales in
    codes.withUnsafeMutableBytes { target in
      matrix.withScalars { source in
        guard let x = source.baseAddress, let out = target.baseAddress else { return }
        for place in 0..<grid[0] * grid[1] {
          let (top, left) = (place / grid[1] * block.rows, place % grid[1] * block.columns)
          let start = top * columns + left
          let part = WeightPart(
            rows: min(block.rows, rows - top), columns: min(block.columns, columns - left),
            stride: columns, x: x + start)
          let scale = part.scale
          scales[place] = scale
          part.narrow(into: out + start, scale: scale)
        }
      }
    }
  }
  return (codes, scales)
}

/// One block of a matrix in memory.
private struct WeightPart {
  let rows, columns, stride: Int
  let x: UnsafePointer<Float>

  var scale: Float {
    var amax: Float = 0
    for row in 0..<rows {
      for column in 0..<columns { amax = max(amax, abs(x[row * stride + column])) }
    }
    let scale = max(amax, 1e-4) / 448
    guard scale.isFinite else { return scale }
    let power = Float(sign: .plus, exponent: scale.exponent, significand: 1)
    let candidates = [scale, scale.nextUp, scale.nextDown, power, 2 * power]
    return candidates.first(where: isExact) ?? scale
  }

  private func isExact(_ scale: Float) -> Bool {
    for row in 0..<rows {
      for start in Swift.stride(from: 0, to: columns, by: 16) {
        let values = load(row, start)
        guard EightBit.widened(EightBit.narrowed(values / scale)) * scale == values else {
          return false
        }
      }
    }
    return true
  }

  func narrow(into out: UnsafeMutableRawPointer, scale: Float) {
    for row in 0..<rows {
      for start in Swift.stride(from: 0, to: columns, by: 16) {
        let codes = EightBit.narrowed(load(row, start) / scale)
        for lane in 0..<min(16, columns - start) {
          out.storeBytes(
            of: codes[lane], toByteOffset: row * stride + start + lane, as: UInt8.self)
        }
      }
    }
  }

  private func load(_ row: Int, _ start: Int) -> EightBit.Lanes {
    let source = x + row * stride + start
    guard columns - start < 16 else {
      return UnsafeRawPointer(source).loadUnaligned(as: EightBit.Lanes.self)
    }
    var values = EightBit.Lanes()
    for lane in 0..<(columns - start) { values[lane] = source[lane] }
    return values
  }
}

extension EightBit {
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
