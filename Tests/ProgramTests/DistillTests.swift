import Foundation
import Testing

extension Scratch {
  /// A run that takes seconds: a teacher and a base of few steps, which know little.
  fileprivate func distilling(_ folder: String, _ method: String, _ more: String...) -> Child {
    var child = Child("deepseek", "distill", "--out", path(folder), "--method", method)
    child.words += ["--student", "qwen-14k", "--student-steps", "4", "--samples", "32"]
    child.words += ["--sequences", "4", "--tokens", "600", "--problems", "10", "--seed", "3"]
    child.words += ["--patience", "0"] + more
    return child
  }

  /// Makes a teacher that is right now and then: a base that has only just begun to guess.
  fileprivate func makeTeacher() async throws -> String {
    var child = Child("deepseek", "reason", "--out", path("teacher"), "--updates", "1")
    child.words += ["--base-steps", "60", "--prompts", "4", "--samples", "4"]
    child.words += ["--problems", "10", "--ignore-gates", "--seed", "3"]
    let ending = try await child.run()
    #expect(ending.code == 0, "\(ending.errors)")
    return path("teacher/best")
  }

  /// The lines of `metrics.jsonl` without what a clock says.
  fileprivate func steps(_ folder: String) throws -> [NSDictionary] {
    try text("\(folder)/metrics.jsonl").split(separator: "\n").map {
      var line = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
      line["seconds"] = nil
      return line as NSDictionary
    }
  }
}

@Suite(.serialized) struct `Distilling from the command line` {
  @Test func `makes teacher and student, and tells of before, after and the controls`()
    async throws
  {
    let scratch = try Scratch()
    let ending = try await scratch.distilling(
      "run", "sequence", "--teacher-steps", "60", "--teacher-updates", "1", "--json"
    ).run()
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
    let tokens = try scratch.steps("run").compactMap { $0["tokens"] as? Int }
    #expect(tokens == tokens.sorted() && (tokens.last ?? 0) >= 600)
    #expect(try scratch.text("run/best/config.json").contains("Qwen2ForCausalLM"))

    let again = try await scratch.distilling("run", "sequence").run()
    #expect(again.code == 1 && again.errors.contains("holds a model already"))
    let resumed = try await Child("deepseek", "distill", "--resume", scratch.path("run")).run()
    #expect(resumed.code == 1 && resumed.errors.contains("go on with larger --tokens"))
    let inspected = try await Child(
      "deepseek", "inspect", "--model", scratch.path("run/best"), "--tokens", "0,3,10,4",
      "--json"
    ).run()
    #expect(inspected.code == 0, "\(inspected.errors)")
  }

  @Test(arguments: ["on-policy", "reinforcement"])
  func `saves when it is interrupted, and continues bit for bit`(_ method: String) async throws
  {
    let scratch = try Scratch()
    let teacher =
      method == "reinforcement" ? [] : ["--teacher", try await scratch.makeTeacher()]
    var child = scratch.distilling("whole", method, "--json")
    child.words += teacher
    let whole = try await child.run()
    #expect(whole.code == 0, "\(whole.errors)")

    let metrics = scratch.url.appending(path: "cut/metrics.jsonl")
    child = scratch.distilling("cut", method, "--json")
    child.words += teacher
    let cut = try await child.run { process in
      while process.isRunning, (try? Data(contentsOf: metrics))?.isEmpty ?? true {
        try await Task.sleep(for: .milliseconds(5))
      }
      process.interrupt()
    }
    #expect(
      cut.code == 130 && cut.errors.contains("deepseek distill --resume"), "\(cut.errors)")
    let rest = try await Child(
      "deepseek", "distill", "--resume", scratch.path("cut"), "--json"
    ).run()
    #expect(rest.code == 0, "\(rest.errors)")
    #expect(try scratch.steps("cut") == scratch.steps("whole"))
    let weights = try ["cut", "whole"].map {
      try scratch.bytes("\($0)/model.safetensors")
    }
    #expect(weights[0] == weights[1])
  }

  @Test func `refuses what cannot work, in a sentence`() async throws {
    let scratch = try Scratch()
    let none = scratch.path("none")
    let cases: [([String], Int32, String)] = [
      (["--resume", none], 1, "holds no run that could be resumed"),
      (["--resume", none, "--rate", "1"], 64, "cannot be given with --resume"),
      (["--teacher", none, "--out", scratch.path("a")], 1, "there is no such model directory"),
      (["--teacher", none, "--teacher-steps", "3"], 64, "is trained already"),
      (
        ["--student", "gpt", "--out", scratch.path("b")], 64, "neither a directory with a model"
      ),
      (["--beta", "0.3"], 64, "only with the method on-policy"),
      (["--method", "magic"], 64, "on-policy"),
      (["--tokens", "0"], 64, "tokens"),
    ]
    for (words, code, sentence) in cases {
      var child = Child("deepseek", "distill")
      child.words += words
      let ending = try await child.run()
      #expect(ending.code == code && ending.errors.contains(sentence), "\(ending.errors)")
    }
  }
}
