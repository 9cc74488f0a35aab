import Foundation
import Tensors

/// Decodes the stored bytes of a tensor; the caller has checked that they match the shape.
///
/// Bytes are little-endian and row-major, and need no alignment.
func decodedTensor(_ bytes: Data, as format: StorageFormat, shape: [Int]) -> Tensor {
  Tensor(shape: shape) { target in
    bytes.withUnsafeBytes { source in
      guard let scalars = target.baseAddress, let stored = source.baseAddress else { return }
      let count = target.count
      switch format {
      case .bf16: widen(stored, into: scalars, count: count, HalfPrecision.widenedBrain)
      case .f16: widen(stored, into: scalars, count: count, HalfPrecision.widenedHalf)
      default: UnsafeMutableRawPointer(scalars).copyMemory(from: stored, byteCount: count * 4)
      }
    }
  }
}

/// Encodes a range of a tensor's elements.
func encodedBytes(of tensor: Tensor, in range: Range<Int>, as format: StorageFormat) -> Data {
  tensor.withScalars { scalars in
    let part = UnsafeBufferPointer(rebasing: scalars[range])
    guard format != .f32 else { return Data(buffer: part) }
    var result = Data(count: part.count * 2)
    result.withUnsafeMutableBytes { target in
      guard let stored = target.baseAddress, let source = part.baseAddress else { return }
      if format == .bf16 {
        narrow(source, into: stored, count: part.count, HalfPrecision.narrowedBrain)
      } else {
        narrow(source, into: stored, count: part.count, HalfPrecision.narrowedHalf)
      }
    }
    return result
  }
}

@inline(__always)
private func widen(
  _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, count: Int,
  _ convert: (HalfPrecision.Codes) -> HalfPrecision.Lanes
) {
  let output = UnsafeMutableRawPointer(target)
  let whole = count & ~15
  var index = 0
  while index < whole {
    let codes = source.loadUnaligned(fromByteOffset: index * 2, as: HalfPrecision.Codes.self)
    output.storeBytes(of: convert(codes), toByteOffset: index * 4, as: HalfPrecision.Lanes.self)
    index += 16
  }
  var codes = HalfPrecision.Codes()
  for lane in 0..<(count - whole) {
    codes[lane] = source.loadUnaligned(fromByteOffset: (whole + lane) * 2, as: UInt16.self)
  }
  let values = convert(codes)
  for lane in 0..<(count - whole) { target[whole + lane] = values[lane] }
}

@inline(__always)
private func narrow(
  _ source: UnsafePointer<Float>, into target: UnsafeMutableRawPointer, count: Int,
  _ convert: (HalfPrecision.Lanes) -> HalfPrecision.Codes
) {
  let input = UnsafeRawPointer(source)
  let whole = count & ~15
  var index = 0
  while index < whole {
    let values = input.loadUnaligned(fromByteOffset: index * 4, as: HalfPrecision.Lanes.self)
    target.storeBytes(
      of: convert(values), toByteOffset: index * 2, as: HalfPrecision.Codes.self)
    index += 16
  }
  var values = HalfPrecision.Lanes()
  for lane in 0..<(count - whole) { values[lane] = source[whole + lane] }
  let codes = convert(values)
  for lane in 0..<(count - whole) {
    target.storeBytes(of: codes[lane], toByteOffset: (whole + lane) * 2, as: UInt16.self)
  }
}
