import Foundation

/// How long a client may take, and how many there may be.
public struct ServerLimits: Sendable {
  /// How large a request may be.
  public var request = HTTPLimits()
  /// The most connections at a time; one more is told to come again.
  public var connections = 128
  /// How long a connection may stay open without a request.
  public var idle: Duration = .seconds(60)
  /// How long a head may take, from its first byte on.
  public var head: Duration = .seconds(10)
  /// How long a body may take, from the end of the head on.
  public var body: Duration = .seconds(30)
  /// How long a client may take to accept anything of an answer.
  public var write: Duration = .seconds(30)

  /// Creates limits.
  public init() {}
}

/// One client: its requests one after another, each answered before the next is read.
final class Connection {
  private let socket: Socket
  private let limits: ServerLimits
  private let isStopping: @Sendable () -> Bool
  private var parser: HTTPParser

  init(
    _ socket: Socket, _ limits: ServerLimits, isStopping: @escaping @Sendable () -> Bool
  ) {
    self.socket = socket
    self.limits = limits
    self.isStopping = isStopping
    parser = HTTPParser(limits.request)
  }

  /// Serves the client until it leaves, fails, or makes a mistake.
  func serve(_ handler: HTTPServer.Handler) {
    do throws(HTTPFault) {
      while let request = try nextRequest() {
        let reply = Reply(socket, to: request, limits, isLast: isStopping())
        handler(request, reply)
        guard reply.finish() else { return linger() }
      }
    } catch {
      _ = write(APIError(error.status, error.description).response.bytes(keepingAlive: false))
      linger()
    }
  }

  /// The next request; nil when there will be none.
  private func nextRequest() throws(HTTPFault) -> HTTPRequest? {
    var wait = parser.wait
    var deadline = ContinuousClock.now + patience(wait)
    var wasAnswered = false
    while true {
      if let request = try parser.next() { return request }
      if parser.wait != wait {
        wait = parser.wait
        deadline = .now + patience(wait)
      }
      if parser.expectsContinue, !wasAnswered {
        wasAnswered = true
        guard write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) else { return nil }
      }
      switch try read(wait, until: deadline) {
      case .bytes(let bytes): parser.append(bytes)
      case .end:
        try parser.end()
        return nil
      case .late, .failed: return nil
      }
    }
  }

  /// Reads, and looks now and then whether the server is being stopped.
  private func read(
    _ wait: HTTPParser.Wait, until deadline: ContinuousClock.Instant
  ) throws(HTTPFault) -> Socket.Reading {
    while true {
      let slice = min(deadline, .now + .milliseconds(100))
      let reading = socket.read(16_384, until: slice)
      guard reading == .late else { return reading }
      if wait == .request, isStopping() { return .late }
      guard ContinuousClock.now >= deadline else { continue }
      if wait == .request { return .late }
      throw HTTPFault(408, "The request did not come within the time that it may take.")
    }
  }

  /// Writes bytes; false when the client has gone.
  func write(_ bytes: [UInt8]) -> Bool { socket.write(bytes, patience: limits.write) }

  private func patience(_ wait: HTTPParser.Wait) -> Duration {
    switch wait {
    case .request: limits.idle
    case .head: limits.head
    case .body: limits.body
    }
  }

  /// Lets a client that is still sending read the answer before the connection goes.
  ///
  /// Closed at once, with bytes unread, it would be reset, and the answer lost on its way.
  func linger() {
    socket.endWriting()
    let deadline = ContinuousClock.now + .seconds(1)
    var left = 4 << 20
    while left > 0, case .bytes(let bytes) = socket.read(65_536, until: deadline) {
      left -= bytes.count
    }
  }
}
