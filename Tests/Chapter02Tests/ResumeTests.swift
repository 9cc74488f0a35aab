import Attention
import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `A resumed run` {
  private let configuration = DecoderConfiguration.small(.qwen2, deviation: 0.1)

  private func trainer(_ plan: TrainingPlan) throws -> Trainer<LanguageModel> {
    try Trainer(configuration.model(seed: 1), plan: plan, tokens: toyText)
  }

  @Test(arguments: TrainingPlan.Rule.allCases, [1, 4])
  func `continues bit for bit`(_ rule: TrainingPlan.Rule, _ pause: Int) throws {
    let plan = TrainingPlan.small(rule, steps: 7)
    try withFolder { folder in
      let (first, second) = (folder.appending(path: "a"), folder.appending(path: "b"))
      for url in [first, second] {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      }
      var whole = try trainer(plan)
      let course = try whole.run(7)

      var begun = try trainer(plan)
      _ = try begun.run(pause)
      try begun.save(to: first)
      var continued = try Trainer.resumed(configuration, from: first, tokens: toyText)
      #expect(continued.step == pause && continued.plan == plan)
      let rest = try continued.run(7 - pause)

      #expect(rest.reports == Array(course.reports[pause...]))
      #expect(rest.weights == course.weights)
      #expect(continued.smoothedLoss == whole.smoothedLoss)
      // What they would save is the same to the byte: optimizer, place and random state.
      try whole.writeState(into: first)
      try continued.writeState(into: second)
      for file in ["trainer.json", "optimizer.safetensors"] {
        let bytes = try [first, second].map { try Data(contentsOf: $0.appending(path: file)) }
        #expect(bytes[0] == bytes[1], "\(file)")
      }
    }
  }

  @Test func `would differ if the optimizer forgot`() throws {
    // Shows that the law above can fail: the same weights with a fresh optimizer go elsewhere.
    let plan = TrainingPlan.small(steps: 7)
    var whole = try trainer(plan)
    _ = try whole.run(4)
    var forgetful = try Trainer(whole.model, plan: plan, tokens: toyText)
    _ = try forgetful.run(1)
    let other = forgetful.model.values
    var again = try trainer(plan)
    #expect(try again.run(5).weights != other)
  }

  @Test func `tells its plan before anything is loaded`() throws {
    try withFolder { folder in
      var plan = TrainingPlan.small(.muon)
      plan.schedule = .deepSeekV3(warmup: 3)
      try trainer(plan).save(to: folder)
      #expect(try Trainer<LanguageModel>.plan(in: folder) == plan)
    }
  }

  /// Saves a run after two steps, spoils its folder, and returns what resuming says.
  private func complaint(
    tokens: [Int] = toyText, spoil: (URL) throws -> Void = { _ in }
  ) throws -> (error: any Error, description: String)? {
    try withFolder { folder in
      var begun = try trainer(.small())
      _ = try begun.run(2)
      try begun.save(to: folder)
      try spoil(folder)
      do {
        _ = try Trainer.resumed(configuration, from: folder, tokens: tokens)
        return nil
      } catch { return (error, "\(error)") }
    }
  }

  private func replaceState(_ text: String, with other: String) throws -> (URL) throws -> Void {
    { folder in
      let file = folder.appending(path: "trainer.json")
      let state = try String(contentsOf: file, encoding: .utf8)
      try #require(state.contains(text))
      try Data(state.replacing(text, with: other).utf8).write(to: file)
    }
  }

  @Test func `needs no spoiling to succeed`() throws {
    #expect(try complaint() == nil)
  }

  @Test func `must have the text that it began with`() throws {
    let found = try #require(try complaint(tokens: toyText.reversed()))
    #expect(found.error is TrainingError)
    #expect(
      found.description
        == "trainer.json: the run was trained on another text or with another tokenizer.")
  }

  @Test func `must have a state`() throws {
    let missing = try #require(
      try complaint {
        try FileManager.default.removeItem(at: $0.appending(path: "trainer.json"))
      }
    )
    #expect(missing.error is TrainingError)
    #expect(
      missing.description.hasSuffix("there is no such file, so there is no run to resume."))
  }

  @Test(arguments: [
    "", "{", "[]", "{\"step\": 3}", "\u{0}\u{1}", "{\"plan\": null, \"step\": \"three\"}",
  ])
  func `must have a state that can be read`(_ text: String) throws {
    let found = try #require(
      try complaint { try Data(text.utf8).write(to: $0.appending(path: "trainer.json")) })
    #expect(found.error is TrainingError)
    #expect(found.description.hasSuffix("trainer.json: it is not the state of a trainer."))
  }

  @Test(arguments: [
    ("\"step\" : 2", "\"step\" : -2"), ("\"step\" : 2", "\"step\" : 7"),
    ("\"step\" : 2", "\"step\" : 9000000000000000000"),
    ("\"sequences\" : 4", "\"sequences\" : 0"), ("\"length\" : 8", "\"length\" : -8"),
    ("\"sequences\" : 4", "\"sequences\" : 4000000000"),
    ("\"shards\" : 2", "\"shards\" : 0"), ("\"steps\" : 6", "\"steps\" : 9000000000000000000"),
    ("\"clip\" : 0.5", "\"clip\" : 0"), ("\"decay\" : 0.1", "\"decay\" : -1"),
  ])
  func `must have a plan that is possible`(_ text: String, _ other: String) throws {
    let found = try #require(try complaint(spoil: replaceState(text, with: other)), "\(other)")
    #expect(found.error is TrainingError)
    #expect(found.description.hasSuffix("trainer.json: its numbers make no plan."), "\(other)")
  }

  @Test func `must have a schedule whose phases follow each other`() throws {
    let found = try #require(
      try complaint(spoil: replaceState("\"end\" : 1", with: "\"end\" : 2")))
    #expect(found.description.hasSuffix("trainer.json: it is not the state of a trainer."))
  }

  @Test func `must have the optimizer's state, whole`() throws {
    let file = "optimizer.safetensors"
    let missing = try complaint {
      try FileManager.default.removeItem(at: $0.appending(path: file))
    }
    #expect(missing?.error is CheckpointError)
    let truncated = try complaint { folder in
      let bytes = try Data(contentsOf: folder.appending(path: file))
      try bytes.dropLast(4).write(to: folder.appending(path: file))
    }
    #expect(truncated?.error is CheckpointError)
    #expect(truncated?.description.hasPrefix("optimizer.safetensors: tensor") == true)
    let strange = try complaint {
      let tensor = NamedTensor("stranger", Tensor(1))
      try SafetensorsFile.write([tensor], to: $0.appending(path: file))
    }
    #expect(strange?.error is OptimizerStateError)
    #expect(strange?.description.hasPrefix("The optimizer state lacks the tensor") == true)
  }
}
