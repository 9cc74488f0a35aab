/// Reads requests from bytes as they arrive, however they are cut.
///
/// A value: the same bytes give the same requests and the same fault, whether they come one by one or
/// all at once. It is strict where leniency has been used to smuggle one request inside another: a
/// line ends with CR and LF, a length is stated once, and no header is folded or empty-named.
/// RFC 9112.
public struct HTTPParser: Sendable {
  private enum Stage: Sendable {
    case requestLine
    case headers
    case body(left: Int)
    case chunkSize, chunkEnd
    case chunk(left: Int)
    case trailers
  }

  private let limits: HTTPLimits
  private var stage = Stage.requestLine
  private var head = HTTPHead()
  private var body: [UInt8] = []
  /// The bytes that have come and are not used up, from `start` on.
  private var bytes: [UInt8] = []
  private var start = 0
  /// How far the search for a line's end has come.
  private var searched = 0
  /// The bytes of all headers so far.
  private var headerBytes = 0

  /// Creates a parser for a connection.
  public init(_ limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

  /// What a client may be late with.
  public enum Wait: Sendable, Equatable {
    /// Its next request.
    case request
    /// The rest of the head.
    case head
    /// The rest of the body.
    case body
  }

  /// What is missing for a whole request.
  public var wait: Wait {
    switch stage {
    case .requestLine: start == bytes.count ? .request : .head
    case .headers: .head
    default: .body
    }
  }

  /// Whether the client waits for a word before it sends the body.
  public var expectsContinue: Bool { wait == .body && head.expectsContinue && body.isEmpty }

  /// Takes bytes that have arrived.
  public mutating func append(_ new: some Sequence<UInt8>) {
    if start > 0 {
      bytes.removeFirst(start)
      searched -= start
      start = 0
    }
    bytes.append(contentsOf: new)
  }

  /// The next request, as soon as it is whole.
  public mutating func next() throws(HTTPFault) -> HTTPRequest? {
    while true {
      switch stage {
      case .requestLine:
        let fault = HTTPFault(414, "The first line has more than \(limits.line) bytes.")
        guard let line = try line(within: limits.line, fault) else { return nil }
        // Some clients send an empty line behind a body.
        if line.isEmpty { continue }
        head = try HTTPHead(requestLine: line)
        stage = .headers
      case .headers:
        guard let line = try headerLine() else { return nil }
        if line.isEmpty { stage = try bodyStage() } else { try head.add(line, limits) }
      case .body(let left):
        let taken = take(left)
        if taken < left {
          stage = .body(left: left - taken)
          return nil
        }
        return finish()
      case .chunkSize:
        guard let size = try chunkSize() else { return nil }
        stage = size == 0 ? .trailers : .chunk(left: size)
      case .chunk(let left):
        let taken = take(left)
        stage = taken < left ? .chunk(left: left - taken) : .chunkEnd
        if taken < left { return nil }
      case .chunkEnd:
        let fault = HTTPFault(400, "A chunk is longer than it says.")
        guard let line = try line(within: 0, fault) else { return nil }
        guard line.isEmpty else { throw fault }
        stage = .chunkSize
      case .trailers:
        guard let line = try headerLine() else { return nil }
        if line.isEmpty { return finish() }
      }
    }
  }

  /// Takes the end of what the client sends: a request that has begun is cut off for good.
  public func end() throws(HTTPFault) {
    guard wait != .request else { return }
    throw HTTPFault(400, "The connection ended within a request.")
  }

  // MARK: Lines

  /// The next line without its end; nil if it has not ended yet.
  private mutating func line(
    within limit: Int, _ fault: HTTPFault
  ) throws(HTTPFault) -> ArraySlice<UInt8>? {
    searched = max(searched, start)
    while searched < bytes.count, bytes[searched] != UInt8(ascii: "\n") { searched += 1 }
    let isWhole = searched < bytes.count
    // The two bytes at its end do not count.
    let hasReturn = searched > start && bytes[searched - 1] == UInt8(ascii: "\r")
    let length = searched - start - (hasReturn ? 1 : 0)
    guard length <= limit else { throw fault }
    guard isWhole else { return nil }
    guard hasReturn else {
      throw HTTPFault(400, "A line must end with CR and LF.")
    }
    let line = bytes[start..<searched - 1]
    searched += 1
    start = searched
    guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 9 }) else {
      throw HTTPFault(400, "A line of the head holds a control character.")
    }
    return line
  }

  private mutating func headerLine() throws(HTTPFault) -> ArraySlice<UInt8>? {
    let fault = HTTPFault(431, "The headers have more than \(limits.headers) bytes.")
    guard let line = try line(within: limits.headers - headerBytes, fault) else { return nil }
    headerBytes += line.count
    return line
  }

  // MARK: Bodies

  /// Decides how the body is framed, once the head is whole.
  private mutating func bodyStage() throws(HTTPFault) -> Stage {
    switch try head.framing() {
    case .none: return .body(left: 0)
    case .chunks: return .chunkSize
    case .length(let length):
      guard length <= limits.body else { throw tooLong }
      return .body(left: length)
    }
  }

  private var tooLong: HTTPFault {
    HTTPFault(413, "The body has more than \(limits.body) bytes.")
  }

  /// The size that stands before a chunk, in hexadecimal digits; what may follow it is ignored.
  private mutating func chunkSize() throws(HTTPFault) -> Int? {
    let fault = HTTPFault(400, "The size of a chunk is no hexadecimal number.")
    guard let line = try line(within: 256, fault) else { return nil }
    let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 && $0 != 9 }
    guard !digits.isEmpty, digits.allSatisfy({ UInt32($0).isHexadecimal }) else { throw fault }
    let text = String(decoding: digits, as: UTF8.self)
    guard let size = Int(text, radix: 16), size <= limits.body - body.count else {
      throw tooLong
    }
    return size
  }

  /// Moves bytes to the body, as many as there are of those that are wanted.
  private mutating func take(_ wanted: Int) -> Int {
    let count = min(wanted, bytes.count - start)
    body.append(contentsOf: bytes[start..<start + count])
    start += count
    return count
  }

  private mutating func finish() -> HTTPRequest {
    defer {
      (stage, head, body, headerBytes) = (.requestLine, HTTPHead(), [], 0)
    }
    return head.request(body)
  }
}

extension UInt32 {
  fileprivate var isHexadecimal: Bool {
    Unicode.Scalar(self).map { $0.properties.isASCIIHexDigit } ?? false
  }
}
