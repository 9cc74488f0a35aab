import Foundation
import Serving
import Testing

@Suite struct `The server` {
  /// Answers with the path and the length of the body.
  private static func start(_ change: (inout ServerLimits) -> Void = { _ in }) throws
    -> HTTPServer
  {
    var limits = ServerLimits()
    change(&limits)
    return try HTTPServer(port: 0, limits: limits) { request, reply in
      reply.send(HTTPResponse(type: "text/plain", "\(request.path) \(request.body.count)"))
    }
  }

  @Test func `answers one request after another on a connection`() throws {
    let server = try Self.start()
    let client = try Client(server.port)
    #expect(client.ask("GET", "/a")?.body == "/a 0")
    #expect(client.ask("POST", "/b", "hello")?.body == "/b 5")
    client.send(
      "GET /c HTTP/1.1\r\nHost: a\r\n\r\nGET /d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    )
    let both = client.rest()
    #expect(both.contains("/c 0") && both.hasSuffix("/d 0"), "asked at once, answered in order")
    server.stop()
  }

  @Test func `sends no body to HEAD, and closes after HTTP 1.0`() throws {
    let server = try Self.start()
    let client = try Client(server.port)
    client.send("HEAD /a HTTP/1.0\r\n\r\n")
    let answer = client.rest()
    #expect(answer.contains("Content-Length: 4\r\n") && answer.hasSuffix("\r\n\r\n"))
    #expect(answer.contains("Connection: close"))
    server.stop()
  }

  @Test func `answers a client that says no more after its question`() throws {
    let server = try Self.start()
    let client = try Client(server.port)
    client.send("GET /half HTTP/1.1\r\nHost: a\r\n\r\n")
    client.socket.endWriting()
    #expect(client.rest().hasSuffix("/half 0"))
    let torn = try Client(server.port)
    torn.send("POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
    torn.socket.endWriting()
    #expect(torn.rest().hasPrefix("HTTP/1.1 400 "))
    server.stop()
  }

  @Test func `says what is wrong, and only to whom it concerns`() throws {
    let server = try Self.start { $0.request.body = 1000 }
    let good = try Client(server.port)
    for (text, status) in [
      ("NONSENSE\r\n\r\n", 400), ("GET / HTTP/3.0\r\n\r\n", 505),
      ("GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\n\r\n", 414),
      ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 17_000))\r\n\r\n", 431),
      ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n", 413),
      ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: br\r\n\r\n", 501),
    ] {
      let client = try Client(server.port)
      client.send(text)
      let answer = client.rest()
      #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(40))")
      #expect(answer.contains("\"error\""), "in the form that clients read")
      #expect(good.ask("GET", "/still")?.body == "/still 0")
    }
    server.stop()
  }

  @Test func `lets a client read the answer to a body that is far too long`() throws {
    let server = try Self.start { $0.request.body = 1000 }
    let client = try Client(server.port)
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n")
    client.send([UInt8](repeating: 65, count: 3_000_000))
    #expect(client.rest().hasPrefix("HTTP/1.1 413 "))
    server.stop()
  }

  @Test func `waits for a slow client only so long, and for others not at all`() throws {
    let server = try Self.start {
      $0.head = .milliseconds(150)
      $0.body = .milliseconds(150)
      $0.idle = .milliseconds(300)
    }
    let slowHead = try Client(server.port)
    let slowBody = try Client(server.port)
    let idle = try Client(server.port)
    slowHead.send("GET / HT")
    slowBody.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12")
    let other = try Client(server.port)
    #expect(other.ask("GET", "/other")?.body == "/other 0")
    #expect(slowHead.rest().hasPrefix("HTTP/1.1 408 "))
    #expect(slowBody.rest().hasPrefix("HTTP/1.1 408 "))
    #expect(idle.rest().isEmpty, "a client without a request is hung up on")
    server.stop()
  }

  @Test func `asks for a body that waits for a word`() throws {
    let server = try Self.start()
    let client = try Client(server.port)
    client.send(
      "POST /big HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    guard case .bytes(let word) = client.socket.read(1000, until: .now + .seconds(10)) else {
      Issue.record("no word came")
      return
    }
    #expect(String(decoding: word, as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
    client.send("abc")
    #expect(client.response()?.body == "/big 3")
    server.stop()
  }

  @Test func `tells one client too many to come again`() throws {
    let server = try Self.start { $0.connections = 2 }
    let first = try Client(server.port)
    let second = try Client(server.port)
    #expect(first.ask("GET", "/1")?.status == 200)
    #expect(second.ask("GET", "/2")?.status == 200)
    let third = try Client(server.port)
    let answer = third.rest()
    #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("Retry-After: 1"))
    first.send("GET /bye HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    #expect(first.rest().hasSuffix("/bye 0"))
    // The place is free as soon as the server has let go of the first.
    while server.connections > 1 { Thread.sleep(forTimeInterval: 0.005) }
    #expect(try Client(server.port).ask("GET", "/4")?.status == 200)
    server.stop()
  }

  @Test func `finishes what has begun before it stops`() throws {
    let (entered, leave) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let server = try HTTPServer(port: 0) { request, reply in
      reply.begin(200, [])
      _ = reply.write("first ")
      entered.signal()
      leave.wait()
      _ = reply.write("last")
    }
    let port = server.port
    let client = try Client(port)
    let idle = try Client(port)
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    entered.wait()
    let stopped = Flag()
    let thread = Thread {
      server.stop()
      stopped.raise()
    }
    thread.start()
    #expect(idle.rest().isEmpty, "hung up on at once")
    #expect(!stopped.isRaised)
    leave.signal()
    #expect(client.response()?.body == "first last")
    while !stopped.isRaised { Thread.sleep(forTimeInterval: 0.005) }
    #expect(server.connections == 0)
  }

  @Test func `says where it cannot listen`() throws {
    let server = try Self.start()
    let error = try #require(throws: SocketError.self) {
      try HTTPServer(port: server.port) { _, _ in }
    }
    #expect(error.description.hasPrefix("127.0.0.1:\(server.port) cannot be listened at: "))
    let name = try #require(throws: SocketError.self) {
      try HTTPServer(host: "localhost", port: 0) { _, _ in }
    }
    #expect(name.description == "localhost is not an address such as 127.0.0.1.")
    server.stop()
  }
}
