/// An answer whose body is known as a whole.
public struct HTTPResponse: Sendable, Equatable {
  /// The status.
  public var status: Int
  /// The headers; length and connection are added when it is sent.
  public var headers: [HTTPHeader]
  /// The body.
  public var body: [UInt8]

  /// Creates an answer.
  public init(_ status: Int = 200, headers: [HTTPHeader] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Creates an answer of text.
  public init(_ status: Int = 200, type: String, _ text: String) {
    self.init(status, headers: [HTTPHeader("Content-Type", type)], body: Array(text.utf8))
  }

  /// The bytes of an answer.
  /// - Parameter isBodiless: leaves the body away, and its length in place, as HEAD asks.
  func bytes(keepingAlive: Bool, isBodiless: Bool = false) -> [UInt8] {
    let length = HTTPHeader("Content-Length", String(body.count))
    return Self.head(status, headers + [length], keepingAlive: keepingAlive)
      + (isBodiless ? [] : body)
  }

  /// The bytes of a head.
  static func head(_ status: Int, _ headers: [HTTPHeader], keepingAlive: Bool) -> [UInt8] {
    let fixed = [
      HTTPHeader("Connection", keepingAlive ? "keep-alive" : "close"),
      HTTPHeader("X-Content-Type-Options", "nosniff"),
    ]
    let lines = (headers + fixed).map { "\($0.name): \($0.value)\r\n" }.joined()
    return Array("HTTP/1.1 \(status) \(phrase(status))\r\n\(lines)\r\n".utf8)
  }

  /// One chunk of a body whose length is not known beforehand; an empty one ends it.
  static func chunk(_ bytes: [UInt8]) -> [UInt8] {
    Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
  }

  /// The words that stand beside a status.
  static func phrase(_ status: Int) -> String {
    phrases[status] ?? "Status"
  }

  private static let phrases: [Int: String] = [
    100: "Continue", 200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout",
    413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
    417: "Expectation Failed", 429: "Too Many Requests",
    431: "Request Header Fields Too Large", 500: "Internal Server Error",
    501: "Not Implemented", 503: "Service Unavailable", 505: "HTTP Version Not Supported",
  ]
}
