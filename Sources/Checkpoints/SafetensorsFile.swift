import Foundation
import Tensors

/// A safetensors file whose header has been checked and whose tensors are decoded on demand.
///
/// The file is mapped, not read: opening costs the header, and a tensor's pages come from the
/// disk when it is asked for.
public struct SafetensorsFile: Sendable {
  /// One stored tensor: everything about it but its elements.
  public struct Entry: Equatable, Sendable {
    /// The name under which it is stored.
    public let name: String
    /// The number format of its elements.
    public let format: StorageFormat
    /// Its size along each axis.
    public let shape: [Int]
    /// The number of its bytes in the file.
    public let byteCount: Int
  }

  /// The file's name as it appears in errors.
  public let name: String
  /// The tensors in the order of their bytes.
  public let entries: [Entry]
  /// What the writer noted about the file, such as `format: pt`.
  public let metadata: [String: String]

  private let contents: Data
  private let places: [String: (entry: Entry, range: Range<Int>)]

  /// Opens a file and checks its whole header.
  public init(at url: URL) throws(CheckpointError) {
    try self.init(try mappedBytes(of: url), named: url.lastPathComponent)
  }

  /// Takes the bytes of a file that is already in memory.
  public init(_ contents: Data, named name: String) throws(CheckpointError) {
    let header = try SafetensorsHeader(of: contents, file: name)
    let dataStart = contents.startIndex + header.dataStart
    var entries: [Entry] = []
    var places: [String: (entry: Entry, range: Range<Int>)] = [:]
    for stored in header.entries {
      let entry = Entry(
        name: stored.name, format: stored.format, shape: stored.shape,
        byteCount: stored.offsets.count)
      let start = dataStart + stored.offsets.lowerBound
      entries.append(entry)
      let place = (entry, start..<(start + entry.byteCount))
      guard places.updateValue(place, forKey: stored.name) == nil else {
        throw .tensor(stored.name, file: name, .duplicate)
      }
    }
    self.name = name
    self.entries = entries
    self.metadata = header.metadata
    self.contents = contents
    self.places = places
  }

  /// Finds what is known of a tensor.
  public func entry(_ tensor: String) throws(CheckpointError) -> Entry {
    guard let place = places[tensor] else { throw .tensor(tensor, file: name, .missing) }
    return place.entry
  }

  /// Decodes a tensor that is stored as F32, F16 or BF16.
  ///
  /// - Parameter shape: The shape that it must have, or `nil` to accept any.
  public func tensor(
    _ tensor: String, shape: [Int]? = nil
  ) throws(CheckpointError) -> Tensor {
    let entry = try entry(tensor)
    try entry.requireShape(shape ?? entry.shape, file: name)
    try entry.requireTensorFormat(file: name)
    return decodedTensor(try slice(tensor), as: entry.format, shape: entry.shape)
  }

  /// Decodes a matrix that is stored as F8_E4M3, given the scales of its blocks.
  func tensor(
    _ tensor: String, shape: [Int]?, block: WeightBlock, scales: Tensor
  ) throws(CheckpointError) -> Tensor {
    let entry = try entry(tensor)
    try entry.requireShape(shape ?? entry.shape, file: name)
    return decodedBlocks(
      try slice(tensor), shape: entry.shape, block: block, scales: scales)
  }

  /// Copies the stored bytes of a tensor, whose format must be the one given.
  public func bytes(
    _ tensor: String, as format: StorageFormat, shape: [Int]? = nil
  ) throws(CheckpointError) -> Data {
    let entry = try entry(tensor)
    try entry.requireShape(shape ?? entry.shape, file: name)
    guard entry.format == format else {
      let rule = CheckpointError.TensorRule.wrongFormat(
        expected: format.rawValue, found: entry.format)
      throw .tensor(tensor, file: name, rule)
    }
    return Data([UInt8](try slice(tensor)))
  }

  /// The stored bytes, shared with the mapping.
  private func slice(_ tensor: String) throws(CheckpointError) -> Data {
    guard let place = places[tensor] else { throw .tensor(tensor, file: name, .missing) }
    return contents[place.range]
  }
}

extension SafetensorsFile.Entry {
  /// Insists on a shape.
  func requireShape(_ expected: [Int], file: String) throws(CheckpointError) {
    guard shape == expected else {
      throw .tensor(name, file: file, .wrongShape(expected: expected, found: shape))
    }
  }

  /// Insists on a format that can be decoded without a scale.
  func requireTensorFormat(file: String) throws(CheckpointError) {
    guard format.isTensorFormat else {
      let rule = CheckpointError.TensorRule.wrongFormat(
        expected: "F32, F16 or BF16", found: format)
      throw .tensor(name, file: file, rule)
    }
  }
}
