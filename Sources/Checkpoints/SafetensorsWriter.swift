import Foundation
import Tensors

/// A tensor to be stored: its name, its format and its elements.
public struct NamedTensor: Sendable {
  /// The name under which it is stored.
  public let name: String
  /// The number format of the file.
  public let format: StorageFormat
  /// Its size along each axis.
  public let shape: [Int]
  private let content: Content

  private enum Content {
    case tensor(Tensor)
    case bytes(Data)
  }

  /// Stores a tensor as F32, or rounded to F16 or BF16.
  public init(_ name: String, _ tensor: Tensor, as format: StorageFormat = .f32) {
    self.name = name
    self.format = format
    self.shape = tensor.shape
    self.content = .tensor(tensor)
  }

  /// Stores bytes as they are, little-endian and row-major.
  public init(_ name: String, bytes: Data, as format: StorageFormat, shape: [Int]) {
    self.name = name
    self.format = format
    self.shape = shape
    self.content = .bytes(bytes)
  }

  /// Stores a matrix in eight bits, with a scale for each block under a name of its own.
  ///
  /// The codes are those of E4M3, and `name_scale_inv` is what they must be multiplied with. What
  /// is no matrix is stored in single precision.
  public static func eightBit(
    _ name: String, _ matrix: Tensor, block: WeightBlock
  ) -> [NamedTensor] {
    guard let (codes, scales) = encodedBlocks(matrix, block: block) else {
      return [NamedTensor(name, matrix)]
    }
    return [
      NamedTensor(name, bytes: codes, as: .f8e4m3, shape: matrix.shape),
      NamedTensor(name + StoredTensors.scaleSuffix, scales),
    ]
  }

  /// The bytes that the elements take, once it is certain that they can be written.
  func checkedByteCount(file: String) throws(CheckpointError) -> Int {
    guard name != "__metadata__" else { throw .tensor(name, file: file, .reservedName) }
    guard !shape.contains(where: { $0 < 0 }), let expected = format.byteCount(ofShape: shape)
    else {
      throw .tensor(name, file: file, .uncountableBytes)
    }
    switch content {
    case .tensor:
      let entry = SafetensorsFile.Entry(
        name: name, format: format, shape: shape, byteCount: expected)
      try entry.requireTensorFormat(file: file)
    case .bytes(let bytes):
      guard bytes.count == expected else {
        let rule = CheckpointError.TensorRule.wrongByteCount(
          expected: expected, found: bytes.count)
        throw .tensor(name, file: file, rule)
      }
    }
    return expected
  }

  /// Writes the elements in pieces of a few megabytes, so that no second copy is ever whole.
  func write(to handle: FileHandle) throws {
    switch content {
    case .bytes(let bytes): try handle.write(contentsOf: bytes)
    case .tensor(let tensor):
      let piece = 1 << 20
      for start in stride(from: 0, to: tensor.count, by: piece) {
        let range = start..<min(start + piece, tensor.count)
        try handle.write(contentsOf: encodedBytes(of: tensor, in: range, as: format))
      }
    }
  }
}

extension SafetensorsFile {
  /// Writes a file atomically; the same tensors give the same bytes, in whatever order they come.
  ///
  /// Tensors are ordered by falling alignment and then by name, and the header is padded with
  /// spaces to a multiple of eight bytes, so that every element is aligned. Both are customs of
  /// the format's own library, whose files come out equal to the byte.
  ///
  /// - Parameter metadata: Notes about the file; `transformers` insists on `format: pt`.
  public static func write(
    _ tensors: [NamedTensor], metadata: [String: String] = ["format": "pt"], to url: URL
  ) throws(CheckpointError) {
    let sorted = tensors.sorted(by: precedes)
    let header = try header(of: sorted, metadata: metadata, file: url.lastPathComponent)
    try AtomicFile.write(to: url) { handle in
      try handle.write(contentsOf: header)
      for tensor in sorted { try tensor.write(to: handle) }
    }
  }

  private static func precedes(_ left: NamedTensor, _ right: NamedTensor) -> Bool {
    let leftRank = alignmentRank[left.format] ?? 0
    let rightRank = alignmentRank[right.format] ?? 0
    if leftRank != rightRank { return leftRank > rightRank }
    return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
  }

  private static let alignmentRank: [StorageFormat: Int] = Dictionary(
    uniqueKeysWithValues: StorageFormat.allCases.enumerated().map { ($1, $0) })

  private static func header(
    of tensors: [NamedTensor], metadata: [String: String], file: String
  ) throws(CheckpointError) -> Data {
    var object = JSONObject()
    if !metadata.isEmpty {
      var notes = JSONObject()
      for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
        notes[key] = .string(value)
      }
      object["__metadata__"] = .object(notes)
    }
    var names: Set<String> = []
    var offset = 0
    for tensor in tensors {
      let size = try tensor.checkedByteCount(file: file)
      let (end, overflows) = offset.addingReportingOverflow(size)
      guard !overflows else { throw .tensor(tensor.name, file: file, .uncountableBytes) }
      let entry: JSONValue = [
        "dtype": .string(tensor.format.rawValue),
        "shape": .array(tensor.shape.map { .integer($0) }),
        "data_offsets": [.integer(offset), .integer(end)],
      ]
      guard names.insert(tensor.name).inserted else {
        throw .tensor(tensor.name, file: file, .duplicate)
      }
      object[tensor.name] = entry
      offset = end
    }
    return framed(Data(JSONValue.object(object).text(isIndented: false).utf8))
  }

  /// Pads a header and puts its length in front.
  private static func framed(_ header: Data) -> Data {
    let length = (header.count + 7) / 8 * 8
    var result = Data()
    for shift in stride(from: 0, to: 64, by: 8) {
      result.append(UInt8(truncatingIfNeeded: length >> shift))
    }
    result.append(header)
    result.append(Data(repeating: UInt8(ascii: " "), count: length - header.count))
    return result
  }
}
