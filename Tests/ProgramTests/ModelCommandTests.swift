import Foundation
import TestSupport
import Testing

/// A model of one step that all tests of this file read and none changes.
private actor Fixture {
  static let shared = Fixture()
  private var made: Task<Scratch, any Error>?

  func model() async throws -> String {
    let task =
      made
      ?? Task {
        let scratch = try Scratch()
        let ending = try await Child(
          "deepseek", "train", "--config", "tiny", "--data", try scratch.story(), "--steps",
          "1", "--out", scratch.path("model")
        ).run()
        #expect(ending.code == 0, "\(ending.errors)")
        return scratch
      }
    made = task
    return try await task.value.path("model")
  }
}

private func object(_ text: String) throws -> [String: Any] {
  try #require(
    JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
}

@Suite(.serialized) struct `The commands that use a model` {
  @Test func `inspect agrees with itself: the loss follows from the logits`() async throws {
    let model = try await Fixture.shared.model()
    let ending = try await Child(
      "deepseek", "inspect", "--model", model, "--tokens", "5,0,255", "--json"
    ).run()
    #expect(ending.code == 0, "\(ending.errors)")
    let seen = try object(ending.output)
    let logits = try #require(seen["logits"] as? [[Double]])
    let loss = try #require(seen["loss"] as? Double)
    let gradients = try #require(seen["gradients"] as? [String: Double])
    #expect(logits.count == 3 && logits.allSatisfy { $0.count == 256 })
    let losses = zip(logits, [0, 255]).map { row, target in
      log(row.reduce(0) { $0 + exp($1) }) - row[target]
    }
    #expect(abs(losses.reduce(0, +) / 2 - loss) < 1e-5)
    #expect(gradients.count == 2 + 2 * 9 && gradients.values.allSatisfy { $0 > 0 })
    #expect(gradients["model.layers.1.self_attn.q_proj.weight"] != nil)

    let part = try await Child(
      "deepseek", "inspect", "--model", model, "--tokens", "5,0", "--json", "--gradients"
    ).run()
    #expect(try object(part.output).keys.sorted() == ["gradients", "loss"])
  }

  @Test func `tokenize goes there and back`() async throws {
    let model = try await Fixture.shared.model()
    let text = "Ein Bär 🐻 \"x\"\n"
    let ending = try await Child(
      "deepseek", "tokenize", "--model", model, "--text", text, "--json"
    ).run()
    let seen = try object(ending.output)
    #expect(seen["ids"] as? [Int] == text.utf8.map(Int.init))
    #expect(seen["decoded"] as? String == text)
  }

  @Test func `generate repeats itself under one seed and keeps the prompt`() async throws {
    let model = try await Fixture.shared.model()
    func tokens(_ seed: String) async throws -> [Int] {
      let ending = try await Child(
        "deepseek", "generate", "--model", model, "--tokens", "1,2,3", "--max-new-tokens", "9",
        "--seed", seed, "--json"
      ).run()
      return try #require(object(ending.output)["tokens"] as? [Int])
    }
    let (one, same, other) = try await (tokens("1"), tokens("1"), tokens("2"))
    #expect(one.count == 12 && one.prefix(3) == [1, 2, 3])
    #expect(one == same && one != other)
  }

  @Test func `chat continues each line and ends with its input`() async throws {
    let model = try await Fixture.shared.model()
    let ending = try await Child(
      "deepseek", "chat", "--model", model, "--temperature", "0"
    ).run(input: "one\n\ntwo\n")
    #expect(ending.code == 0 && ending.errors.hasPrefix("A base model"))
    #expect(ending.output.filter { $0 == "\n" }.count >= 2)
  }

  @Test func `fine-tune leaves a model that chats in turns, and can be taught further`()
    async throws
  {
    let scratch = try Scratch()
    let (model, talker) = (try await Fixture.shared.model(), scratch.path("talker"))
    let taught = try await Child(
      "deepseek", "fine-tune", "--model", model, "--conversations", "40", "--epochs", "1",
      "--batch", "8", "--out", talker, "--json"
    ).run()
    #expect(taught.code == 0, "\(taught.errors)")
    let seen = try object(taught.output)
    #expect(seen["template"] as? String == "v3")
    let losses = [seen["loss_before"] as? Double, seen["loss_after"] as? Double]
    #expect(losses.allSatisfy { ($0 ?? 0) > 0 })

    let ending = try await Child(
      "deepseek", "chat", "--model", talker, "--system", "Be brief.", "--temperature", "0"
    ).run(input: "2+3?\n/new\nHi\n")
    #expect(ending.code == 0 && ending.errors.hasPrefix("Ask something."))
    #expect(ending.output.filter { $0 == "\n" }.count >= 2)
    #expect(!ending.output.contains("\u{1B}"), "nothing is dimmed outside a terminal")

    let over = try await Child("deepseek", "fine-tune", "--resume", talker).run()
    #expect(over.code == 1 && over.errors.contains("has taken all of its"))
  }

  @Test func `fine-tune takes conversations from a file, and says which line is wrong`()
    async throws
  {
    let scratch = try Scratch()
    let model = try await Fixture.shared.model()
    let line =
      #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#
    let file = try scratch.write("talks.jsonl", [line, line, "{}"].joined(separator: "\n"))
    let ending = try await Child(
      "deepseek", "fine-tune", "--model", model, "--data", file.path, "--out",
      scratch.path("never")
    ).run()
    #expect(ending.code == 1 && ending.output.isEmpty)
    #expect(
      ending.errors.hasSuffix(
        "talks.jsonl, line 3: an object with a list \"messages\" is needed.\n"))
  }

  @Test func `describe counts a directory as it counts the name`() async throws {
    let model = try await Fixture.shared.model()
    for word in ["tiny", model] {
      let ending = try await Child("deepseek", "describe", word, "--json").run()
      let seen = try object(ending.output)
      let parameters = try #require(seen["parameters"] as? [String: Int])
      // By hand: embedding 256·16, a block 16·(16+8+8+16) + 3·16·32 + 2·16, two of them, a norm.
      #expect(parameters == ["total": 8784, "activated": 8784, "mtp": 0])
      #expect(seen["kv_cache_bytes_per_token"] as? Int == 2 * 8 * 2 * 2)
      #expect(seen["flops_per_token"] as? Int == 6 * 8704 + 6 * 2 * 64 * 16)
    }
  }

  @Test func `describe counts the published models`() async throws {
    let ending = try await Child("deepseek", "describe", "deepseek-v3", "--json").run()
    let seen = try object(ending.output)
    let parameters = try #require(seen["parameters"] as? [String: Int])
    #expect(
      parameters == [
        "total": 671_026_419_200, "activated": 36_625_618_432, "mtp": 11_610_068_224,
      ])
    #expect(seen["kv_cache_bytes_per_token"] as? Int == 70_272)
    #expect(seen["flops_per_token"] as? Int == 250_449_887_232)
    let components = try #require(seen["components"] as? [String: [String: Int]])
    #expect(components["routed_experts"]?["activated"] == 58 * 8 * 44_040_192)
    #expect(
      components.values.compactMap { $0["total"] }.reduce(0, +) == parameters["total"])
    let stored = try #require(seen["stored"] as? [String: Int])
    #expect(stored["elements"] == 684_531_386_000 && stored["tensors"] == 91_991)

    let table = try await Child("deepseek", "describe", "deepseek-v3").run()
    #expect(table.output.contains("  653908770816 routed experts, of which 20434649088 active"))
  }

  /// V3's own training: 54 days of 2048 cards and 5.3 million dollars before the context grew.
  @Test func `describe says what it would take`() async throws {
    let ending = try await Child("deepseek", "describe", "deepseek-v3", "--cluster", "--json")
      .run()
    #expect(ending.code == 0, "\(ending.errors)")
    let plan = try object(ending.output)
    let days = try #require(plan["days"] as? Double)
    let dollars = try #require(plan["dollars"] as? Double)
    #expect(abs(days - 54.2) < 0.5 && abs(dollars - 5.328e6) < 0.05e6)
    let layout = try #require(plan["layout"] as? [String: Any])
    #expect(layout["pipeline"] as? Int == 16)

    let half = try await Child(
      "deepseek", "describe", "deepseek-v3", "--cluster", "--budget", "2788000", "--json"
    ).run()
    let tokens = try #require(object(half.output)["tokens"] as? Double)
    #expect(abs(tokens / (14.8e12 * 2.788e6 / dollars) - 1) < 1e-9)

    let table = try await Child(
      "deepseek", "describe", "deepseek-v2", "--cluster", "--gpu", "h200", "--days", "30"
    ).run()
    #expect(table.output.contains("H200 for"))
    for words in [
      ["--gpus", "8"], ["--cluster", "--gpus", "8", "--days", "9"],
      ["--cluster", "--gpu", "abacus"],
    ] {
      var child = Child("deepseek", "describe", "deepseek-v3")
      child.words += words
      #expect(try await child.run().code == 64, "\(words)")
    }
  }

  @Test func `describe reads the configuration of any family`() async throws {
    let file = Repository.references.appending(path: "checkpoints/deepseek-v2-lite-4.json")
    let ending = try await Child("deepseek", "describe", file.path, "--json").run()
    let seen = try object(ending.output)
    #expect((seen["parameters"] as? [String: Int])?["total"] == 15_706_484_224)
    #expect(seen["architecture"] as? String == "DeepseekV2ForCausalLM")
  }

  @Test func `whoever stops listening is left in peace`() async throws {
    let model = try await Fixture.shared.model()
    let ending = try await Child(
      "deepseek", "generate", "--model", model, "--prompt", "one"
    ).run(isHeard: false)
    #expect(ending.code == 0 && ending.errors.isEmpty)
  }
}

@Suite(.serialized) struct `Failures` {
  @Test(arguments: [
    (["--tokens", "256,1"], "Token 256 at place 0 is not one of the model's 256 tokens."),
    (["--prompt", ""], "The prompt is empty; give some text to continue."),
    (["--tokens", ""], "There are 0 tokens; at least one token is needed."),
    (
      ["--prompt", String(repeating: "long ", count: 20)],
      "There are 100 tokens, but the model's context holds 64."
    ),
  ])
  func `of generate are one sentence and exit code 1`(words: [String], sentence: String)
    async throws
  {
    var child = Child("deepseek", "generate", "--model", try await Fixture.shared.model())
    child.words += words
    let ending = try await child.run()
    #expect(ending.code == 1 && ending.output.isEmpty)
    #expect(ending.errors == "Error: \(sentence)\n")
  }

  @Test(arguments: [
    (["generate", "--model", "nowhere"], "nowhere: there is no such model directory."),
    (["train", "--data", "nowhere"], "nowhere: there is no such file."),
    (
      ["describe", "smal"],
      "deepseek-r1-distill-llama-70b is called 'smal', and there is no such file or directory."
    ),
    (["train", "--resume", "nowhere"], "nowhere: there is no such model directory."),
  ])
  func `of other commands too`(words: [String], sentence: String) async throws {
    var child = Child("deepseek")
    child.words = words
    let ending = try await child.run()
    #expect(ending.code == 1 && ending.output.isEmpty)
    #expect(ending.errors.hasPrefix("Error: ") && ending.errors.hasSuffix("\(sentence)\n"))
  }
}
