/// A request as it came over the wire, whole and checked.
public struct HTTPRequest: Sendable, Equatable {
  /// The method, such as GET.
  public var method: String
  /// The path, without what follows a question mark.
  public var path: String
  /// What follows the question mark.
  public var query: String
  /// The headers in their order, the names in small letters.
  public var headers: [HTTPHeader]
  /// The body, freed of its framing.
  public var body: [UInt8]
  /// Whether another request may follow on the connection.
  public var keepsAlive: Bool
  /// Whether the client understands a body in chunks: HTTP/1.1.
  public var takesChunks: Bool

  /// Creates a request.
  public init(
    method: String, path: String, query: String = "", headers: [HTTPHeader] = [],
    body: [UInt8] = [], keepsAlive: Bool = true, takesChunks: Bool = true
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.keepsAlive = keepsAlive
    self.takesChunks = takesChunks
  }

  /// The value of a header that stands once; nil when it is absent.
  public subscript(name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// A line of a head: a name and a value.
public struct HTTPHeader: Sendable, Equatable {
  /// The name.
  public var name: String
  /// The value.
  public var value: String

  /// Creates a header.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// How large a request may be.
public struct HTTPLimits: Sendable, Equatable {
  /// The bytes of the first line.
  public var line: Int
  /// The bytes of all headers together.
  public var headers: Int
  /// The number of headers.
  public var headerCount: Int
  /// The bytes of the body.
  public var body: Int

  /// Creates limits.
  public init(
    line: Int = 8192, headers: Int = 16_384, headerCount: Int = 100, body: Int = 1 << 20
  ) {
    self.line = line
    self.headers = headers
    self.headerCount = headerCount
    self.body = body
  }
}

/// What is wrong with a request, and the status that says so.
///
/// Nothing after it on the connection can be trusted: where a broken request ends is anybody's guess.
public struct HTTPFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// The status of the answer.
  public let status: Int
  /// One sentence.
  public let description: String

  /// Creates a fault.
  public init(_ status: Int, _ sentence: String) {
    self.status = status
    description = sentence
  }
}
