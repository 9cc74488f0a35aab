import Foundation

/// Where the answer to one request is written, once.
public final class Reply {
  private enum Stage {
    case unanswered, streaming, answered, broken
  }

  private let socket: Socket
  private let request: HTTPRequest
  private let limits: ServerLimits
  private let isLast: Bool
  private var stage = Stage.unanswered

  init(_ socket: Socket, to request: HTTPRequest, _ limits: ServerLimits, isLast: Bool) {
    self.socket = socket
    self.request = request
    self.limits = limits
    self.isLast = isLast
  }

  private var keepsAlive: Bool { request.keepsAlive && !isLast }

  /// Whether nobody is there any more to read the answer.
  public var isAbandoned: Bool { stage == .broken || socket.isGone }

  /// Sends an answer that is whole.
  public func send(_ response: HTTPResponse) {
    guard stage == .unanswered else { return }
    stage = .answered
    put(
      response.bytes(keepingAlive: keepsAlive, isBodiless: request.method == "HEAD"))
  }

  /// Begins an answer that comes in pieces.
  public func begin(_ status: Int, _ headers: [HTTPHeader]) {
    guard stage == .unanswered else { return }
    stage = .streaming
    let framing = request.takesChunks ? [HTTPHeader("Transfer-Encoding", "chunked")] : []
    put(
      HTTPResponse.head(
        status, headers + framing, keepingAlive: keepsAlive && request.takesChunks))
  }

  /// Sends a piece; false when nobody reads any more.
  public func write(_ text: String) -> Bool {
    guard stage == .streaming, !text.isEmpty else { return stage == .streaming }
    let bytes = Array(text.utf8)
    put(request.takesChunks ? HTTPResponse.chunk(bytes) : bytes)
    return stage == .streaming
  }

  /// Ends the answer, and says whether another request may follow.
  func finish() -> Bool {
    if stage == .unanswered {
      send(APIError(500, "The server gave no answer.").response)
    }
    if stage == .streaming, request.takesChunks { put(HTTPResponse.chunk([])) }
    return stage != .broken && keepsAlive && (stage == .answered || request.takesChunks)
  }

  private func put(_ bytes: [UInt8]) {
    if stage != .broken, !socket.write(bytes, patience: limits.write) { stage = .broken }
  }
}
