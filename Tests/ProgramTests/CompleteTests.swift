import Foundation
import Testing

@Suite(.serialized) struct `Completing from the command line` {
  private let marks = ["<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"]

  /// A model of one step whose tokenizer has, behind the 256 bytes, so many of the three marks.
  private func model(in scratch: Scratch, marks count: Int) async throws -> String {
    let first = try await Child(
      "deepseek", "train", "--config", "tiny", "--data", try scratch.story(), "--steps", "1",
      "--out", scratch.path("bytes")
    ).run()
    #expect(first.code == 0, "\(first.errors)")
    let file = try scratch.bytes("bytes/tokenizer.json")
    var json = try #require(try JSONSerialization.jsonObject(with: file) as? [String: Any])
    json["added_tokens"] = marks.prefix(count).enumerated().map { number, mark in
      [
        "id": 256 + number, "content": mark, "single_word": false, "lstrip": false,
        "rstrip": false, "normalized": false, "special": true,
      ]
    }
    let folder = scratch.url.appending(path: "tokens")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try JSONSerialization.data(withJSONObject: json).write(
      to: folder.appending(path: "tokenizer.json"))
    let second = try await Child(
      "deepseek", "train", "--config", "tiny", "--data", scratch.path("story.txt"), "--steps",
      "1", "--tokenizer", folder.path, "--out", scratch.path("marked")
    ).run()
    #expect(second.code == 0, "\(second.errors)")
    return scratch.path("marked")
  }

  @Test func `fills in a middle, the same under one seed`() async throws {
    let scratch = try Scratch()
    let model = try await model(in: scratch, marks: 3)
    func middle(_ more: String...) async throws -> [String: Any] {
      var child = Child("deepseek", "complete", "--model", model, "--json")
      child.words += ["--prefix", "one and", "--suffix", "friends."] + more
      let ending = try await child.run()
      #expect(ending.code == 0, "\(ending.errors)")
      let json = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
      return try #require(json as? [String: Any])
    }
    let greedy = try await middle("--max-new-tokens", "9")
    let tokens = try #require(greedy["tokens"] as? [Int])
    #expect(tokens.count <= 9 && tokens.allSatisfy { $0 < 256 }, "no mark is in the middle")
    #expect(greedy["whole"] is Bool && greedy["middle"] is String)
    #expect(try await middle("--max-new-tokens", "9") as NSDictionary == greedy as NSDictionary)
    let drawn = try await middle("--max-new-tokens", "9", "--temperature", "1", "--seed", "1")
    let other = try await middle("--max-new-tokens", "9", "--temperature", "1", "--seed", "2")
    #expect(drawn["tokens"] as? [Int] != other["tokens"] as? [Int])
    // The context holds 64 tokens: 3 marks, 15 characters and 46 new ones, the last not read.
    let all = try await middle("--max-new-tokens", "1000")
    #expect(try #require(all["tokens"] as? [Int]).count <= 47)
    let marked = try await Child(
      "deepseek", "complete", "--model", model, "--prefix", "one", "--suffix", "a\(marks[1])"
    ).run()
    #expect(marked.code == 1 && marked.output.isEmpty)
    #expect(
      marked.errors == "Error: --suffix holds \(marks[1]), which no text may hold here.\n")
  }

  @Test func `is refused without sides, and by a model that lacks a mark`() async throws {
    let scratch = try Scratch()
    let model = try await model(in: scratch, marks: 1)
    let lacking = try await Child(
      "deepseek", "complete", "--model", model, "--prefix", "a", "--suffix", "b"
    ).run()
    #expect(lacking.code == 1 && lacking.output.isEmpty)
    #expect(
      lacking.errors
        == "Error: \(model): tokenizer.json: there is no token \(marks[1]), so the model cannot fill in a middle.\n"
    )
    let empty = try await Child("deepseek", "complete", "--model", model).run()
    #expect(empty.code == 64)
    #expect(empty.errors.hasPrefix("Error: Give --prefix or --suffix, or both.\n"))
  }
}
