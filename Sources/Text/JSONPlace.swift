import Checkpoints
import Foundation

/// A JSON value together with where it stands, so that an error can say where.
struct JSONPlace {
  let value: JSONValue
  let file: String
  let path: String

  private init(_ value: JSONValue, in file: String, at path: String) {
    self.value = value
    self.file = file
    self.path = path
  }

  /// Reads the whole of a file's text.
  init(parsing text: Data, file: String) throws(TokenizerError) {
    do throws(JSONError) {
      self.init(try JSONValue(parsing: Array(text)), in: file, at: "")
    } catch {
      throw TokenizerError(file, at: "line \(error.line), column \(error.column)", error.rule)
    }
  }

  /// An error at this place.
  func error(_ problem: String) -> TokenizerError {
    TokenizerError(file, at: path, problem)
  }

  private func wrongType(_ wanted: String) -> TokenizerError {
    error("\(wanted) is needed, not \(value.kind)")
  }

  /// A member of an object; `nil` if it is missing or null.
  func member(_ key: String) throws(TokenizerError) -> JSONPlace? {
    guard let object = value.object else { throw wrongType("an object") }
    guard let found = object[key], found != .null else { return nil }
    return JSONPlace(found, in: file, at: path.isEmpty ? key : path + "." + key)
  }

  /// A member that an object must have.
  func required(_ key: String) throws(TokenizerError) -> JSONPlace {
    guard let found = try member(key) else { throw error("the key \"\(key)\" is missing") }
    return found
  }

  /// The elements of an array.
  func elements() throws(TokenizerError) -> [JSONPlace] {
    guard let values = value.array else { throw wrongType("an array") }
    return values.enumerated().map { JSONPlace($1, in: file, at: "\(path)[\($0)]") }
  }

  /// The members of an object, in the file's order.
  func members() throws(TokenizerError) -> [(key: String, value: JSONPlace)] {
    guard let object = value.object else { throw wrongType("an object") }
    return object.members.map { ($0, JSONPlace($1, in: file, at: "\(path)[\"\($0)\"]")) }
  }

  func string() throws(TokenizerError) -> String {
    guard let text = value.string else { throw wrongType("a string") }
    return text
  }

  func integer() throws(TokenizerError) -> Int {
    guard let number = value.integer else { throw wrongType("a whole number") }
    return number
  }

  func boolean() throws(TokenizerError) -> Bool {
    guard let flag = value.bool else { throw wrongType("true or false") }
    return flag
  }
}
