/// The first line and the headers of a request, with what they mean for its body.
struct HTTPHead: Sendable {
  /// How long the body is.
  enum Framing: Equatable {
    case none
    case length(Int)
    case chunks
  }

  private var method = ""
  private var target = ""
  private var minorVersion = 1
  private var headers: [HTTPHeader] = []

  init() {}

  /// Reads `method target version`, one space between two.
  init(requestLine line: ArraySlice<UInt8>) throws(HTTPFault) {
    let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
    guard parts.count == 3, Self.isToken(parts[0]), !parts[1].isEmpty,
      parts[1].allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { throw HTTPFault(400, "The first line is not a method, a path and a version.") }
    method = String(decoding: parts[0], as: UTF8.self)
    target = String(decoding: parts[1], as: UTF8.self)
    switch String(decoding: parts[2], as: UTF8.self) {
    case "HTTP/1.1": minorVersion = 1
    case "HTTP/1.0": minorVersion = 0
    case let version where version.hasPrefix("HTTP/") && version.count == 8:
      throw HTTPFault(505, "The version is not HTTP/1.1 or HTTP/1.0.")
    default: throw HTTPFault(400, "The first line does not end with a version of HTTP.")
    }
    guard target.hasPrefix("/") || target == "*" || target.lowercased().hasPrefix("http://")
    else { throw HTTPFault(400, "The path must begin with a slash.") }
  }

  /// Adds a line `name: value`; nothing may stand between the name and the colon.
  mutating func add(_ line: ArraySlice<UInt8>, _ limits: HTTPLimits) throws(HTTPFault) {
    guard headers.count < limits.headerCount else {
      throw HTTPFault(431, "There are more than \(limits.headerCount) headers.")
    }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), Self.isToken(line[..<colon])
    else { throw HTTPFault(400, "A header is not a name, a colon and a value.") }
    let space: (UInt8) -> Bool = { $0 == 0x20 || $0 == 9 }
    let value = line[(colon + 1)...].drop(while: space).reversed().drop(while: space).reversed()
    headers.append(
      HTTPHeader(
        String(decoding: line[..<colon], as: UTF8.self).lowercased(),
        String(decoding: value, as: UTF8.self)))
  }

  var expectsContinue: Bool { self["expect"].first?.lowercased() == "100-continue" }

  // snippet.framing
  /// How the body is framed; a head that says it in two ways is refused.
  func framing() throws(HTTPFault) -> Framing {
    let hosts = self["host"]
    guard hosts.count == 1 || hosts.isEmpty && minorVersion == 0 else {
      throw HTTPFault(400, "The header Host must stand exactly once.")
    }
    if let expected = self["expect"].first, expected.lowercased() != "100-continue" {
      throw HTTPFault(417, "Nothing but 100-continue can be expected.")
    }
    let (lengths, codings) = (self["content-length"], self["transfer-encoding"])
    if !codings.isEmpty {
      guard lengths.isEmpty, minorVersion == 1 else {
        throw HTTPFault(400, "A body in chunks has no Content-Length, and needs HTTP/1.1.")
      }
      guard codings.count == 1, codings[0].lowercased() == "chunked" else {
        throw HTTPFault(501, "No transfer coding but chunked is known.")
      }
      return .chunks
    }
    guard let length = lengths.first else { return .none }
    guard lengths.count == 1, !length.isEmpty,
      length.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { throw HTTPFault(400, "Content-Length must be one number.") }
    return .length(Int(length) ?? .max)
  }
  // snippet.end

  func request(_ body: [UInt8]) -> HTTPRequest {
    var place = target[...]
    if place.lowercased().hasPrefix("http://") {
      let path = place.dropFirst(7).drop { $0 != "/" }
      place = path.isEmpty ? "/" : path
    }
    let parts = place.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let list = self["connection"].joined(separator: ",").lowercased()
    let words = list.split(separator: ",").map { word in
      word.filter { $0 != " " && $0 != "\t" }
    }
    let keepsAlive = minorVersion == 1 ? !words.contains("close") : words.contains("keep-alive")
    return HTTPRequest(
      method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "",
      headers: headers, body: body, keepsAlive: keepsAlive, takesChunks: minorVersion == 1)
  }

  private subscript(name: String) -> [String] {
    headers.filter { $0.name == name }.map(\.value)
  }

  /// Whether some bytes are a token of RFC 9110, §5.6.2: letters, digits and some signs.
  private static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.isEmpty && bytes.allSatisfy { tokenBytes.contains($0) }
  }

  private static let tokenBytes = Set(
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
}
