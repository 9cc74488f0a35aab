import Foundation
import Testing

extension Scratch {
  /// The first stage in two languages, from a base of four steps that knows nothing.
  fileprivate func stage(_ folder: String, updates: Int, _ more: String...) -> Child {
    var child = Child("deepseek", "reason", "--task", "languages", "--out", path(folder))
    child.words += ["--updates", "\(updates)", "--base-steps", "4", "--prompts", "4"]
    child.words += ["--samples", "4", "--problems", "10", "--seed", "3"] + more
    return child
  }

  fileprivate func weights(_ folder: String) throws -> Data {
    try Data(contentsOf: url.appending(path: "\(folder)/model.safetensors"))
  }
}

@Suite(.serialized) struct `The stages of R1 from the command line` {
  @Test func `leave a base and a model each with its marks`() async throws {
    let scratch = try Scratch()
    let ending = try await scratch.stage("run", updates: 2, "--json").run()
    #expect(ending.code == 0, "\(ending.errors)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    let models = try #require(json["models"] as? [[String: Any]])
    #expect(models.compactMap { $0["name"] as? String } == ["base", "R1-Zero"])
    for model in models {
      let marks = try #require(model["marks"] as? [String: Double])
      #expect(marks["accuracy"] != nil && marks["consistency"] != nil)
    }
    #expect(try scratch.weights("run/base").count == scratch.weights("run/zero").count)

    let again = try await scratch.stage("run", updates: 2).run()
    #expect(again.code == 1 && again.errors.contains("holds a run already"))
    // A finished stage is not made again, and its table is told once more.
    let before = try scratch.weights("run/zero")
    let told = try await Child("deepseek", "reason", "--resume", scratch.path("run")).run()
    #expect(told.code == 0 && told.output.contains("R1-Zero"), "\(told.errors)")
    #expect(try scratch.weights("run/zero") == before)
    // From a model that is never right no thoughts can be had.
    let next = try await Child(
      "deepseek", "reason", "--resume", scratch.path("run"), "--stage", "cold-start"
    ).run()
    #expect(next.code == 1 && next.errors.contains("one in a hundred"), "\(next.errors)")
  }

  @Test func `go on bit for bit after an interrupt`() async throws {
    let scratch = try Scratch()
    let whole = try await scratch.stage("whole", updates: 6).run()
    #expect(whole.code == 0, "\(whole.errors)")
    let metrics = scratch.url.appending(path: "cut/zero/metrics.jsonl")
    let cut = try await scratch.stage("cut", updates: 6).run { process in
      while process.isRunning, (try? Data(contentsOf: metrics))?.isEmpty ?? true {
        try await Task.sleep(for: .milliseconds(5))
      }
      process.interrupt()
    }
    #expect(cut.code == 130 && cut.errors.contains("--resume"), "\(cut.errors)")
    let rest = try await Child("deepseek", "reason", "--resume", scratch.path("cut")).run()
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try scratch.weights("cut/zero") == scratch.weights("whole/zero"))
  }
}
