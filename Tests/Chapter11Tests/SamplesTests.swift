import Attention
import Distillation
import RL
import SmallR1
import Tensors
import TestSupport
import Testing
import Text

/// The question and the reply of an example.
private func reading(_ example: Example) -> JudgedReply {
  let alphabet = TaskAlphabet.bilingual
  let text = alphabet.tokenizer.decode(Array(example.prompt[2..<example.prompt.count - 1]))
  let words = text.utf8.filter { Tongue.reading($0) != nil }
  let tongue: Tongue = Tongue.letters.share(of: text) == 1 ? .letters : .digits
  let kind: Question.Kind =
    switch text.first {
    case "s": .sorting
    case ":": .copying
    case "?": .request
    default: .sum
    }
  let question = Question(kind, words.compactMap { Tongue.reading($0)?.digit }, in: tongue)
  let response = Response(
    tokens: example.response, logProbabilities: example.response.map { _ in 0 },
    isTruncated: false)
  return JudgedReply(response, to: question, in: alphabet)
}

private func prompt(of reply: JudgedReply) -> [Int] {
  TaskAlphabet.bilingual.prompt(reply.question.prompt)
}

@Suite struct `The first readable thoughts` {
  private func plan() -> ColdStartPlan {
    var plan = ColdStartPlan()
    (plan.count, plan.budget) = (60, 16)
    return plan
  }

  @Test func `are right, in the question's tongue, and summed up`() throws {
    let samples = try plan().examples(by: TinyBase.model().language, sizes: 2...2)
    #expect(samples.examples.count == 60 && samples.asked > 60)
    for reply in samples.examples.map(reading) {
      #expect(reply.isRight && reply.isReadable && !reply.question.isHeldOut)
      #expect(reply.question.kind == .sum)
    }
    // Not all of them were when they were written.
    let raw = TinyBase.model().language.responses(
      to: samples.examples.map(\.prompt),
      Rollout(samples: 1, budget: 16, stops: [TaskAlphabet.bilingual.end]), seed: 0)
    #expect(!raw.allSatisfy { $0[0].tokens.contains(TaskAlphabet.bilingual.think) })
  }

  @Test func `leave out the longest`() throws {
    var short = plan()
    short.longest = 0.5
    let lengths = try [plan(), short].map {
      try $0.examples(by: TinyBase.model().language, sizes: 2...2).examples
        .map(\.response.count).max() ?? 0
    }
    #expect(lengths[1] < lengths[0])
  }

  @Test func `are not to be had from a model that is never right`() {
    let ignorant = TinyBase.twin().language
    #expect(throws: DistillationError.self) {
      _ = try plan().examples(by: ignorant, sizes: 6...7)
    }
  }
}

@Suite struct `Rejection sampling` {
  private func plan() -> RejectionPlan {
    var plan = RejectionPlan()
    (plan.questions, plan.samples, plan.kept, plan.budget) = (400, 8, 2, 16)
    return plan
  }

  /// A writer that sums up: the tiny base after a cold start.
  private static let writer: [Tensor] = {
    let model = TinyBase.model()
    var cold = ColdStartPlan()
    (cold.count, cold.budget) = (96, 16)
    guard let samples = try? cold.examples(by: model.language, sizes: 2...2) else { return [] }
    var tuning = TuningPlan()
    (tuning.sequences, tuning.epochs, tuning.rate) = (16, 6, 3e-3)
    let source = ExampleEpochs(samples.examples, sequences: 16, length: 24, seed: 1)
    var trainer = Trainer(
      model, plan: tuning.training(on: samples.examples.count, length: 24), batches: source)
    while !trainer.isFinished {
      guard (try? trainer.takeStep()) != nil else { break }
    }
    return model.values
  }()

  private func writer() -> LanguageModel {
    let model = TinyBase.twin()
    for (entry, value) in zip(model.namedParameters, Self.writer) {
      entry.parameter.value = value
    }
    return model.language
  }

  @Test func `keeps what is right and in one tongue, and sums it up`() throws {
    let samples = try plan().examples(by: writer(), sizes: 2...2)
    let replies = samples.examples.map(reading)
    let thoughts = replies.filter { $0.question.kind == .sum }
    #expect(thoughts.count > 10)
    #expect(thoughts.allSatisfy { $0.isRight && $0.isReadable })
    // With one of a question at most, the same questions are there, and at least half the thoughts.
    var single = plan()
    single.kept = 1
    let fewer = try single.examples(by: writer(), sizes: 2...2).examples.filter {
      reading($0).question.kind == .sum
    }
    #expect(fewer.count <= thoughts.count && thoughts.count <= 2 * fewer.count)
    #expect(Set(fewer.map(\.prompt)) == Set(thoughts.map { prompt(of: $0) }))
    #expect(replies.allSatisfy { !$0.question.isHeldOut })
  }

  @Test func `adds a quarter that needs no thought`() throws {
    let samples = try plan().examples(by: writer(), sizes: 2...2)
    let plain = samples.examples.map(reading).filter { $0.question.kind != .sum }
    let share = Double(plain.count) / Double(samples.examples.count)
    #expect(abs(share - 0.25) < 0.05)
    #expect(plain.allSatisfy { !$0.verdict.isThinking && $0.verdict.isValid })
    for reply in plain {
      let value = RequestJudge.value(of: reply.verdict.answer, to: reply.question)
      #expect(reply.question.kind == .request ? value >= 1 : reply.isRight)
    }
    #expect(plain.contains { $0.question.kind == .request })
  }

  @Test func `is the same on any number of threads`() throws {
    let texts = try [1, 3].map { threads in
      try Threads.with(threads) { try plan().examples(by: writer(), sizes: 2...2) }
    }
    #expect(texts[0] == texts[1])
  }
}

@Suite struct `Examples that are read in epochs` {
  private var examples: [Example] {
    (0..<10).map { Example(prompt: [0, 3, 7 + $0, 4], response: [8, 1]) }
  }

  private func source() -> ExampleEpochs {
    ExampleEpochs(examples, sequences: 4, length: 6, seed: 3)
  }

  @Test func `are each seen once in every epoch, in another order`() {
    var source = source()
    let epochs = (0..<3).map { _ in
      (0..<3).flatMap { _ -> [Int] in
        let batch = source.next()
        return (0..<batch.sequences).map { batch.inputs[$0 * 6 + 2] }
      }
    }
    for epoch in epochs { #expect(epoch.sorted() == Array(7..<17)) }
    #expect(Set(epochs).count == 3)
  }

  @Test func `go on from a place alone`() {
    var (whole, continued) = (source(), source())
    for _ in 0..<4 { _ = whole.next() }
    continued.place = 4
    #expect(whole.next() == continued.next() && whole.next() == continued.next())
    #expect(whole.fingerprint == source().fingerprint)
    #expect(
      ExampleEpochs(Array(examples.dropLast()), sequences: 4, length: 6, seed: 3).fingerprint
        != whole.fingerprint)
  }

  @Test func `teach the response and not the question`() {
    var source = source()
    let batch = source.next()
    #expect(batch.targetCount == 8)
    #expect(Set(batch.targets) == [Batch.ignored, 8, 1])
  }
}
