import Checkpoints
import Tensors

/// A tensor in brain floating point: the upper half of single precision, two bytes a number.
///
/// The codes lie in pairs in the memory of a tensor, so that they come from the same pool.
package struct BrainTensor: Sendable {
  package let shape: [Int]
  private let count: Int
  private var pairs: Tensor

  /// Creates a tensor of zeros.
  package init(shape: [Int]) {
    self.shape = shape
    count = shape.reduce(1, *)
    pairs = Tensor(shape: [(count + 1) / 2])
  }

  /// Rounds a tensor, ties to even.
  package init(rounding tensor: Tensor) {
    shape = tensor.shape
    count = tensor.count
    let (source, pieces) = (tensor, BrainPieces(tensor.count))
    pairs = Tensor(shape: [(tensor.count + 1) / 2]) { target in
      source.withScalars { source in
        guard let to = target.baseAddress, let from = source.baseAddress else { return }
        pieces.forEach(BrainAddress(from: from, to: to)) { address, range in
          var place = range.lowerBound
          while place < range.upperBound {
            let part = min(16, range.upperBound - place)
            let codes = HalfPrecision.narrowedBrain(read(address.from + place, part))
            write(codes, UnsafeMutableRawPointer(address.to), place, part)
            place += part
          }
        }
      }
    }
  }

  /// The numbers in single precision, which holds them exactly.
  package var tensor: Tensor {
    let pieces = BrainPieces(count)
    return Tensor(shape: shape) { target in
      pairs.withScalars { source in
        guard let to = target.baseAddress, let from = source.baseAddress else { return }
        pieces.forEach(BrainAddress(from: from, to: to)) { address, range in
          var place = range.lowerBound
          while place < range.upperBound {
            let part = min(16, range.upperBound - place)
            let codes = codes(UnsafeRawPointer(address.from), place, part)
            write(HalfPrecision.widenedBrain(codes), address.to + place, part)
            place += part
          }
        }
      }
    }
  }

  /// The bytes of the codes.
  package var byteCount: Int { 2 * count }

  /// Lends the codes for reading and writing.
  mutating func withMutableCodes(_ body: (UnsafeMutableRawPointer) -> Void) {
    pairs.withMutableScalars { pairs in
      if let base = pairs.baseAddress { body(UnsafeMutableRawPointer(base)) }
    }
  }
}

extension Tensor {
  /// The tensor with each number rounded to brain floating point.
  package var roundedToBrain: Tensor {
    var result = self
    result.roundToBrain()
    return result
  }
}

/// Where a conversion reads and writes.
struct BrainAddress: @unchecked Sendable {
  let from: UnsafePointer<Float>
  let to: UnsafeMutablePointer<Float>
}

/// The pieces of a long list, for several threads.
struct BrainPieces {
  private static let size = 16_384
  private let count: Int

  init(_ count: Int) { self.count = count }

  /// Runs a body for each piece; a number costs about four operations.
  @inline(__always)
  func forEach(
    _ address: BrainAddress, _ body: @Sendable (BrainAddress, Range<Int>) -> Void
  ) {
    let (size, count) = (Self.size, count)
    Threads.forEachBlock((count + size - 1) / size, work: 4 * count) { piece in
      body(address, piece * size..<min((piece + 1) * size, count))
    }
  }
}

/// Reads up to sixteen numbers.
@inline(__always)
func read(_ address: UnsafePointer<Float>, _ count: Int) -> HalfPrecision.Lanes {
  if count == 16 {
    return UnsafeRawPointer(address).loadUnaligned(as: HalfPrecision.Lanes.self)
  }
  var lanes = HalfPrecision.Lanes()
  for lane in 0..<count { lanes[lane] = address[lane] }
  return lanes
}

/// Writes up to sixteen numbers.
@inline(__always)
func write(
  _ lanes: HalfPrecision.Lanes, _ address: UnsafeMutablePointer<Float>, _ count: Int
) {
  if count == 16 {
    UnsafeMutableRawPointer(address).storeBytes(of: lanes, as: HalfPrecision.Lanes.self)
  } else {
    for lane in 0..<count { address[lane] = lanes[lane] }
  }
}

/// Reads up to sixteen codes.
@inline(__always)
func codes(_ base: UnsafeRawPointer, _ place: Int, _ count: Int) -> HalfPrecision.Codes {
  let address = base + 2 * place
  if count == 16 { return address.loadUnaligned(as: HalfPrecision.Codes.self) }
  var codes = HalfPrecision.Codes()
  for lane in 0..<count {
    codes[lane] = address.load(fromByteOffset: 2 * lane, as: UInt16.self)
  }
  return codes
}

/// Writes up to sixteen codes.
@inline(__always)
func write(
  _ codes: HalfPrecision.Codes, _ base: UnsafeMutableRawPointer, _ place: Int, _ count: Int
) {
  let address = base + 2 * place
  if count == 16 {
    address.storeBytes(of: codes, as: HalfPrecision.Codes.self)
  } else {
    for lane in 0..<count {
      address.storeBytes(of: codes[lane], toByteOffset: 2 * lane, as: UInt16.self)
    }
  }
}
