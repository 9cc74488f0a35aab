import Foundation
import Tensors

/// A matrix of small integers, with a scale, and perhaps a zero point, for each group of a row.
///
///     x̂[i, j] = (code[i, j] − zero[i, g]) · scale[i, g],   g = j / group
public struct IntegerCodes: Sendable, Equatable {
  /// Bits, group and symmetry.
  public let format: IntegerFormat
  /// The rows of the matrix.
  public let rows: Int
  /// The columns of the matrix.
  public let columns: Int
  /// The codes, row by row.
  public let codes: [Int8]
  /// The scales, each representable in brain floating point.
  /// - Shape: [rows, groups]
  public let scales: Tensor
  /// The zero points, one beside each scale; empty in a symmetric format.
  public let zeros: [Int8]

  /// Joins the parts.
  public init(
    _ format: IntegerFormat, rows: Int, columns: Int, codes: [Int8], scales: Tensor,
    zeros: [Int8] = []
  ) {
    let groups = format.groups(of: columns)
    insist(
      codes.count == rows * columns && scales.shape == [rows, groups]
        && zeros.count == (format.isSymmetric ? 0 : rows * groups),
      "IntegerCodes: \(codes.count) codes, scales \(scales.shape) and \(zeros.count) zeros for "
        + "\(rows) × \(columns) in groups of \(format.group)")
    self.format = format
    self.rows = rows
    self.columns = columns
    self.codes = codes
    self.scales = scales
    self.zeros = zeros
  }

  /// The numbers that the codes stand for.
  public var tensor: Tensor {
    let groups = format.groups(of: columns)
    return scales.withScalars { scales in
      Tensor(shape: [rows, columns]) { out in
        for row in 0..<rows {
          for column in 0..<columns {
            let place = row * groups + column / format.group
            let zero = zeros.isEmpty ? 0 : Int(zeros[place])
            let steps = Int(codes[row * columns + column]) - zero
            out[row * columns + column] = Float(steps) * scales[place]
          }
        }
      }
    }
  }
}

// MARK: In files

extension IntegerCodes {
  /// The suffixes that stand in the place of `weight`.
  enum Part: String, CaseIterable {
    case packed = "weight_packed"
    case scale = "weight_scale"
    case shape = "weight_shape"
    case zero = "weight_zero_point"

    /// The name of this part of a weight such as `x.weight`.
    func name(of weight: String) -> String { weight.dropLast("weight".count) + rawValue }
  }

  /// The tensors that store the matrix instead of `weight`.
  ///
  /// Codes lie along a row, the first in the lowest bits of a word, each moved up so that none is
  /// negative; zero points lie so along a column.
  public func storedTensors(_ weight: String) -> [NamedTensor] {
    let groups = format.groups(of: columns)
    let words = packed(rows, columns) { codes[$0 * columns + $1] }
    let shape = Self.shapeBytes([rows, columns])
    var tensors = [
      NamedTensor(
        Part.packed.name(of: weight), bytes: words, as: .i32,
        shape: [rows, format.words(of: columns)]),
      NamedTensor(Part.scale.name(of: weight), scales, as: .bf16),
      NamedTensor(Part.shape.name(of: weight), bytes: shape, as: .i64, shape: [2]),
    ]
    if !zeros.isEmpty {
      let transposed = IntegerWords(format, groups, rows) { zeros[$1 * groups + $0] }
      let words = format.words(of: rows)
      let bytes = IntegerWords.bytes(words, groups) { transposed.words[$1 * words + $0] }
      tensors.append(
        NamedTensor(
          Part.zero.name(of: weight), bytes: bytes, as: .i32, shape: [words, groups]))
    }
    return tensors
  }

  /// The stored bytes of a shape.
  static func shapeBytes(_ shape: [Int]) -> Data {
    Data(shape.flatMap { littleEndian(UInt64($0), bytes: 8) })
  }

  private func packed(_ rows: Int, _ columns: Int, _ code: (Int, Int) -> Int8) -> Data {
    let words = IntegerWords(format, rows, columns, code)
    let width = format.words(of: columns)
    return IntegerWords.bytes(rows, width) { words.words[$0 * width + $1] }
  }

  /// Reads the parts of a weight, of which the shape is known.
  init(
    _ weight: String, shape: [Int], _ format: IntegerFormat,
    bytes: (_ part: Part, _ shape: [Int]) throws(CheckpointError) -> Data,
    scales: (_ name: String, _ shape: [Int]) throws(CheckpointError) -> Tensor
  ) throws(CheckpointError) {
    let (rows, columns) = (shape[0], shape[1])
    let groups = format.groups(of: columns)
    let width = format.words(of: columns)
    let words = IntegerWords(format, try bytes(.packed, [rows, width]))
    let codes = words.codes(rows, columns) { $0 * width + $1 }
    var zeros: [Int8] = []
    if !format.isSymmetric {
      let stored = IntegerWords(format, try bytes(.zero, [format.words(of: rows), groups]))
      let columnwise = stored.codes(groups, rows) { $1 * groups + $0 }
      zeros = (0..<rows * groups).map { columnwise[$0 % groups * rows + $0 / groups] }
    }
    self.init(
      format, rows: rows, columns: columns, codes: codes,
      scales: try scales(Part.scale.name(of: weight), [rows, groups]), zeros: zeros)
  }
}

extension IntegerFormat {
  /// The words of 32 bits that hold some codes.
  func words(of codes: Int) -> Int { (codes + codesPerWord - 1) / codesPerWord }
}

/// The bytes of a number, the lowest first.
private func littleEndian(_ number: UInt64, bytes: Int) -> [UInt8] {
  (0..<bytes).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
}

/// Codes in words of 32 bits.
private struct IntegerWords {
  let format: IntegerFormat
  var words: [UInt32]

  /// Packs each row by itself.
  init(_ format: IntegerFormat, _ rows: Int, _ columns: Int, _ code: (Int, Int) -> Int8) {
    self.format = format
    let (width, lift) = (format.words(of: columns), -format.codes.lowerBound)
    words = [UInt32](repeating: 0, count: rows * width)
    for row in 0..<rows {
      for column in 0..<columns {
        let (word, place) = column.quotientAndRemainder(dividingBy: format.codesPerWord)
        let lifted = UInt32(Int(code(row, column)) + lift)
        words[row * width + word] |= lifted << UInt32(place * format.bits)
      }
    }
  }

  /// Reads words, the lowest byte first.
  init(_ format: IntegerFormat, _ bytes: Data) {
    self.format = format
    let all = [UInt8](bytes)
    words = stride(from: 0, to: all.count, by: 4).map { place in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(all[place + $1]) << UInt32(8 * $1) }
    }
  }

  /// Unpacks the codes of some rows, given where each word lies.
  func codes(_ rows: Int, _ columns: Int, at place: (_ row: Int, _ word: Int) -> Int) -> [Int8]
  {
    let (lift, mask) = (-format.codes.lowerBound, UInt32(1 << format.bits - 1))
    var result: [Int8] = []
    result.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let (word, part) = column.quotientAndRemainder(dividingBy: format.codesPerWord)
        let code = words[place(row, word)] >> UInt32(part * format.bits) & mask
        result.append(Int8(Int(code) - lift))
      }
    }
    return result
  }

  static func bytes(_ rows: Int, _ columns: Int, _ word: (Int, Int) -> UInt32) -> Data {
    var data = Data(capacity: 4 * rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        data.append(contentsOf: littleEndian(UInt64(word(row, column)), bytes: 4))
      }
    }
    return data
  }
}
