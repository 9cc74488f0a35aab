import Attention
import Checkpoints
import CommandLine
import Foundation
import Serving
import SmallV3

extension ServingDemo {
  /// Serves the little R1 in four bits, and asks it over HTTP as any program would.
  mutating func converse(with reasoner: PotatoReasoner) throws {
    Console.print("A conversation over HTTP, the weights in int4")
    let engine = Engine(reasoner.served(.int4))
    let service = ChatService(
      engine, reasoner.coder.tokenizer,
      GenerationConfiguration(endTokens: [reasoner.coder.end]),
      options: ChatService.Options(model: "potato-r1"))
    let server = try HTTPServer(port: 0) { service.answer($0, $1) }
    defer {
      server.stop()
      engine.finish()
    }
    let question = #"{"messages": [{"role": "user", "content": "3719+"}]}"#
    let whole = try Self.ask(server.port, question)
    let answer = try JSONValue(parsing: Array(whole.utf8)).object ?? JSONObject()
    let message = answer["choices"]?.array?.first?.object?["message"]?.object ?? JSONObject()
    let usage = answer["usage"]?.object ?? JSONObject()
    report("user", "3719+")
    report("▸ thought", message["reasoning_content"]?.string ?? "none")
    report("answer", message["content"]?.string ?? "none")
    for (key, name) in [("prompt_tokens", "prompt"), ("completion_tokens", "written")] {
      if let count = usage[key]?.integer { note("chat.\(name)", count) }
    }
    let stream = try Self.ask(
      server.port, String(question.dropLast()) + #", "stream": true}"#)
    let events = stream.components(separatedBy: "\n\n").filter { !$0.isEmpty }
    note("chat.events", events.count)
    report("as events", "\(events.count), of which these are some:")
    for event in [1, 2, events.count - 3, events.count - 1] where events.indices.contains(event)
    {
      report("", Self.shortened(events[event]))
    }
  }

  /// An event without what is the same in all of them.
  private static func shortened(_ event: String) -> String {
    guard let start = event.range(of: "\"delta\":"), let end = event.range(of: ",\"logprobs\"")
    else { return event }
    return "data: {…" + event[start.lowerBound..<end.lowerBound] + "…}"
  }

  /// Posts a call and returns the body of the answer, which HTTP/1.0 ends with the connection.
  private static func ask(_ port: Int, _ body: String) throws -> String {
    let socket = try Socket.connected(host: "127.0.0.1", port: port)
    let head =
      "POST /v1/chat/completions HTTP/1.0\r\nHost: localhost\r\n"
      + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
    _ = socket.write(Array((head + body).utf8), patience: .seconds(5))
    var bytes: [UInt8] = []
    while case .bytes(let more) = socket.read(65_536, until: .now + .seconds(30)) {
      bytes += more
    }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.range(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? text
  }
}
