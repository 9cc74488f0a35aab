import Checkpoints
import Foundation
import Tensors
import TestSupport

/// The folder of the files that `make_checkpoints.py` wrote.
let fixtures = Repository.references.appendingPathComponent("checkpoints")

/// The error that a body throws, or `nil`.
func failure(of body: () throws -> Void) -> CheckpointError? {
  do {
    try body()
    return nil
  } catch { return error as? CheckpointError }
}

/// One tensor of a table of expected values.
struct Expected {
  let format: StorageFormat
  let shape: [Int]
  /// The bits of the elements after widening to single precision.
  let bits: [UInt32]?
  let bytes: Data?
}

/// Reads a table such as `formats.json`.
func expectedTensors(_ name: String) throws -> [(name: String, expected: Expected)] {
  let fields = try JSONFields(readingFrom: fixtures.appendingPathComponent(name))
  return try fields.object.keys.map { key in
    guard let entry = try fields.fields(key) else { throw fields.error(key, .missing) }
    let hexadecimal = entry["bytes"]?.string.map { Array($0.utf8) }
    let bytes = hexadecimal.map { digits in
      Data(
        stride(from: 0, to: digits.count, by: 2).map {
          UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16) ?? 0
        })
    }
    let bits = entry["bits"]?.array?.map { UInt32($0.integer ?? 0) }
    let format = StorageFormat(rawValue: try entry.string("dtype"))
    return (
      key,
      Expected(
        format: format ?? .bool, shape: try entry.integers("shape"), bits: bits, bytes: bytes)
    )
  }
}

extension Tensor {
  /// The bits of the elements, which tell the two zeros apart; every NaN has the same.
  var bits: [UInt32] { scalars.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern } }

  /// Whole numbers that count up from one, of which all formats keep the first 256 exactly.
  static func counting(_ shape: [Int]) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor((0..<count).map { Float($0 % 256 + 1) }, shape: shape)
  }
}

/// A safetensors file made from a header written by hand.
func file(_ header: String, data: Int = 0, length: UInt64? = nil) -> Data {
  file(Data(header.utf8), data: data, length: length)
}

/// A safetensors file made from the bytes of a header.
func file(_ header: Data, data: Int = 0, length: UInt64? = nil) -> Data {
  let length = length ?? UInt64(header.count)
  let prefix = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
  return Data(prefix) + header + Data(repeating: 7, count: data)
}
