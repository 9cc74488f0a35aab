import Testing
import Text

@Suite struct `A pre-tokenizer` {
  @Test func `of DeepSeek-V3 cuts digits first and glues signs to words`() {
    let pieces = PreTokenizer.deepSeekV3.pieces(of: "naïve café 12ab, don't\n\n(foo)_x")
    let expected = [
      "naïve", " café", " ", "12", "ab", ",", " don", "'t", "\n\n", "(foo", ")_", "x",
    ]
    #expect(pieces == expected)
  }

  @Test(arguments: [
    (PreTokenizer.gpt2, ["I", "'m", " 12345", "  ", " it", "'", "LL", "!\n"]),
    (.qwen2, ["I", "'m", " ", "1", "2", "3", "4", "5", "  ", " it", "'LL", "!\n"]),
    (.llama3, ["I", "'m", " ", "123", "45", "  ", " it", "'LL", "!\n"]),
    (.deepSeekV3, ["I", "'m", " ", "123", "45", "  ", " it", "'LL", "!\n"]),
    (.whole, ["I'm 12345   it'LL!\n"]),
  ])
  func `has its own view of digits, capitals and line breaks`(
    preTokenizer: PreTokenizer, expected: [String]
  ) {
    // GPT-2 leaves the line break to a piece of its own.
    let expected = preTokenizer == .gpt2 ? expected.dropLast() + ["!", "\n"] : expected
    #expect(preTokenizer.pieces(of: "I'm 12345   it'LL!\n") == expected)
  }

  @Test func `loses no byte`() throws {
    let all: [PreTokenizer] = [.gpt2, .qwen2, .llama3, .deepSeekV3, .whole]
    for example in try TokenizerFixture.named("gpt2").cases {
      for preTokenizer in all {
        let pieces = preTokenizer.pieces(of: example.text)
        #expect(pieces.joined().bytes == example.text.bytes)
        #expect(!pieces.contains(""))
      }
    }
  }

  @Test func `puts a space in front only if asked and only if there is none`() {
    let preTokenizer = PreTokenizer(rules: [.gpt2Words], addsPrefixSpace: true)
    #expect(preTokenizer.pieces(of: "a b") == [" a", " b"])
    #expect(preTokenizer.pieces(of: " a b") == [" a", " b"])
    #expect(preTokenizer.pieces(of: "").isEmpty)
  }
}
