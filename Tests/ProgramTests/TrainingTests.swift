import Foundation
import Testing

extension Child {
  /// Exchanges a word of the command line.
  fileprivate mutating func replace(_ word: String, with other: String) {
    words = words.map { $0 == word ? other : $0 }
  }
}

/// One step's line of `metrics.jsonl`, as far as the tests look at it.
private struct Line: Decodable {
  let step, tokens: Int
  let loss, gradientNorm, learningRate, tokensPerSecond, seconds: Double
  let validationLoss: Double?

  private enum CodingKeys: String, CodingKey {
    case step, tokens, loss, seconds
    case gradientNorm = "gradient_norm"
    case learningRate = "learning_rate"
    case tokensPerSecond = "tokens_per_second"
    case validationLoss = "validation_loss"
  }
}

extension Scratch {
  fileprivate func metrics(_ folder: String) throws -> [Line] {
    try text("\(folder)/metrics.jsonl").split(separator: "\n")
      .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
  }

  /// Trains the tiny model for so many steps; a run to compare with, or one to disturb.
  fileprivate func training(_ folder: String, steps: Int, _ more: String...) throws -> Child {
    var child = Child("deepseek", "train", "--config", "tiny", "--data", try story())
    child.words += ["--batch", "2", "--length", "16", "--seed", "7"]
    child.words += ["--steps", "\(steps)", "--out", path(folder)] + more
    return child
  }
}

@Suite(.serialized) struct `Training from the command line` {
  @Test func `learns, writes a line a step, and leaves a model that generates`() async throws {
    let scratch = try Scratch()
    let ending = try await scratch.training("run", steps: 60, "--evaluate-every", "30").run()
    #expect(ending.code == 0, "\(ending.errors)")
    #expect(ending.output.contains("deepseek generate --model"))

    let lines = try scratch.metrics("run")
    #expect(lines.map(\.step) == Array(1...60))
    #expect(lines.map(\.tokens) == (1...60).map { 32 * $0 })
    #expect(lines.filter { $0.validationLoss != nil }.map(\.step) == [30, 60])
    let last = try #require(lines[59].validationLoss)
    #expect(
      lines[0].loss > 5.3 && last < lines[0].loss - 0.5, "it starts near ln 256 and falls")
    #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.seconds < $1.seconds })
    #expect(try scratch.text("run/loss.svg").contains("</title>"))

    let model = scratch.path("run")
    let told = try await Child(
      "deepseek", "generate", "--model", model, "--prompt", "one and", "--max-new-tokens", "8"
    ).run()
    #expect(told.code == 0 && told.output.hasPrefix("one and"))
    let measured = try await Child("deepseek", "evaluate", "--model", model, "--json").run()
    let object = try JSONSerialization.jsonObject(with: Data(measured.output.utf8))
    let loss = try #require((object as? [String: Any])?["loss"] as? Double)
    #expect(abs(loss - last) < 1e-6, "evaluate looks at the text that training looked at")
  }

  @Test func `continues bit for bit after Ctrl-C and after a kill`() async throws {
    let scratch = try Scratch()
    let steps = 1000
    let whole = try await scratch.training("whole", steps: steps).run()
    #expect(whole.code == 0, "\(whole.errors)")

    let stopped = try await scratch.training("stopped", steps: steps).run { process in
      try await scratch.waitFor(lines: 5, in: "stopped/metrics.jsonl")
      process.interrupt()
    }
    #expect(stopped.code == 130)
    #expect(stopped.errors.contains("saved in \(scratch.path("stopped"))"))
    #expect(try scratch.metrics("stopped").count < steps, "it stopped before the end")

    let killed = try await scratch.training("killed", steps: steps, "--save-every", "3")
      .run { process in
        try await scratch.waitFor(lines: 20, in: "killed/metrics.jsonl")
        kill(process.processIdentifier, SIGKILL)
      }
    #expect(killed.code == -SIGKILL)

    for name in ["stopped", "killed"] {
      let resumed = try await Child("deepseek", "train", "--resume", scratch.path(name)).run()
      #expect(resumed.code == 0, "\(resumed.errors)")
      #expect(try scratch.metrics(name).map(\.step) == Array(1...steps))
      for file in ["model.safetensors", "optimizer.safetensors", "trainer.json"] {
        #expect(
          try scratch.bytes("\(name)/\(file)") == scratch.bytes("whole/\(file)"),
          "\(name): \(file)")
      }
    }
  }

  @Test(arguments: ["bf16", "fp8"])
  func `continues in the precision that it began with`(precision: String) async throws {
    let scratch = try Scratch()
    var whole = try scratch.training("whole", steps: 200, "--precision", precision, "--json")
    whole.replace("tiny", with: "tiny-v3")
    let ending = try await whole.run()
    #expect(ending.code == 0 && ending.errors.contains(" with adamw in \(precision), seed 7"))
    #expect(ending.output.contains("\"precision\":\"\(precision)\""), "\(ending.output)")

    var stopped = try scratch.training(
      "stopped", steps: 200, "--precision", precision, "--save-every", "1")
    stopped.replace("tiny", with: "tiny-v3")
    let killed = try await stopped.run { process in
      try await scratch.waitFor(lines: 5, in: "stopped/metrics.jsonl")
      process.interrupt()
    }
    #expect(killed.code == 130)
    let resumed = try await Child("deepseek", "train", "--resume", scratch.path("stopped"))
      .run()
    #expect(resumed.code == 0, "\(resumed.errors)")
    for file in ["model.safetensors", "optimizer.safetensors", "trainer.json"] {
      #expect(try scratch.bytes("stopped/\(file)") == scratch.bytes("whole/\(file)"), "\(file)")
    }
    #expect(try scratch.text("whole/trainer.json").contains("\"precision\" : \"\(precision)\""))
  }

  @Test func `stops at a loss that is no number, and keeps the last checkpoint`() async throws {
    let scratch = try Scratch()
    let ending = try await scratch.training("run", steps: 40, "--rate", "1e30").run()
    #expect(ending.code == 1)
    #expect(ending.errors.contains("Error: Training stopped at step "))
    #expect(ending.errors.contains("The model of step "))
    let model = scratch.path("run")
    let seen = try await Child(
      "deepseek", "inspect", "--model", model, "--tokens", "1,2", "--json"
    ).run()
    #expect(seen.code == 0 && !seen.output.contains("null"), "the saved weights are numbers")
  }

  @Test func `never writes over a model`() async throws {
    let scratch = try Scratch()
    #expect(try await scratch.training("run", steps: 1).run().code == 0)
    let before = try scratch.bytes("run/model.safetensors")
    let again = try await scratch.training("run", steps: 2).run()
    #expect(again.code == 1)
    let path = scratch.path("run")
    #expect(
      again.errors == "Error: \(path) holds a model already; choose another --out, "
        + "or go on with --resume \(path).\n")
    #expect(try scratch.bytes("run/model.safetensors") == before)
  }

  @Test func `stretches a finished run to more steps in another directory`() async throws {
    let scratch = try Scratch()
    #expect(try await scratch.training("run", steps: 4).run().code == 0)
    let done = try await Child("deepseek", "train", "--resume", scratch.path("run")).run()
    #expect(done.code == 1 && done.errors.contains("has taken all of its 4 steps"))
    let more = try await Child(
      "deepseek", "train", "--resume", scratch.path("run"), "--steps", "6", "--out",
      scratch.path("more")
    ).run()
    #expect(more.code == 0, "\(more.errors)")
    #expect(try scratch.metrics("more").map(\.step) == Array(1...6))
    #expect(try scratch.metrics("run").count == 4)
  }
}
