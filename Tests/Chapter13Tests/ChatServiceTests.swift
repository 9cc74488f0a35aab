import Attention
import Checkpoints
import Foundation
import Serving
import SmallV3
import TestSupport
import Testing
import Text

/// A small model behind a server.
final class Served {
  let engine: Engine
  let service: ChatService
  let server: HTTPServer
  let tokenizer: Tokenizer
  let model: ServedModel

  init(
    _ template: ChatTemplate? = .deepSeekR1, limits: EngineLimits = EngineLimits(),
    _ change: (inout ChatService.Options) -> Void = { _ in }
  ) throws {
    let bytes = Tokenizer.bytes(special: ChatTokens.all)
    tokenizer = template.map { bytes.speaking($0) } ?? bytes
    var sizes = DecoderConfiguration.latent(
      vocabulary: tokenizer.vocabularySize, positions: 512)
    sizes.endTokens = [tokenizer.addedID(of: ChatTokens.end) ?? 0]
    model = ServedModel(sizes, .int8, of: sizes.unevenModel(seed: 7))
    engine = Engine(model, limits: limits)
    var options = ChatService.Options(model: "tiny")
    change(&options)
    let service = ChatService(
      engine, tokenizer, GenerationConfiguration(maximumNewTokens: 40), options: options)
    self.service = service
    server = try HTTPServer(port: 0) { service.answer($0, $1) }
  }

  func client() throws -> Client { try Client(server.port) }

  func stop() {
    server.stop()
    engine.finish()
  }

  /// The JSON of a response.
  static func json(_ response: Response?) throws -> JSONObject {
    let text = try #require(response).body
    return try #require(JSONValue(parsing: text).object)
  }
}

@Suite struct `The service` {
  private let chat = #"{"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 30}"#

  @Test func `answers a chat as the engine writes it, with the thought apart`() throws {
    let served = try Served()
    defer { served.stop() }
    let coder = try #require(ChatCoder(served.tokenizer))
    let prompt = coder.prompt(Conversation(turns: "Hi"))
    var scheduler = Scheduler(served.model)
    let tokens = try scheduler.tokens([
      GenerationRequest(prompt: prompt, maximumTokens: 30, stops: [coder.end])
    ])[0]
    var reader = AnswerReader(served.tokenizer, coder)
    let pieces = tokens.flatMap { reader.read($0) } + reader.finish()

    let answer = try Served.json(try served.client().ask("POST", "/v1/chat/completions", chat))
    #expect(answer["object"] == "chat.completion" && answer["model"] == "tiny")
    let choice = try #require(answer["choices"]?.array?[0].object)
    let message = try #require(choice["message"]?.object)
    var expected = ("", "")
    for piece in pieces {
      switch piece {
      case .thought(let words): expected.0 += words
      case .text(let words): expected.1 += words
      }
    }
    #expect(message["reasoning_content"]?.string ?? "" == expected.0)
    #expect(message["content"]?.string == expected.1)
    #expect(!expected.0.isEmpty, "a random model thinks for a while")
    #expect(choice["finish_reason"] == (tokens.count == 30 ? "length" : "stop"))
    let usage = try #require(answer["usage"]?.object)
    #expect(usage["prompt_tokens"]?.integer == prompt.count)
    #expect(usage["completion_tokens"]?.integer == tokens.count)
  }

  @Test func `sends in pieces what it sends as a whole`() throws {
    let served = try Served()
    defer { served.stop() }
    let client = try served.client()
    let whole = try Served.json(client.ask("POST", "/v1/chat/completions", chat))
    let message = try #require(whole["choices"]?.array?[0].object?["message"]?.object)
    let call =
      chat.dropLast() + #", "stream": true, "stream_options": {"include_usage": true}}"#
    let response = try #require(client.ask("POST", "/v1/chat/completions", String(call)))
    #expect(response.head.contains("text/event-stream"))
    let events = response.body.components(separatedBy: "\n\n").filter { !$0.isEmpty }
    #expect(events.allSatisfy { $0.hasPrefix("data: ") } && events.last == "data: [DONE]")
    let values = try events.dropLast().map {
      try #require(JSONValue(parsing: String($0.dropFirst(6))).object)
    }
    #expect(values.allSatisfy { $0["object"] == "chat.completion.chunk" })
    var (thought, text, reasons): (String, String, [String]) = ("", "", [])
    for value in values {
      guard let choice = value["choices"]?.array?.first?.object else { continue }
      thought += choice["delta"]?.object?["reasoning_content"]?.string ?? ""
      text += choice["delta"]?.object?["content"]?.string ?? ""
      if let reason = choice["finish_reason"]?.string { reasons.append(reason) }
    }
    #expect(thought == message["reasoning_content"]?.string ?? "")
    #expect(text == message["content"]?.string)
    #expect(reasons.count == 1)
    #expect(values[0]["choices"]?.array?[0].object?["delta"]?.object?["role"] == "assistant")
    let usage = try #require(values.last?["usage"]?.object)
    #expect(usage["prompt_cache_hit_tokens"]?.integer == 0, "seven tokens are less than a page")
    #expect(values.last?["choices"]?.array?.isEmpty == true)
  }

  @Test func `continues texts and tokens, to a stop text or the limit`() throws {
    let served = try Served()
    defer { served.stop() }
    let client = try served.client()
    func text(_ body: String) throws -> (text: String, reason: String?) {
      let answer = try Served.json(client.ask("POST", "/v1/completions", body))
      let choice = try #require(answer["choices"]?.array?[0].object)
      let text = try #require(choice["text"]?.string)
      return (text, choice["finish_reason"]?.string)
    }
    let whole = try text(#"{"prompt": "Once", "max_tokens": 25, "temperature": 1, "seed": 3}"#)
    let tokens = served.tokenizer.encode("Once").map(String.init).joined(separator: ",")
    let same = try text(
      "{\"prompt\": [\(tokens)], \"max_tokens\": 25, \"temperature\": 1, \"seed\": 3}")
    #expect(whole == same && !whole.text.isEmpty)
    let letters = whole.text.unicodeScalars.filter {
      $0.isASCII && $0.value >= 32 && $0 != "\"" && $0 != "\\"
    }
    let letter = try #require(letters.first)
    let stop = String(String.UnicodeScalarView([letter]))
    let value: JSONValue = [
      "prompt": "Once", "max_tokens": 25, "temperature": 1, "seed": 3, "stop": .string(stop),
    ]
    let stopped = try text(value.text())
    let cut = try #require(whole.text.range(of: stop))
    #expect(stopped.text == String(whole.text[..<cut.lowerBound]) && stopped.reason == "stop")
  }

  @Test func `names its model, its health and what it does`() throws {
    let served = try Served()
    defer { served.stop() }
    let client = try served.client()
    #expect(client.ask("GET", "/health")?.body == "{\"status\":\"ok\"}\n")
    let list = try Served.json(client.ask("GET", "/v1/models"))
    #expect(list["data"]?.array?[0].object?["id"] == "tiny")
    #expect(try Served.json(client.ask("GET", "/v1/models/tiny"))["object"] == "model")
    _ = client.ask("POST", "/v1/chat/completions", chat)
    let metrics = try #require(client.ask("GET", "/metrics")?.body)
    #expect(metrics.contains("deepseek_requests_total{status=\"200\"} 4"))
    #expect(metrics.contains("deepseek_prompt_tokens_total 7"))
    let page = try #require(client.ask("GET", "/"))
    #expect(page.body.contains("<title>The Little DeepSeek</title>"))
    #expect(page.head.contains("Content-Security-Policy: default-src 'none'"))
  }

  @Test func `refuses with the right status, in the form that clients read`() throws {
    let served = try Served(nil, limits: EngineLimits(cacheBytes: 10_000)) {
      $0.token = "secret"
    }
    defer { served.stop() }
    let client = try served.client()
    let bearer = ["Authorization: Bearer secret"]
    func status(_ response: Response?) throws -> Int {
      let response = try #require(response)
      let answer = try Served.json(response)
      let error = try #require(answer["error"]?.object)
      #expect(error["message"]?.string?.hasSuffix(".") == true)
      return response.status
    }
    let ask = { try status(client.ask("POST", "/v1/completions", $0, headers: bearer)) }
    #expect(try ask("{") == 400)
    #expect(try ask(#"{"prompt": ""}"#) == 400)
    #expect(try ask(#"{"prompt": [9999]}"#) == 400)
    #expect(try ask(#"{"prompt": "a", "model": "gpt"}"#) == 404)
    #expect(try ask(#"{"prompt": "a", "max_tokens": 400}"#) == 400, "more than the cache holds")
    #expect(try status(client.ask("POST", "/v1/completions", #"{"prompt": "a"}"#)) == 401)
    #expect(
      try status(client.ask("GET", "/v1/models", headers: ["Authorization: Bearer wrong"]))
        == 401)
    #expect(try status(client.ask("GET", "/metrics")) == 401)
    #expect(client.ask("GET", "/health")?.status == 200)
    #expect(try status(client.ask("GET", "/nowhere")) == 404)
    #expect(try status(client.ask("GET", "/v1/completions", headers: bearer)) == 405)
    #expect(
      try status(client.ask("POST", "/v1/chat/completions", chat, headers: bearer)) == 400,
      "no chat template")
    client.send("GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    #expect(try status(client.response()) == 403)
    client.send(
      "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\n"
        + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}")
    #expect(try status(client.response()) == 415)
  }

  @Test func `tells a client to come again when the queue is full`() throws {
    let served = try Served(limits: EngineLimits(active: 1, waiting: 1))
    defer { served.stop() }
    let call = #"{"prompt": "abc", "max_tokens": 500, "stream": true}"#
    let head =
      "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(call.utf8.count)\r\n\r\n\(call)"
    let clients = try (0..<6).map { _ in try served.client() }
    for client in clients { client.send(head) }
    let statuses = clients.map { $0.response()?.status }
    #expect(statuses.allSatisfy { $0 == 200 || $0 == 429 })
    #expect(statuses.contains(200) && statuses.contains(429))
  }

  @Test func `gives up what nobody waits for`() throws {
    let served = try Served(limits: EngineLimits(active: 1))
    defer { served.stop() }
    let call = #"{"prompt": "abc", "max_tokens": 500, "stream": true}"#
    for _ in 0..<3 {
      let client = try served.client()
      client.send(
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Content-Length: \(call.utf8.count)\r\n\r\n\(call)")
      _ = client.socket.read(10, until: .now + .seconds(10))
    }
    #expect(try served.client().ask("POST", "/v1/chat/completions", chat)?.status == 200)
  }

  @Test func `loses no call of many clients at once`() throws {
    let served = try Served()
    defer { served.stop() }
    let port = served.server.port
    let answers = ConcurrentAnswers()
    DispatchQueue.concurrentPerform(iterations: 24) { index in
      guard let client = try? Client(port) else { return }
      for turn in 0..<3 {
        let body =
          "{\"prompt\": \"\(index) and \(turn)\", \"max_tokens\": 8, \"stream\": \(turn == 1)}"
        answers.add(client.ask("POST", "/v1/completions", body)?.status)
      }
    }
    #expect(answers.all == [Int?](repeating: 200, count: 72))
  }
}
