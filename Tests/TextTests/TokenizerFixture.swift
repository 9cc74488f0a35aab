import Foundation
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
    let file = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Reference/tokenizers/\(name).json")
    return try JSONDecoder().decode(TokenizerFixture.self, from: Data(contentsOf: file))
  }

  func load() throws -> Tokenizer { try Tokenizer(json: Data(tokenizer.utf8)) }
}

/// A small generator with a seed, so that a failing test fails again.
struct FixtureGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }
}

extension String {
  /// The bytes: Swift's `==` would hold "é" and "e" with a combining accent equal.
  var bytes: [UInt8] { Array(utf8) }
}
