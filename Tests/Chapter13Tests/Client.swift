import Foundation
import Serving
import Synchronization

/// A client that says exactly what a test wants, byte by byte.
struct Client {
  let socket: Socket

  init(_ port: Int) throws { socket = try Socket.connected(host: "127.0.0.1", port: port) }

  @discardableResult
  func send(_ text: String) -> Bool { socket.write(Array(text.utf8), patience: .seconds(5)) }

  func send(_ bytes: [UInt8]) { _ = socket.write(bytes, patience: .seconds(5)) }

  /// One response, whole: a head, and a body by its length or in chunks.
  func response() -> Response? {
    var bytes: [UInt8] = []
    while true {
      if let response = Response(bytes) { return response }
      guard case .bytes(let more) = socket.read(65_536, until: .now + .seconds(20)) else {
        return nil
      }
      bytes += more
    }
  }

  /// Everything up to the end of the connection.
  func rest() -> String {
    var bytes: [UInt8] = []
    while case .bytes(let more) = socket.read(65_536, until: .now + .seconds(20)) {
      bytes += more
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  func ask(
    _ method: String, _ path: String, _ body: String? = nil, headers: [String] = []
  ) -> Response? {
    var lines = ["\(method) \(path) HTTP/1.1", "Host: localhost"] + headers
    if let body {
      lines += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
    }
    send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    return response()
  }
}

/// A response as a client reads it.
struct Response {
  let status: Int
  let head: String
  let body: String

  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let border = text.range(of: "\r\n\r\n") else { return nil }
    head = String(text[..<border.lowerBound])
    status = Int(head.dropFirst(9).prefix(3)) ?? 0
    let rest = String(text[border.upperBound...])
    if head.contains("Transfer-Encoding: chunked") {
      guard rest.hasSuffix("0\r\n\r\n") else { return nil }
      var (body, left) = ("", Array(rest.utf8)[...])
      while let end = left.firstIndex(of: 13),
        let size = Int(String(decoding: left[..<end], as: UTF8.self), radix: 16), size > 0
      {
        let start = end + 2
        body += String(decoding: left[start..<start + size], as: UTF8.self)
        left = left[(start + size + 2)...]
      }
      self.body = body
    } else {
      let lines = head.components(separatedBy: "\r\n")
      let length = lines.first { $0.hasPrefix("Content-Length: ") }.flatMap {
        Int($0.dropFirst(16))
      }
      guard let length, rest.utf8.count >= length else { return nil }
      body = rest
    }
  }
}

/// Statuses that several threads collect.
final class ConcurrentAnswers: Sendable {
  private let statuses = Mutex<[Int?]>([])

  var all: [Int?] { statuses.withLock { $0 } }

  func add(_ status: Int?) { statuses.withLock { $0.append(status) } }
}

/// Something that has happened.
final class Flag: Sendable {
  private let state = Mutex(false)

  var isRaised: Bool { state.withLock { $0 } }

  func raise() { state.withLock { $0 = true } }
}
