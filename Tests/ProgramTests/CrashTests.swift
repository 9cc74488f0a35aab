import Foundation
import Testing

extension Scratch {
  /// A file of short documents, a quarter of them twice.
  fileprivate func documents() throws -> String {
    let documents = (0..<400).map { index in
      let number = index % 300
      return "\(number) and \(number * 3 % 7) go to \(number * 5 % 11)."
    }
    return try write(
      "documents.txt", documents.joined(separator: "\n<|endoftext|>\n")
    ).path
  }

  /// A training by the recipe with everything in it, and with a save every few steps.
  fileprivate func pretraining(_ folder: String, steps: Int, _ more: String...) throws -> Child
  {
    var child = Child("deepseek", "train", "--config", "tiny-v3", "--recipe", "v3")
    child.words += ["--data", try documents(), "--batch", "4", "--length", "48", "--seed", "7"]
    child.words += ["--steps", "\(steps)", "--save-every", "7", "--out", path(folder)] + more
    return child
  }

  /// The steps that a run has written down so far.
  fileprivate func lines(of folder: String) -> Int {
    let metrics = try? text("\(folder)/metrics.jsonl")
    return metrics.map { $0.split(separator: "\n").count } ?? 0
  }

  private func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path(name))
  }

  /// The way to go on after a kill: from the start, if it came before the first save.
  fileprivate func continuation(_ folder: String, steps: Int) throws -> Child {
    exists("\(folder)/config.json") || exists("\(folder)/.saved")
      ? Child("deepseek", "train", "--resume", path(folder))
      : try pretraining(folder, steps: steps)
  }
}

@Suite(.serialized) struct `Pre-training from the command line` {
  @Test func `comes to the same bits after kills at random moments`() async throws {
    let scratch = try Scratch()
    let steps = 120
    let whole = try await scratch.pretraining("whole", steps: steps).run()
    #expect(whole.code == 0, "\(whole.errors)")

    var (kills, random) = (0, SystemRandomNumberGenerator())
    while kills < 4 {
      // So many steps further on, and then somewhere in a step, in a save, or before the first.
      let target = scratch.lines(of: "cut") + Int.random(in: 0..<20, using: &random)
      let delay = Duration.milliseconds(Int.random(in: 0..<20, using: &random))
      let ending = try await scratch.continuation("cut", steps: steps).run { process in
        while process.isRunning, scratch.lines(of: "cut") < target {
          try await Task.sleep(for: .milliseconds(2))
        }
        try await Task.sleep(for: delay)
        kill(process.processIdentifier, SIGKILL)
      }
      guard ending.code == -SIGKILL else {
        // It was finished before the kill.
        #expect(ending.code == 0, "\(ending.errors)")
        break
      }
      kills += 1
    }
    #expect(kills > 0)
    if scratch.lines(of: "cut") < steps {
      let rest = try await scratch.continuation("cut", steps: steps).run()
      #expect(rest.code == 0, "\(rest.errors)")
    }
    for file in ["model.safetensors", "optimizer.safetensors", "trainer.json", "monitor.json"] {
      #expect(try scratch.bytes("cut/\(file)") == scratch.bytes("whole/\(file)"), "\(file)")
    }
    #expect(scratch.lines(of: "cut") == steps, "every step has one line")
  }

  @Test func `tells of its model in a card and in results`() async throws {
    let scratch = try Scratch()
    let ending = try await scratch.pretraining("run", steps: 30, "--fim-rate", "0.5").run()
    #expect(ending.code == 0, "\(ending.errors)")
    let results = try #require(
      try JSONSerialization.jsonObject(with: scratch.bytes("run/results.json"))
        as? [String: Any])
    #expect(results["recipe"] as? String == "v3" && results["fim_rate"] as? Double == 0.5)
    let documents = try #require(results["documents"] as? [String: Int])
    #expect((documents["copies"] ?? 0) > 0 && (documents["kept"] ?? 0) > 20)
    let card = try scratch.text("run/README.md")
    #expect(card.contains("by the recipe v3") && card.contains("AutoModelForCausalLM"))

    // What evaluate measures is what training measured.
    let measured = try await Child(
      "deepseek", "evaluate", "--model", scratch.path("run"), "--json"
    ).run()
    let object = try JSONSerialization.jsonObject(with: Data(measured.output.utf8))
    let found = try #require((object as? [String: Any])?["nats_per_byte"] as? Double)
    let told = try #require(results["nats_per_byte"] as? Double)
    #expect(abs(found - told) < 1e-6)

    // Batches grow, and the tokens that are told are those that were seen.
    let tokens = try scratch.text("run/metrics.jsonl").split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return (object as? [String: Any])?["tokens"] as? Int ?? 0
    }
    #expect(tokens[0] == 48 && tokens[29] - tokens[28] == 4 * 48)
  }

  @Test func `begins with the recipe's wide weights, or with those that a file asks for`()
    async throws
  {
    let scratch = try Scratch()
    let begun = try await scratch.pretraining("wide", steps: 1).run()
    #expect(begun.code == 0, "\(begun.errors)")
    let wide = try scratch.text("wide/config.json")
    #expect(wide.contains("\"initializer_range\": 0.15"))

    let narrow = wide.replacing("_range\": 0.15", with: "_range\": 0.02")
    let file = try scratch.write("narrow.json", narrow).path
    var child = try scratch.pretraining("narrow", steps: 1)
    child.words = child.words.map { $0 == "tiny-v3" ? file : $0 }
    let again = try await child.run()
    #expect(again.code == 0, "\(again.errors)")
    #expect(try scratch.text("narrow/config.json").contains("\"initializer_range\": 0.02"))
  }

  @Test func `says what goes together`() async throws {
    let scratch = try Scratch()
    let alone = try await Child("deepseek", "train", "--fim-rate", "0.1").run()
    #expect(alone.code == 64 && alone.errors.contains("--fim-rate belongs to --recipe"))
    let changed = try await Child(
      "deepseek", "train", "--resume", scratch.path("none"), "--recipe", "v3"
    ).run()
    #expect(changed.code == 64 && changed.errors.contains("cannot be given with --resume"))
    let unknown = try await Child("deepseek", "train", "--recipe", "v9").run()
    #expect(unknown.code == 64 && unknown.errors.contains("v3"))
  }
}
