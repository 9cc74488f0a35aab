import Checkpoints
import Serving
import SmallV3
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `An answer` {
  private func coder(_ template: ChatTemplate) throws -> ChatCoder {
    try ChatCoder(template, .bytes(special: ChatTokens.all))
  }

  /// Thought and text that a reader makes of tokens, and the text piece by piece.
  private func read(
    _ tokens: [Int], _ coder: ChatCoder, stops: [String] = []
  ) -> (thought: String, text: String, pieces: [String]) {
    var reader = AnswerReader(coder.tokenizer, coder, stops: stops)
    let pieces = tokens.flatMap { reader.isStopped ? [] : reader.read($0) } + reader.finish()
    var (thought, text): (String, [String]) = ("", [])
    for piece in pieces {
      switch piece {
      case .thought(let words): thought += words
      case .text(let words): text.append(words)
      }
    }
    return (thought, text.joined(), text)
  }

  // snippet.apart
  @Test func `is told apart from the thought before it`() throws {
    let coder = try coder(.deepSeekR1)
    let message = Message(.assistant, "It is 4.", thought: "2 + 2\nis </think> 4")
    let tokens = coder.answer(message).filter { $0 != coder.end }
    let answer = read(tokens, coder)
    #expect(answer.thought == message.thought, "letters that look like a token end no thought")
    #expect(answer.text == message.content)
    #expect(answer.pieces.count == 8, "a letter at a time")
  }
  // snippet.end

  @Test func `says in pieces what is read of it as a whole`() throws {
    for template in ChatTemplate.allCases {
      let coder = try coder(template)
      for (thought, text) in [
        ("", ""), ("hm", "é 🙂\n\nok\n"), ("\n a\n\n b", "x"), ("a", "\n"),
      ] {
        let thought = template == .deepSeekR1 ? thought : nil
        let message = Message(.assistant, text, thought: thought)
        let tokens = coder.answer(message).filter { $0 != coder.end }
        let expected = coder.message(from: tokens)
        let answer = read(tokens, coder)
        #expect(answer.text == expected.content, "\(template) \(text.debugDescription)")
        #expect(answer.thought == expected.thought ?? "", "\(template)")
      }
    }
  }

  @Test func `ends before a stop text, however the text is cut`() throws {
    let coder = try coder(.deepSeekV3)
    var generator = SplitMix64(seed: 2)
    for _ in 0..<300 {
      let letters = (0..<20).map { _ in ["a", "b", "é"][Int(generator.next() % 3)] }
      let text = letters.joined()
      let stops = ["ab", "aab", "béé"]
      let cut = stops.compactMap { text.range(of: $0)?.lowerBound }.min()
      let expected = String(text[..<(cut ?? text.endIndex)])
      let answer = read(coder.tokenizer.encode(text), coder, stops: stops)
      #expect(answer.text == expected, "\(text)")
    }
  }
}

@Suite struct `A call` {
  private func call(_ body: String, isChat: Bool = false) throws(APIError) -> CompletionCall {
    try CompletionCall(Array(body.utf8), isChat: isChat)
  }

  @Test func `is read with all that it asks for`() throws {
    let text = try call(
      """
      {"model": "m", "prompt": "Hi", "max_tokens": 5, "temperature": 0.5, "top_p": 0.9, "top_k": 3,
       "seed": -1, "stop": ["a", "b"], "stream": true, "stream_options": {"include_usage": true},
       "user": "ignored", "n": 1, "frequency_penalty": null}
      """)
    #expect(text.prompt == .text("Hi") && text.model == "m" && text.maximumTokens == 5)
    #expect(text.temperature == 0.5 && text.topP == 0.9 && text.topK == 3)
    #expect(
      text.seed == .max && text.stops == ["a", "b"] && text.streams && text.includesUsage)
    #expect(try call(#"{"prompt": [1, 2]}"#).prompt == .tokens([1, 2]))
    let chat = try call(
      """
      {"max_completion_tokens": 2, "stop": "x", "messages": [
        {"role": "developer", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]},
        {"role": "assistant", "content": "Hi", "reasoning_content": "dropped"},
        {"role": "user", "content": "Again"}]}
      """, isChat: true)
    #expect(
      chat.prompt
        == .conversation(Conversation(system: "Be kind.", turns: "Hello", "Hi", "Again")))
    #expect(chat.maximumTokens == 2 && chat.stops == ["x"] && !chat.streams)
  }

  private static let refused: [(parameter: String?, body: String)] = [
    (nil, ""), (nil, "{"), (nil, "[]"), ("prompt", "{}"), ("prompt", #"{"prompt": []}"#),
    ("prompt", #"{"prompt": ["a", "b"]}"#), ("prompt", #"{"prompt": [1, 2.5]}"#),
    ("max_tokens", #"{"prompt": "a", "max_tokens": 0}"#),
    ("max_tokens", #"{"prompt": "a", "max_tokens": "5"}"#),
    ("temperature", #"{"prompt": "a", "temperature": -0.1}"#),
    ("top_p", #"{"prompt": "a", "top_p": 0}"#), ("top_k", #"{"prompt": "a", "top_k": 0}"#),
    ("seed", #"{"prompt": "a", "seed": 1.5}"#), ("stop", #"{"prompt": "a", "stop": []}"#),
    ("stop", #"{"prompt": "a", "stop": ["a", 1]}"#), ("stop", #"{"prompt": "a", "stop": ""}"#),
    ("stream", #"{"prompt": "a", "stream": 1}"#), ("n", #"{"prompt": "a", "n": 2}"#),
    ("logprobs", #"{"prompt": "a", "logprobs": 3}"#),
    ("tools", #"{"prompt": "a", "tools": []}"#), ("model", #"{"prompt": "a", "model": 4}"#),
  ]

  @Test(arguments: refused.indices)
  func `is refused with a sentence that names the member`(_ index: Int) throws {
    let (parameter, body) = Self.refused[index]
    let error = try #require(throws: APIError.self) { try call(body) }
    #expect(error.status == 400 && error.parameter == parameter, "\(body)")
    #expect(error.message.contains(parameter ?? "body") && error.message.hasSuffix("."))
  }

  @Test func `of a chat is refused unless the user speaks last`() throws {
    for messages in [
      "[]", #"[{"role": "user"}]"#, #"[{"role": "tool", "content": "a"}]"#, "[1]",
      #"[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]"#,
      #"[{"role": "user", "content": [{"type": "image_url"}]}]"#,
    ] {
      let error = try #require(throws: APIError.self) {
        try call("{\"messages\": \(messages)}", isChat: true)
      }
      #expect(error.parameter == "messages", "\(messages)")
    }
  }
}
