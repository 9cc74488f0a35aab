import Foundation
import Testing
import Text

@Suite struct `Against Hugging Face's tokenizers` {
  @Test(arguments: TokenizerFixture.names)
  func `every text gets the same ids`(name: String) throws {
    let fixture = try TokenizerFixture.named(name)
    let tokenizer = try fixture.load()
    #expect(fixture.cases.count > 40)
    for example in fixture.cases {
      #expect(tokenizer.encode(example.text) == example.ids, "\(example.text.debugDescription)")
      #expect(tokenizer.encode(example.text, addingSpecialTokens: true) == example.framed)
    }
  }

  @Test(arguments: TokenizerFixture.names)
  func `all ids decode to the same text, invalid bytes too`(name: String) throws {
    let fixture = try TokenizerFixture.named(name)
    let tokenizer = try fixture.load()
    for example in fixture.cases {
      #expect(tokenizer.decode(example.ids).bytes == example.decoded.bytes)
    }
    #expect(fixture.decodings.contains { $0.decoded.contains("\u{FFFD}") })
    for example in fixture.decodings {
      #expect(tokenizer.decode(example.ids).bytes == example.decoded.bytes, "\(example.ids)")
      let skipped = tokenizer.decode(example.ids, skippingSpecial: true)
      #expect(skipped.bytes == example.skipped.bytes)
    }
  }

  @Test(arguments: TokenizerFixture.names)
  func `a streaming decoder gives the same text piece by piece`(name: String) throws {
    let fixture = try TokenizerFixture.named(name)
    let tokenizer = try fixture.load()
    let examples =
      fixture.cases.map { ($0.ids, $0.decoded) }
      + fixture.decodings.map { ($0.ids, $0.decoded) }
    for (ids, decoded) in examples {
      var decoder = StreamingDecoder(tokenizer)
      let streamed = ids.map { decoder.append($0) }.joined() + decoder.finish()
      #expect(streamed.bytes == decoded.bytes, "\(ids)")
    }
  }

  @Test(arguments: TokenizerFixture.names)
  func `a written file reads back as the same tokenizer`(name: String) throws {
    let fixture = try TokenizerFixture.named(name)
    let tokenizer = try fixture.load()
    let json = tokenizer.json
    let again = try Tokenizer(json: Data(json.utf8), config: Data(tokenizer.configJSON.utf8))
    #expect(again == tokenizer)
    #expect(again.json == json)
  }

  @Test(arguments: [
    ("gpt2", 500, ["<|end|>"], PreTokenizer.gpt2),
    ("gpt2-prefix-space", 320, [], PreTokenizer(rules: [.gpt2Words], addsPrefixSpace: true)),
    ("qwen2", 420, [], .qwen2),
    ("deepseek-v3", 560, ["<|begin|>", "<|end|>", "<|pad|>"], .deepSeekV3),
  ])
  func `training learns the same merges in the same order`(
    name: String, size: Int, special: [String], preTokenizer: PreTokenizer
  ) throws {
    let fixture = try TokenizerFixture.named(name)
    let reference = try Sections(fixture.tokenizer)
    let trained = try Tokenizer.trained(
      on: fixture.training, vocabularySize: size, specialTokens: special,
      preTokenizer: preTokenizer)
    let ours = try Sections(trained.json)
    #expect(ours.model.merges == reference.model.merges)
    #expect(ours.model.vocab == reference.model.vocab)
    #expect(trained.vocabularySize == size)
  }
}

/// The parts of a `tokenizer.json` that training decides.
private struct Sections: Decodable {
  struct Model: Decodable {
    let vocab: [String: Int]
    let merges: [Merge]
  }

  /// A merge is "left right" or a pair, depending on the version that wrote it.
  struct Merge: Decodable, Equatable {
    let sides: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        sides = text.split(separator: " ").map(String.init)
      } else {
        sides = try container.decode([String].self)
      }
    }
  }

  let model: Model

  init(_ json: String) throws {
    self = try JSONDecoder().decode(Sections.self, from: Data(json.utf8))
  }

  private enum CodingKeys: CodingKey { case model }

  init(from decoder: any Decoder) throws {
    model = try decoder.container(keyedBy: CodingKeys.self).decode(Model.self, forKey: .model)
  }
}
