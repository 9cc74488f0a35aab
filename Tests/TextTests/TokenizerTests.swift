import Foundation
import Tensors
import Testing
import Text

@Suite struct `A tokenizer` {
  @Test func `of bytes numbers each byte by its value`() throws {
    let tokenizer = Tokenizer.bytes(special: ["<end>"])
    #expect(tokenizer.encode("aé<end>") == [97, 0xC3, 0xA9, 256])
    #expect(tokenizer.decode([97, 0xC3, 0xA9, 256]) == "aé<end>")
    #expect(tokenizer.decode([97, 256, 98], skippingSpecial: true) == "ab")
    #expect(tokenizer.decodeBytes([0xFF, 0x00]) == [0xFF, 0x00])
    #expect(tokenizer.vocabularySize == 257)
    #expect(try Tokenizer(json: Data(tokenizer.json.utf8)) == tokenizer)
  }

  // Pieces "abab" and " abab". Pairs: ab 4, ba 2, ␣a 1. After the merge of ab: abab 2, ␣ab 1. At
  // last ␣abab 1. The numbers 0–255 are bytes; "a" is 64, "b" 65 and the space 220.
  @Test func `learns the most frequent pair first`() throws {
    let tokenizer = try Tokenizer.trained(
      on: ["abab abab"], vocabularySize: 1000, preTokenizer: .gpt2)
    #expect((256..<259).map(tokenizer.piece(of:)) == ["ab", "abab", " abab"])
    #expect(tokenizer.vocabularySize == 259)
    #expect(tokenizer.encode("abab ab") == [257, 220, 256])
    #expect(tokenizer.encode("aba abab") == [256, 64, 258])
    #expect(tokenizer.id(of: " abab") == 258)
    #expect(tokenizer.id(of: "ba") == nil)
  }

  /// In "xy yx" both xy and yx occur once; x is 87 and y 88, so (87, 88) goes before (88, 87).
  @Test func `breaks ties by the smaller numbers`() throws {
    let tokenizer = try Tokenizer.trained(
      on: ["yx", "xy"], vocabularySize: 257, preTokenizer: .whole)
    #expect(tokenizer.piece(of: 256) == "xy")
  }

  @Test func `decodes what it encoded`() throws {
    let tokenizer = try TokenizerFixture.named("deepseek-v3").load()
    var generator = SplitMix64(seed: 7)
    for _ in 0..<200 {
      var text = String.UnicodeScalarView()
      for _ in 0..<generator.below(40) {
        let range = [0x80, 0x250, 0x3200, 0x11_0000][generator.below(4)]
        guard let scalar = Unicode.Scalar(UInt32(generator.below(range))) else { continue }
        text.append(scalar)
      }
      let ids = tokenizer.encode(String(text))
      #expect(tokenizer.decodeBytes(ids) == String(text).bytes)
    }
  }

  @Test func `leaves out numbers that have no token`() {
    let tokenizer = Tokenizer.bytes()
    #expect(tokenizer.decode([-1, 97, 256, 1 << 40, 98]) == "ab")
  }

  @Test func `tells equivalent spellings apart`() throws {
    let tokenizer = Tokenizer.bytes(special: ["\u{E9}", "e\u{301}"])
    #expect(tokenizer.id(of: "\u{E9}") == 256)
    #expect(tokenizer.id(of: "e\u{301}") == 257)
    #expect(tokenizer.encode("e\u{301}\u{E9}") == [257, 256])
  }

  @Test func `frames a text only when asked`() {
    let settings = TokenizerSettings(
      beginToken: "<s>", endToken: "</s>", addsBegin: true, addsEnd: true)
    let tokenizer = Tokenizer.bytes(special: ["<s>", "</s>"]).with(settings)
    #expect(tokenizer.encode("a") == [97])
    #expect(tokenizer.encode("a", addingSpecialTokens: true) == [256, 97, 257])
  }

  @Test func `refuses a vocabulary too small for the bytes`() {
    let error = #expect(throws: TokenizerError.self) {
      try Tokenizer.trained(on: ["a"], vocabularySize: 256, specialTokens: ["<s>"])
    }
    #expect(
      error?.description
        == "training: the vocabulary size 256 must lie between 257 and 1048576.")
  }

  @Test func `keeps special tokens out of what it learns`() throws {
    let tokenizer = try Tokenizer.trained(
      on: ["<s><s><s><s>ab"], vocabularySize: 300, specialTokens: ["<s>"], preTokenizer: .whole)
    #expect(tokenizer.vocabularySize == 258)
    #expect(tokenizer.piece(of: 257) == "ab")
  }
}

@Suite struct `The work of a tokenizer` {
  /// A heap of m keys moves each key at most log₂ m levels up and as many down, and a piece of n
  /// bytes pushes fewer than 3n keys.
  @Test func `grows as n log n within one piece`() throws {
    let tokenizer = try Tokenizer.trained(
      on: [String(repeating: "a", count: 4096)], vocabularySize: 268, preTokenizer: .whole)
    #expect(tokenizer.piece(of: 267).count == 4096)
    let count = 200_000
    let text = String(repeating: "a", count: count)
    let pushes = 3 * Double(count)
    #expect(Double(tokenizer.mergingWork(for: text)) < 2 * pushes * log2(pushes))
    #expect(tokenizer.decode(tokenizer.encode(text)) == text)
    // 200 000 = 48 · 4096 + 2048 + 1024 + 256 + 64
    #expect(tokenizer.encode(text) == Array(repeating: 267, count: 48) + [266, 265, 263, 261])
  }

  @Test func `is linear in the text`() throws {
    let fixture = try TokenizerFixture.named("deepseek-v3")
    let tokenizer = try fixture.load()
    let text = fixture.training.joined(separator: "\n")
    let once = tokenizer.mergingWork(for: text)
    // The joints of the copies may cut a little differently from the ends of the text.
    let many = tokenizer.mergingWork(for: String(repeating: text, count: 50))
    #expect(abs(many - 50 * once) < 50 * 20)
    #expect(once > 400)
  }
}

@Suite struct `Added tokens` {
  @Test func `are cut out longest first, among 818 of them`() {
    var generator = SplitMix64(seed: 3)
    var contents: [String] = []
    while contents.count < 818 {
      let letters = (0..<(1 + generator.below(9))).map { _ in "<|>"[generator.below(3)] }
      if !contents.contains(letters.joined()) { contents.append(letters.joined()) }
    }
    let tokenizer = Tokenizer.bytes(special: contents)
    for _ in 0..<50 {
      let text = (0..<60).map { _ in "<|>x"[generator.below(4)] }.joined()
      #expect(tokenizer.encode(text) == slowlyEncoded(text, with: contents))
    }
  }

  private func slowlyEncoded(_ text: String, with contents: [String]) -> [Int] {
    var ids: [Int] = []
    var rest = text[...]
    while let first = rest.utf8.first {
      let matches = contents.indices.filter { rest.hasPrefix(contents[$0]) }
      if let longest = matches.max(by: { contents[$0].count < contents[$1].count }) {
        ids.append(256 + longest)
        rest = rest.dropFirst(contents[longest].count)
      } else {
        ids.append(Int(first))
        rest = rest.dropFirst()
      }
    }
    return ids
  }
}

extension String {
  fileprivate subscript(_ offset: Int) -> String { String(Array(self)[offset]) }
}
