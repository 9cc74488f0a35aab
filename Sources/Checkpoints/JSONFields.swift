import Foundation

/// A JSON object of a named file, read key by key with errors that name file, key and rule.
///
/// A key whose value is `null` counts as absent, as it does in `transformers`.
public struct JSONFields: Sendable {
  /// The file as named in errors.
  public let file: String
  /// The members.
  public let object: JSONObject
  /// What stands before a key in errors, such as `rope_parameters.`.
  private let path: String

  /// Wraps an object that was read from a file.
  public init(_ object: JSONObject, file: String) {
    self.init(object, file: file, path: "")
  }

  /// Reads a file whose document is an object.
  public init(readingFrom url: URL) throws(CheckpointError) {
    let file = url.lastPathComponent
    let bytes = [UInt8](try mappedBytes(of: url))
    let document: JSONValue
    do { document = try JSONValue(parsing: bytes) } catch {
      throw CheckpointError.file(file, .invalidJSON(error))
    }
    guard let object = document.object else { throw CheckpointError.file(file, .notAnObject) }
    self.init(object, file: file)
  }

  private init(_ object: JSONObject, file: String, path: String) {
    self.object = object
    self.file = file
    self.path = path
  }

  /// The value of a key, or `nil` when it is absent or null.
  public subscript(key: String) -> JSONValue? {
    object[key].flatMap { $0 == .null ? nil : $0 }
  }

  /// The error that says which rule a key breaks.
  public func error(_ key: String, _ rule: CheckpointError.KeyRule) -> CheckpointError {
    .key(path + key, file: file, rule)
  }

  /// The whole number of a key; an error when the key is absent and there is no default.
  public func integer(
    _ key: String, default value: Int? = nil, in range: ClosedRange<Int> = Int.min...Int.max
  ) throws(CheckpointError) -> Int {
    let found = try required(key, value, "an integer", \.integer)
    guard range.contains(found) else {
      let problem =
        range.upperBound == .max
        ? "is less than \(range.lowerBound)"
        : "is not in \(range.lowerBound)...\(range.upperBound)"
      throw error(key, .outOfRange("\(found) \(problem)"))
    }
    return found
  }

  /// The number of a key; an error when the key is absent and there is no default.
  public func number(
    _ key: String, default value: Double? = nil
  ) throws(CheckpointError) -> Double {
    try required(key, value, "a number", \.number)
  }

  /// The truth value of a key; an error when the key is absent and there is no default.
  public func bool(_ key: String, default value: Bool? = nil) throws(CheckpointError) -> Bool {
    try required(key, value, "a truth value", \.bool)
  }

  /// The text of a key; an error when the key is absent and there is no default.
  public func string(
    _ key: String, default value: String? = nil
  ) throws(CheckpointError) -> String {
    try required(key, value, "a string", \.string)
  }

  /// The object of a key, or `nil` when the key is absent.
  public func fields(_ key: String) throws(CheckpointError) -> JSONFields? {
    guard self[key] != nil else { return nil }
    let inner = try required(key, nil, "an object", \.object)
    return JSONFields(inner, file: file, path: path + key + ".")
  }

  /// The whole numbers of a key that holds one or a list of them; empty when the key is absent.
  public func integers(_ key: String) throws(CheckpointError) -> [Int] {
    guard let value = self[key] else { return [] }
    if let single = value.integer { return [single] }
    guard let elements = value.array else {
      throw error(key, .wrongType(expected: "an integer or a list of them", found: value.kind))
    }
    var result: [Int] = []
    for element in elements {
      guard let integer = element.integer else {
        throw error(key, .wrongType(expected: "a list of integers", found: element.kind))
      }
      result.append(integer)
    }
    return result
  }

  private func required<Value>(
    _ key: String, _ fallback: Value?, _ expected: String, _ read: (JSONValue) -> Value?
  ) throws(CheckpointError) -> Value {
    guard let value = self[key] else {
      guard let fallback else { throw error(key, .missing) }
      return fallback
    }
    guard let result = read(value) else {
      throw error(key, .wrongType(expected: expected, found: value.kind))
    }
    return result
  }
}
