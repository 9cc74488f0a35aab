/// A sentence that says which file, which place in it and which rule stopped a read or a write.
public enum CheckpointError: Error, Equatable, Sendable {
  /// A file as a whole breaks a rule.
  case file(String, FileRule)
  /// One tensor breaks a rule.
  case tensor(String, file: String, TensorRule)
  /// One key of a JSON file breaks a rule.
  case key(String, file: String, KeyRule)

  /// The rules for a whole file.
  public enum FileRule: Equatable, Sendable {
    /// The system could not read it, for the reason given.
    case unreadable(String)
    /// The system could not write it, for the reason given.
    case unwritable(String)
    /// It is not JSON, or its header is not.
    case invalidJSON(JSONError)
    /// Its JSON document is not an object.
    case notAnObject
    /// It is shorter than the eight bytes that hold the length of its header.
    case tooShort(bytes: Int)
    /// Its header claims more bytes than the format allows.
    case headerTooLong(bytes: UInt64, limit: Int)
    /// Its header claims more bytes than the file has.
    case headerBeyondEnd(bytes: Int, available: Int)
    /// Bytes at its end belong to no tensor.
    case trailingBytes(Int)
    /// It names a file outside of its own folder.
    case notAFileName(String)
  }

  /// The rules for one tensor.
  public enum TensorRule: Equatable, Sendable {
    /// Its header entry is malformed, in the way given.
    case malformedEntry(String)
    /// Its size in bytes is no whole number, or does not fit 64 bits.
    case uncountableBytes
    /// Its end lies beyond the end of the file.
    case beyondEnd(offset: Int, available: Int)
    /// Its bytes do not match its shape and storage format.
    case wrongByteCount(expected: Int, found: Int)
    /// Its bytes overlap those of another.
    case overlaps(String)
    /// No tensor owns the bytes in front of it.
    case holeBefore(bytes: Int)
    /// The file does not have it.
    case missing
    /// The file has it although the model has no place for it.
    case unexpected
    /// The file has it twice, or two files have it.
    case duplicate
    /// It has another shape than asked for.
    case wrongShape(expected: [Int], found: [Int])
    /// It has another storage format than asked for.
    case wrongFormat(expected: String, found: StorageFormat)
    /// Its name is reserved.
    case reservedName
  }

  /// The rules for one key.
  public enum KeyRule: Equatable, Sendable {
    /// It must be there.
    case missing
    /// It has a value of another kind.
    case wrongType(expected: String, found: String)
    /// Its value makes no sense, in the way given.
    case outOfRange(String)
    /// Its value is legitimate but not built here.
    case unsupported(String)
  }
}

extension CheckpointError: CustomStringConvertible {
  /// One sentence with file, place and rule.
  public var description: String {
    switch self {
    case .file(let file, let rule): "\(file): \(rule)."
    case .tensor(let name, let file, let rule): "\(file): tensor '\(name)' \(rule)."
    case .key(let key, let file, let rule): "\(file): key '\(key)' \(rule)."
    }
  }
}

extension CheckpointError.FileRule: CustomStringConvertible {
  /// The rule as a clause about the file.
  public var description: String {
    switch self {
    case .unreadable(let reason): "cannot be read: \(reason)"
    case .unwritable(let reason): "cannot be written: \(reason)"
    case .invalidJSON(let error): "is not valid JSON at \(error)"
    case .notAnObject: "must be a JSON object"
    case .tooShort(let bytes): "has \(bytes) bytes, but the length of the header alone takes 8"
    case .headerTooLong(let bytes, let limit):
      "claims a header of \(bytes) bytes, but at most \(limit) are allowed"
    case .headerBeyondEnd(let bytes, let available):
      "claims a header of \(bytes) bytes, but only \(available) follow"
    case .trailingBytes(let bytes): "ends with \(bytes) bytes that belong to no tensor"
    case .notAFileName(let name): "names '\(name)', which is not a file in the same folder"
    }
  }
}

extension CheckpointError.TensorRule: CustomStringConvertible {
  /// The rule as a clause about the tensor.
  public var description: String {
    switch self {
    case .malformedEntry(let problem): "has a malformed header entry: \(problem)"
    case .uncountableBytes: "does not take a whole number of bytes that 64 bits can count"
    case .beyondEnd(let offset, let available):
      "ends at byte \(offset) of the data, but there are only \(available)"
    case .wrongByteCount(let expected, let found):
      "has \(found) bytes, but its shape and format need \(expected)"
    case .overlaps(let other): "overlaps tensor '\(other)'"
    case .holeBefore(let bytes): "has \(bytes) bytes in front of it that belong to no tensor"
    case .missing: "is missing"
    case .unexpected: "is unexpected: the model has no place for it"
    case .duplicate: "appears twice"
    case .wrongShape(let expected, let found): "has shape \(found), but \(expected) is needed"
    case .wrongFormat(let expected, let found):
      "is stored as \(found), but \(expected) is needed"
    case .reservedName: "has a name that is reserved for metadata"
    }
  }
}

extension CheckpointError.KeyRule: CustomStringConvertible {
  /// The rule as a clause about the key.
  public var description: String {
    switch self {
    case .missing: "is missing"
    case .wrongType(let expected, let found): "must be \(expected), but is \(found)"
    case .outOfRange(let problem): "makes no sense: \(problem)"
    case .unsupported(let value): "is \(value), which is not supported"
    }
  }
}
