import Serving
import Tensors
import Testing

@Suite struct `The parser of requests` {
  /// What a parser makes of some bytes: the requests, and the status of the fault that ends them.
  struct Outcome: Equatable {
    var requests: [HTTPRequest] = []
    var fault: Int?
  }

  private static let limits = HTTPLimits(line: 60, headers: 120, headerCount: 4, body: 20)

  private func outcome(_ pieces: [[UInt8]], ends: Bool = true) -> Outcome {
    var parser = HTTPParser(Self.limits)
    var outcome = Outcome()
    do throws(HTTPFault) {
      for piece in pieces {
        parser.append(piece)
        while let request = try parser.next() { outcome.requests.append(request) }
      }
      if ends { try parser.end() }
    } catch { outcome.fault = error.status }
    return outcome
  }

  private func outcome(_ text: String) -> Outcome { outcome([Array(text.utf8)]) }

  private static let good = [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /v1?x=1&y HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "POST /c HTTP/1.1\r\nhost:a\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "3;note=1\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n",
    "\r\nHEAD http://a/b?c HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
    "DELETE /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: \t a  b \t\r\n\r\n",
  ]

  @Test func `reads what was sent`() throws {
    let requests = outcome(Self.good.joined()).requests
    try #require(requests.count == 5)
    #expect(requests[0] == HTTPRequest(method: "GET", path: "/", headers: [.init("host", "a")]))
    #expect(requests[1].path == "/v1" && requests[1].query == "x=1&y")
    #expect(requests[1].body == Array("hello".utf8))
    #expect(requests[2].body == Array("abc0123456789".utf8))
    #expect(requests[3].path == "/b" && requests[3].query == "c" && requests[3].keepsAlive)
    #expect(!requests[3].takesChunks)
    #expect(!requests[4].keepsAlive && requests[4]["x"] == "a  b")
  }

  private static let malformed: [(status: Int, text: String)] = [
    (400, "GET /\r\n\r\n"), (400, "GET  / HTTP/1.1\r\n\r\n"), (400, "G@T / HTTP/1.1\r\n\r\n"),
    (400, "GET x HTTP/1.1\r\n\r\n"), (400, "GET / HTTX/1.1\r\n\r\n"),
    (505, "GET / HTTP/2.0\r\n\r\n"), (400, "GET / HTTP/1.1\nHost: a\n\n"),
    (400, "GET /\u{1} HTTP/1.1\r\n\r\n"), (400, "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\n\r\n"), (400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"), (400, "GET / HTTP/1.1\r\n: a\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n"),
    (400, "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"),
    (413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 21\r\n\r\n"),
    (413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n"),
    (
      400,
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
    ),
    (501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"),
    (400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
    (417, "POST / HTTP/1.1\r\nHost: a\r\nExpect: a miracle\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n"),
    (
      413,
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\nB\r\n"
    ),
    (
      413,
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n"
    ),
    (414, "GET /\(String(repeating: "a", count: 60)) HTTP/1.1\r\n\r\n"),
    (431, "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 120))\r\n\r\n"),
    (431, "GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n\r\n"),
    (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell"),
    (400, "GET / HT"),
  ]

  @Test(arguments: malformed.indices)
  func `gives every kind of malformed request its status`(_ index: Int) {
    let (status, text) = Self.malformed[index]
    #expect(outcome(text) == Outcome(requests: [], fault: status), "\(text.debugDescription)")
    let behind = outcome(Self.good[1] + text)
    #expect(behind.requests.count == 1 && behind.fault == status, "behind a good one")
  }

  // snippet.cut
  @Test func `does not care how the bytes are cut`() {
    var generator = SplitMix64(seed: 4)
    let texts = Self.malformed.map { Self.good[2] + $0.text } + [Self.good.joined()]
    for text in texts {
      let bytes = Array(text.utf8)
      let whole = outcome([bytes])
      #expect(outcome(bytes.map { [$0] }) == whole, "byte by byte: \(text.debugDescription)")
      for _ in 0..<20 {
        var pieces: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
          let end = min(bytes.count, start + 1 + Int(generator.uniform() * 30))
          pieces.append(Array(bytes[start..<end]))
          start = end
        }
        #expect(outcome(pieces) == whole, "\(text.debugDescription)")
      }
    }
  }
  // snippet.end

  @Test func `survives whatever it is given`() {
    var generator = SplitMix64(seed: 5)
    let seeds = (Self.good + Self.malformed.map(\.text)).map { Array($0.utf8) }
    let statuses: Set<Int?> = [nil, 400, 413, 414, 417, 431, 501, 505]
    for round in 0..<3000 {
      var bytes =
        seeds[round % seeds.count] + seeds[Int(generator.next() % UInt64(seeds.count))]
      for _ in 0..<1 + round % 4 {
        let place = Int(generator.next() % UInt64(bytes.count))
        switch generator.next() % 3 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
        case 1: bytes.remove(at: place)
        default: bytes.insert(UInt8(truncatingIfNeeded: generator.next() % 128), at: place)
        }
      }
      let whole = outcome([bytes])
      #expect(statuses.contains(whole.fault))
      #expect(outcome(bytes.map { [$0] }) == whole, "\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test func `refuses too much before it has come`() {
    #expect(outcome([[UInt8](repeating: 65, count: 61)], ends: false).fault == 414)
    let head = Array("GET / HTTP/1.1\r\nX: ".utf8)
    #expect(outcome([head, [UInt8](repeating: 65, count: 118)], ends: false).fault == 431)
    let post = Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 21\r\n\r\n".utf8)
    #expect(outcome([post], ends: false).fault == 413)
  }

  @Test func `tells what it waits for`() throws {
    var parser = HTTPParser(Self.limits)
    #expect(parser.wait == .request)
    parser.append(Array("POST / HTTP/1.1\r\n".utf8))
    #expect(try parser.next() == nil && parser.wait == .head)
    parser.append(Array("Host: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n".utf8))
    #expect(try parser.next() == nil && parser.wait == .body && parser.expectsContinue)
    parser.append(Array("o".utf8))
    #expect(try parser.next() == nil && !parser.expectsContinue)
    parser.append(Array("k".utf8))
    #expect(try parser.next()?.body == Array("ok".utf8) && parser.wait == .request)
  }
}
