import Foundation
import Testing

extension Scratch {
  /// The first stage of a small R1 in seconds, on a base that knows nothing.
  fileprivate func stages(_ folder: String, updates: Int, _ more: String...) -> Child {
    var child = Child("deepseek", "reason", "--task", "languages", "--out", path(folder))
    child.words += ["--base-steps", "4", "--updates", "\(updates)", "--prompts", "4"]
    child.words += ["--samples", "4", "--problems", "10", "--seed", "3"] + more
    return child
  }

  fileprivate func weights(_ folder: String) throws -> Data {
    try Data(contentsOf: url.appending(path: "\(folder)/zero/model.safetensors"))
  }
}

@Suite(.serialized) struct `The stages of R1 from the command line` {
  @Test func `tell of the base and of every model`() async throws {
    let scratch = try Scratch()
    let ending = try await scratch.stages("run", updates: 1, "--json").run()
    #expect(ending.code == 0, "\(ending.errors)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    let models = try #require(json["models"] as? [[String: Any]])
    #expect(models.compactMap { $0["name"] as? String } == ["base", "R1-Zero"])
    for model in models {
      let marks = try #require(model["marks"] as? [String: Any])
      for key in ["accuracy", "consistency", "readable", "win_rate"] {
        #expect(marks[key] is Double)
      }
    }
    // What is finished is told again and not made again.
    let again = try await Child("deepseek", "reason", "--resume", scratch.path("run"), "--json")
      .run()
    #expect(again.code == 0 && again.output == ending.output, "\(again.errors)")
    let other = try await scratch.stages("run", updates: 1).run()
    #expect(other.code == 1 && other.errors.contains("holds a run already"))
  }

  @Test func `go on where they were interrupted, to the same bits`() async throws {
    let scratch = try Scratch()
    let whole = try await scratch.stages("whole", updates: 5).run()
    #expect(whole.code == 0, "\(whole.errors)")
    let metrics = scratch.url.appending(path: "cut/zero/metrics.jsonl")
    let cut = try await scratch.stages("cut", updates: 5).run { process in
      while process.isRunning, (try? Data(contentsOf: metrics))?.isEmpty ?? true {
        try await Task.sleep(for: .milliseconds(5))
      }
      process.interrupt()
    }
    #expect(cut.code == 130 && cut.errors.contains("--resume"), "\(cut.errors)")
    let rest = try await Child("deepseek", "reason", "--resume", scratch.path("cut")).run()
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try scratch.weights("cut") == scratch.weights("whole"))
  }

  @Test func `say when a stage has nobody to learn from`() async throws {
    let scratch = try Scratch()
    let ending = try await scratch.stages("run", updates: 1, "--stage", "cold-start").run()
    #expect(ending.code == 1 && ending.errors.contains("The teacher was right in"))
  }
}
