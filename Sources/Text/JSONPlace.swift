/// A JSON value together with where it stands, so that an error can say where.
struct JSONPlace {
  let value: JSONValue
  let file: String
  let path: String

  init(_ value: JSONValue, in file: String, at path: String = "") {
    self.value = value
    self.file = file
    self.path = path
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
    guard case .object(let members) = value else { throw wrongType("an object") }
    let place = path.isEmpty ? key : path + "." + key
    let found = members.filter { $0.0 == key }
    guard found.count <= 1 else {
      throw TokenizerError(file, at: place, "the key occurs twice")
    }
    guard let first = found.first else { return nil }
    if case .null = first.1 { return nil }
    return JSONPlace(first.1, in: file, at: place)
  }

  /// A member that an object must have.
  func required(_ key: String) throws(TokenizerError) -> JSONPlace {
    guard let found = try member(key) else { throw error("the key \"\(key)\" is missing") }
    return found
  }

  /// The elements of an array.
  func elements() throws(TokenizerError) -> [JSONPlace] {
    guard case .array(let values) = value else { throw wrongType("an array") }
    return values.enumerated().map { JSONPlace($1, in: file, at: "\(path)[\($0)]") }
  }

  /// The members of an object, in the file's order.
  func members() throws(TokenizerError) -> [(key: String, value: JSONPlace)] {
    guard case .object(let members) = value else { throw wrongType("an object") }
    return members.map { ($0, JSONPlace($1, in: file, at: "\(path)[\"\($0)\"]")) }
  }

  func string() throws(TokenizerError) -> String {
    guard case .string(let text) = value else { throw wrongType("a string") }
    return text
  }

  func integer() throws(TokenizerError) -> Int {
    guard case .integer(let number) = value else { throw wrongType("a whole number") }
    return number
  }

  func boolean() throws(TokenizerError) -> Bool {
    guard case .boolean(let flag) = value else { throw wrongType("true or false") }
    return flag
  }
}
