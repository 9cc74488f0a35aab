import Foundation
import Tensors
import TestSupport
import Text

/// What Hugging Face's `tokenizers` made of some texts; see `Tests/Reference/make_tokenizers.py`.
struct TokenizerFixture: Decodable {
  struct Case: Decodable {
    let text: String
    let ids: [Int]
    let framed: [Int]
    let decoded: String
  }

  struct Decoding: Decodable {
    let ids: [Int]
    let decoded: String
    let skipped: String
  }

  let tokenizer: String
  let training: [String]
  let cases: [Case]
  let decodings: [Decoding]

  static let names = ["gpt2", "gpt2-prefix-space", "qwen2", "llama3", "deepseek-v3"]

  static func named(_ name: String) throws -> TokenizerFixture {
    let file = Repository.references.appending(path: "tokenizers/\(name).json")
    return try JSONDecoder().decode(TokenizerFixture.self, from: Data(contentsOf: file))
  }

  func load() throws -> Tokenizer { try Tokenizer(json: Data(tokenizer.utf8)) }
}

extension SplitMix64 {
  /// A whole number below a count; zero below zero.
  mutating func below(_ count: Int) -> Int { Draw.below(max(1, count), using: &self) }
}

extension String {
  /// The bytes: Swift's `==` would hold "é" and "e" with a combining accent equal.
  var bytes: [UInt8] { Array(utf8) }
}
