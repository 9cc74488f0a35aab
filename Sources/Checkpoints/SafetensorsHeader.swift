import Foundation

/// The table of contents of a safetensors file, with every rule of the format checked.
///
///     bytes 0..<8       N, the length of the header, little-endian
///     bytes 8..<8+N     the header, a JSON object: tensor name → dtype, shape, data_offsets
///     bytes 8+N...      the elements, row-major, without holes or overlaps
///
/// Offsets count from the first byte after the header and exclude their end.
struct SafetensorsHeader {
  /// The longest header that the format allows.
  static let longest = 100_000_000

  /// What the header says of one tensor.
  struct Entry {
    let name: String
    let format: StorageFormat
    let shape: [Int]
    /// The place of the elements, counted from the first byte after the header.
    let offsets: Range<Int>
  }

  /// The tensors in the order of their bytes.
  let entries: [Entry]
  /// What the writer noted about the file, such as `format: pt`.
  let metadata: [String: String]
  /// The offset of the first element in the file.
  let dataStart: Int

  init(of bytes: Data, file: String) throws(CheckpointError) {
    let length = try Self.length(of: bytes, file: file)
    dataStart = 8 + length
    let members = try Self.members(of: bytes.dropFirst(8).prefix(length), file: file)

    var metadata: [String: String] = [:]
    var entries: [Entry] = []
    let available = bytes.count - dataStart
    for (name, value) in members {
      if name == "__metadata__" {
        metadata = try Self.metadata(from: value, file: file)
      } else {
        let reader = EntryReader(name: name, value: value, file: file)
        entries.append(try reader.entry(within: available))
      }
    }
    self.metadata = metadata
    self.entries = try Self.ordered(entries, covering: available, file: file)
  }

  private static func length(of bytes: Data, file: String) throws(CheckpointError) -> Int {
    guard bytes.count >= 8 else { throw .file(file, .tooShort(bytes: bytes.count)) }
    let claimed = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard claimed <= UInt64(longest) else {
      throw .file(file, .headerTooLong(bytes: claimed, limit: longest))
    }
    let length = Int(claimed)
    guard length <= bytes.count - 8 else {
      throw .file(file, .headerBeyondEnd(bytes: length, available: bytes.count - 8))
    }
    return length
  }

  private static func members(
    of header: Data, file: String
  ) throws(CheckpointError) -> [(key: String, value: JSONValue)] {
    guard header.first == UInt8(ascii: "{") else { throw .file(file, .notAnObject) }
    let document: JSONValue
    do { document = try JSONValue(parsing: [UInt8](header)) } catch {
      throw .file(file, .invalidJSON(error))
    }
    guard let object = document.object else { throw .file(file, .notAnObject) }
    return object.members
  }

  private static func metadata(
    from value: JSONValue, file: String
  ) throws(CheckpointError) -> [String: String] {
    let rule = CheckpointError.KeyRule.wrongType(
      expected: "an object of strings", found: value.kind)
    guard let object = value.object else { throw .key("__metadata__", file: file, rule) }
    var result: [String: String] = [:]
    for (key, value) in object.members {
      guard let text = value.string else {
        let rule = CheckpointError.KeyRule.wrongType(expected: "a string", found: value.kind)
        throw .key("__metadata__." + key, file: file, rule)
      }
      result[key] = text
    }
    return result
  }

  /// Sorts the entries by place and proves that they tile the data exactly.
  private static func ordered(
    _ entries: [Entry], covering available: Int, file: String
  ) throws(CheckpointError) -> [Entry] {
    let sorted = entries.sorted {
      ($0.offsets.lowerBound, $0.offsets.upperBound)
        < ($1.offsets.lowerBound, $1.offsets.upperBound)
    }
    var covered = 0
    var previous = ""
    for entry in sorted {
      let start = entry.offsets.lowerBound
      guard start >= covered else { throw .tensor(entry.name, file: file, .overlaps(previous)) }
      guard start == covered else {
        throw .tensor(entry.name, file: file, .holeBefore(bytes: start - covered))
      }
      covered = entry.offsets.upperBound
      previous = entry.name
    }
    guard covered == available else { throw .file(file, .trailingBytes(available - covered)) }
    return sorted
  }
}

/// Reads the header entry of one tensor.
private struct EntryReader {
  let name: String
  let value: JSONValue
  let file: String

  func entry(within available: Int) throws(CheckpointError) -> SafetensorsHeader.Entry {
    guard let fields = value.object else { throw malformed("it is \(value.kind)") }
    guard let word = fields["dtype"]?.string else { throw malformed("dtype must be a string") }
    guard let format = StorageFormat(rawValue: word) else {
      throw malformed("no dtype is called '\(word)'")
    }
    let shape = try sizes(fields["shape"], called: "shape")
    let offsets = try sizes(fields["data_offsets"], called: "data_offsets")
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw malformed("data_offsets must be a start and an end that is not before it")
    }
    guard offsets[1] <= available else {
      throw error(.beyondEnd(offset: offsets[1], available: available))
    }
    guard let expected = format.byteCount(ofShape: shape) else {
      throw error(.uncountableBytes)
    }
    let found = offsets[1] - offsets[0]
    guard found == expected else {
      throw error(.wrongByteCount(expected: expected, found: found))
    }
    return .init(name: name, format: format, shape: shape, offsets: offsets[0]..<offsets[1])
  }

  private func sizes(_ value: JSONValue?, called key: String) throws(CheckpointError) -> [Int] {
    guard let elements = value?.array else { throw malformed("\(key) must be a list") }
    var result: [Int] = []
    for element in elements {
      guard let size = element.integer, size >= 0 else {
        throw malformed("\(key) must hold integers from 0 to \(Int.max)")
      }
      result.append(size)
    }
    return result
  }

  private func malformed(_ problem: String) -> CheckpointError {
    error(.malformedEntry(problem))
  }

  private func error(_ rule: CheckpointError.TensorRule) -> CheckpointError {
    .tensor(name, file: file, rule)
  }
}
