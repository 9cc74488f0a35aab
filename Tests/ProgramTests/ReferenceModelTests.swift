import Foundation
import TestSupport
import Testing

/// The smallest whole DeepSeek-V3: latent attention, experts and two prediction modules.
private enum Reference {
  static let folder = Repository.references.appending(path: "deepseek/v3-mtp")

  static func numbers() throws -> [String: Any] {
    try object(Data(contentsOf: folder.appending(path: "expected.json")))
  }

  static func object(_ data: Data) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// What a command prints as JSON about the model.
  static func output(of command: String, _ words: [String]) async throws -> [String: Any] {
    var child = Child("deepseek", command, "--model", folder.path, "--json")
    child.words += words
    let ending = try await child.run()
    #expect(ending.code == 0 && ending.errors.isEmpty, "\(ending.errors)")
    return try object(Data(ending.output.utf8))
  }
}

private func list(_ tokens: [Int]) -> String {
  tokens.map(String.init).joined(separator: ",")
}

@Suite struct `A DeepSeek-V3 from elsewhere` {
  @Test func `is inspected with the losses that transformers found`() async throws {
    let expected = try Reference.numbers()
    let tokens = try #require(expected["tokens"] as? [Int])
    let seen = try await Reference.output(of: "inspect", ["--tokens", list(tokens)])
    let loss = try #require(seen["loss"] as? Double)
    #expect(abs(loss - (try #require(expected["loss"] as? Double))) < 1e-5)
    let ahead = try #require(seen["mtp_losses"] as? [Double])
    let theirs = try #require(expected["mtp_losses"] as? [Double])
    #expect(ahead.count == 2 && zip(ahead, theirs).allSatisfy { abs($0 - $1) < 1e-5 })
    let logits = try #require(seen["logits"] as? [[Double]])
    let others = try #require(expected["logits"] as? [[Double]])
    let worst = zip(logits.joined(), others.joined()).map { abs($0 - $1) }.max() ?? .infinity
    #expect(logits.count == tokens.count && worst < 2e-4)
  }

  @Test(arguments: [[], ["--speculative"]])
  func `writes the tokens that transformers wrote`(_ flags: [String]) async throws {
    let examples = try #require(Reference.numbers()["continuations"] as? [[String: [Int]]])
    for example in examples {
      let prompt = try #require(example["prompt"])
      let continuation = try #require(example["continuation"])
      // The reference goes on behind the token that ends a text.
      let end = continuation.firstIndex(of: 1).map { $0 + 1 } ?? continuation.count
      let words = ["--tokens", list(prompt), "--max-new-tokens", "16"] + flags
      let seen = try await Reference.output(of: "generate", words)
      #expect(seen["tokens"] as? [Int] == prompt + continuation.prefix(end))
    }
  }
}
