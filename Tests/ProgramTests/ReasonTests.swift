import Foundation
import Testing

extension Scratch {
  /// A run that takes seconds: a base of four steps, which knows nothing, and few questions.
  fileprivate func reasoning(_ folder: String, updates: Int, _ more: String...) -> Child {
    var child = Child("deepseek", "reason", "--stage", "zero", "--out", path(folder))
    child.words += ["--updates", "\(updates)", "--base-steps", "4", "--prompts", "4"]
    child.words +=
      ["--samples", "4", "--problems", "10", "--ignore-gates", "--seed", "3"] + more
    return child
  }

  /// The lines of `metrics.jsonl` without what a clock says.
  fileprivate func updates(_ folder: String) throws -> [NSDictionary] {
    try text("\(folder)/metrics.jsonl").split(separator: "\n").map {
      var line = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
      for key in ["seconds", "rollout_seconds", "rollout_tokens_per_second"] { line[key] = nil }
      return line as NSDictionary
    }
  }
}

@Suite(.serialized) struct `Reasoning from the command line` {
  @Test func `trains a base, reinforces it, and tells of before, after and the controls`()
    async throws
  {
    let scratch = try Scratch()
    let ending = try await scratch.reasoning("run", updates: 3, "--json").run()
    #expect(ending.code == 0, "\(ending.errors)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    for stage in ["before", "after"] {
      let marks = try #require(json[stage] as? [String: Any])
      for key in ["greedy", "pass_at_1", "pass_at_8", "length"] {
        #expect(marks[key] is Double)
      }
    }
    let controls = try #require(json["controls"] as? [String: [String: Double]])
    #expect(controls.keys.sorted() == ["copying", "sorting"])
    #expect(try scratch.updates("run").compactMap { $0["update"] as? Int } == [1, 2, 3])

    let again = try await scratch.reasoning("run", updates: 3).run()
    #expect(again.code == 1 && again.errors.contains("holds a model already"))
    let resumed = try await Child("deepseek", "reason", "--resume", scratch.path("run")).run()
    #expect(resumed.code == 1 && resumed.errors.contains("larger --updates"))
  }

  @Test func `asks for products, with the controls of every run`() async throws {
    let scratch = try Scratch()
    let ending = try await scratch.reasoning("run", updates: 1, "--task", "products", "--json")
      .run()
    #expect(ending.code == 0, "\(ending.errors)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    let before = try #require(json["before"] as? [String: Any])
    func tasks(_ key: String) -> [String] {
      (before[key] as? [[String: Any]] ?? []).compactMap { $0["task"] as? String }
    }
    #expect(tasks("sums") == ["multiplication 2"])
    #expect(tasks("controls").contains("sorting 4"))
    #expect(json["probes"] == nil)
  }

  @Test func `asks the base in other ways before it changes`() async throws {
    let scratch = try Scratch()
    let ending = try await scratch.reasoning("run", updates: 1, "--probes", "--json").run()
    #expect(ending.code == 0, "\(ending.errors)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    let probes = try #require(json["probes"] as? [String: Any])
    let cuts = try #require(probes["cuts"] as? [[String: Any]])
    #expect(cuts.compactMap { $0["tokens"] as? Int } == [0, 2, 4, 6, 8, 10, 12, 14, 16])
    let shares = ["thinking", "direct", "filler", "vote", "followed", "right_after_false"]
      .compactMap { probes[$0] as? Double }
    #expect(shares.count == 6 && shares.allSatisfy { (0...1).contains($0) })
  }

  @Test func `saves when it is interrupted, and continues bit for bit`() async throws {
    let scratch = try Scratch()
    let whole = try await scratch.reasoning("whole", updates: 6, "--json").run()
    #expect(whole.code == 0, "\(whole.errors)")

    let metrics = scratch.url.appending(path: "cut/metrics.jsonl")
    let cut = try await scratch.reasoning("cut", updates: 6, "--json").run { process in
      while process.isRunning, (try? Data(contentsOf: metrics))?.isEmpty ?? true {
        try await Task.sleep(for: .milliseconds(5))
      }
      process.interrupt()
    }
    #expect(cut.code == 130 && cut.errors.contains("--resume"), "\(cut.errors)")
    let rest = try await Child(
      "deepseek", "reason", "--resume", scratch.path("cut"), "--json"
    ).run()
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try scratch.updates("cut") == scratch.updates("whole"))
    let weights = try ["cut", "whole"].map {
      try Data(contentsOf: scratch.url.appending(path: "\($0)/model.safetensors"))
    }
    #expect(weights[0] == weights[1])
  }

  @Test func `refuses what cannot work, in a sentence`() async throws {
    let scratch = try Scratch()
    let cases: [([String], Int32, String)] = [
      (["--resume", scratch.path("none")], 1, "holds no run that could be resumed"),
      (["--resume", scratch.path("none"), "--rate", "1"], 64, "cannot be given with --resume"),
      (["--base", scratch.path("none")], 1, "there is no such model directory"),
      (["--base", scratch.path("none"), "--base-steps", "3"], 64, "is trained already"),
      (["--stage", "one"], 64, "zero"),
      (["--method", "ppo", "--penalty", "1"], 64, "--penalty cannot be given with --method"),
      (["--task", "products", "--probes"], 64, "--probes goes only with the task sums"),
      (
        ["--resume", scratch.path("none"), "--task", "sums"], 64,
        "cannot be given with --resume"
      ),
      (["--updates", "0"], 64, "updates"),
      (["--stage", "all", "--task", "sums"], 64, "goes only with the stage zero"),
      (["--stage", "all", "--rate", "1"], 64, "goes only with the stage zero in one language"),
      (["--language-weight", "1"], 64, "goes only with stages after zero"),
    ]
    for (words, code, sentence) in cases {
      var child = Child("deepseek", "reason")
      child.words += words
      let ending = try await child.run()
      #expect(ending.code == code && ending.errors.contains(sentence), "\(ending.errors)")
    }
  }
}
