import Attention
import Checkpoints
import Distillation
import Foundation
import MTP
import RL
import Tensors
import TestSupport
import Testing
import Text

private typealias Method = DistillationPlan.Method

@Suite struct `A run of distillation` {
  @Test(arguments: DistillationPlan.Method.allCases)
  func `has the same bits on any number of threads`(_ method: DistillationPlan.Method) throws {
    let courses = try [1, 3].map { threads in
      try Threads.with(threads) {
        var run = try Pair.run(Pair.plan(method))
        return (try run.take(3), run.weights)
      }
    }
    #expect(courses[0].0 == courses[1].0 && courses[0].1 == courses[1].1)
    #expect(courses[0].1 != (try Pair.run(Pair.plan(method)).weights))
  }

  @Test(arguments: DistillationPlan.Method.allCases)
  func `continues bit for bit after a pause`(_ method: DistillationPlan.Method) throws {
    var whole = try Pair.run(Pair.plan(method, tokens: 100_000))
    var first = try whole.take(2)
    _ = whole.look(&first[1])
    try withFolder { folder in
      let saved = SavedModel(
        configuration: Pair.studentSizes, model: whole.student,
        tokenizer: TaskAlphabet.standard.tokenizer, generation: GenerationConfiguration())
      try saved.write(into: folder)
      try whole.writeState(into: folder)
      let (best, tokens) = (whole.best, whole.tokens)
      let rest = try whole.take(3)

      let student = try SavedModel<LanguageModel>(opening: folder).model
      var continued =
        if method == .reinforcement {
          try DistillationRun(
            resumingReinforced: student, twin: Pair.student(seed: 8), in: folder)
        } else {
          try DistillationRun(
            resuming: student, from: Pair.teacher(), samples: try #require(Pair.samples),
            in: folder)
        }
      #expect(continued.step == 2 && continued.tokens == tokens && continued.best == best)
      #expect(try continued.take(3) == rest)
      #expect(continued.weights == whole.weights)
    }
  }

  // snippet.alone
  @Test func `moves the student alone`() throws {
    let teacher = Pair.teacher()
    let before = teacher.namedParameters.map(\.parameter.value)
    for method in [Method.forward, .reverse, .onPolicy] {
      var run = try Pair.run(Pair.plan(method), teacher: teacher)
      let old = run.weights
      _ = try run.take(2)
      #expect(run.weights != old)
      #expect(teacher.namedParameters.map(\.parameter.value) == before)
    }
  }
  // snippet.end

  // snippet.plain
  @Test func `on the teacher's text alone is training with silent questions`() throws {
    let run = try Pair.run(Pair.plan(.sequence))
    let samples = try #require(Pair.samples)
    let batch = TaskAlphabet.standard.batch(Array(samples.examples[..<10]), length: 24)
    let (loss, gradients) = run.gradient(of: batch)
    let tape = Tape()
    let plain = run.student.loss(of: batch, on: tape)
    #expect(abs(loss - Double(plain.value.scalar)) < 1e-5)
    let expected = tape.gradients(of: plain)
    for parameter in run.student.parameters {
      let (one, other) = (try #require(gradients[parameter]), try #require(expected[parameter]))
      expectClose(one, other.doubles, .model)
    }
  }
  // snippet.end

  @Test(arguments: [Method.sequence, .forward, .reverse, .onPolicy])
  func `does not see padding`(_ method: DistillationPlan.Method) throws {
    let run = try Pair.run(Pair.plan(method))
    let examples = Array(try #require(Pair.samples).examples[..<10])
    let alphabet = TaskAlphabet.standard
    let narrow = run.gradient(of: alphabet.batch(examples, length: 16))
    let wide = run.gradient(of: alphabet.batch(examples, length: 30))
    #expect(narrow.loss == wide.loss)
    for parameter in run.student.parameters {
      #expect(narrow.gradients[parameter] == wide.gradients[parameter])
    }
    // Another token in the padding changes nothing either.
    let batch = alphabet.batch(examples, length: 16)
    let scribbled = Batch(
      inputs: batch.inputs.map { $0 == alphabet.padding ? 7 : $0 }, targets: batch.targets,
      sequences: 10, length: 16)
    #expect(run.gradient(of: scribbled).loss == narrow.loss)
  }

  @Test func `of a student that is its teacher has nothing to learn`() throws {
    let teacher = Pair.teacher()
    let samples = try #require(Pair.samples)
    let run = try DistillationRun(
      teacher, from: Pair.teacher(), samples: samples, plan: Pair.plan(.forward))
    let batch = TaskAlphabet.standard.batch(Array(samples.examples[..<8]), length: 20)
    let (loss, gradients) = run.gradient(of: batch)
    #expect(abs(loss) < 1e-6 && gradients.norm < 1e-4)
    let other = try Pair.run(Pair.plan(.forward)).gradient(of: batch)
    #expect(other.loss > 0.5 && other.gradients.norm > 0.1)
  }

  @Test func `counts the tokens of responses, ends included`() throws {
    var run = try Pair.run(Pair.plan(.sequence))
    let reports = try run.take(2)
    let samples = try #require(Pair.samples)
    let counted = (0..<2).map { step in
      samples.examples(step: step, count: 16, seed: 0).reduce(0) { $0 + $1.response.count }
    }
    #expect(reports.map(\.tokens) == [counted[0], counted[0] + counted[1]])
    var rival = try Pair.run(Pair.plan(.reinforcement))
    let update = try rival.take(1)[0]
    #expect(
      update.tokens < Int(update.length * 8 * 16), "groups without a difference are not paid")
  }

  @Test func `ends when its tokens are spent, with a falling rate`() throws {
    var run = try Pair.run(Pair.plan(.sequence, tokens: 300))
    var reports: [StudentReport] = []
    var looks = 0
    while !run.isFinished {
      let before = run.tokens
      reports.append(try run.takeStep())
      looks += run.wantsLook(after: reports[reports.count - 1], before: before) ? 1 : 0
    }
    #expect(run.tokens >= 300 && reports[reports.count - 2].tokens < 300)
    #expect(looks == 2)
    let rates = reports.map(\.learningRate)
    #expect(rates == rates.sorted(by: >) && rates[0] == Double(run.plan.rate))
  }

  @Test func `writes its own text in about λ of the steps on policy, and never else`() throws {
    var plan = Pair.plan(.onPolicy, tokens: 100_000)
    (plan.onPolicyShare, plan.sequences) = (0.3, 1)
    var run = try Pair.run(plan)
    let own = try run.take(100).count(where: \.isOnPolicy)
    #expect(own > 15 && own < 45)
    for share in [0.0, 1] {
      plan.onPolicyShare = share
      var run = try Pair.run(plan)
      #expect(try run.take(4).allSatisfy { $0.isOnPolicy == (share == 1) })
    }
    var forward = try Pair.run(Pair.plan(.forward))
    #expect(try forward.take(4).allSatisfy { !$0.isOnPolicy })
  }

  @Test(arguments: [Method.sequence, .forward, .reverse, .onPolicy])
  func `teaches what the teacher knows`(_ method: DistillationPlan.Method) throws {
    var run = try Pair.run(Pair.plan(method, tokens: 9000))
    let samples = try #require(Pair.samples)
    func agreement() -> Double {
      let answers = run.student.responses(
        to: samples.examples.map(\.prompt),
        .greedy(budget: 10, stops: [TaskAlphabet.standard.end]), seed: 0)
      let equal = zip(samples.examples, answers).filter { $0.response == $1[0].tokens }
      return Double(equal.count) / Double(samples.examples.count)
    }
    let before = agreement()
    while !run.isFinished { _ = try run.takeStep() }
    let after = agreement()
    #expect(before < 0.1 && after > 0.6, "\(before) → \(after)")
  }

  @Test func `stops after looks that are no better, and keeps the latest of equals`() throws {
    var plan = Pair.plan(.sequence, tokens: 100_000)
    (plan.patience, plan.rate) = (3, 1e-9)
    var run = try Pair.run(plan)
    var looks: [Bool] = []
    while !run.isFinished, looks.count < 10 {
      var report = try run.takeStep()
      looks.append(run.look(&report))
    }
    #expect(looks == [true, true, true, true])
    #expect(run.best.step == 4)
  }

  @Test func `refuses a teacher with other tokens, in a sentence`() throws {
    var sizes = Pair.studentSizes
    sizes.vocabularySize = 30
    let samples = try #require(Pair.samples)
    let error = #expect(throws: DistillationError.self) {
      try DistillationRun(
        Pair.student(), from: sizes.model(seed: 0), samples: samples, plan: Pair.plan(.forward))
    }
    #expect(error == .unlikeTokens(student: 28, teacher: 30))
    #expect("\(try #require(error))".contains("only if both know the same ones"))
  }

  @Test func `refuses a state that is missing, broken or of other samples`() throws {
    try withFolder { folder in
      let file = folder.appending(path: DistillationRun.stateFile)
      #expect(throws: TrainingError.self) { try DistillationRun.plan(in: folder) }
      try Data("{".utf8).write(to: file)
      #expect(throws: TrainingError.self) { try DistillationRun.plan(in: folder) }
      let run = try Pair.run(Pair.plan(.sequence))
      try run.writeState(into: folder)
      #expect(try DistillationRun.plan(in: folder) == Pair.plan(.sequence))
      let samples = try #require(Pair.samples)
      let fewer = TeacherSamples(examples: Array(samples.examples[1...]), asked: 60)
      #expect(throws: TrainingError.self) {
        try DistillationRun(
          resuming: Pair.student(), from: Pair.teacher(), samples: fewer, in: folder)
      }
      let text = try String(contentsOf: file, encoding: .utf8)
      let broken = text.replacing("\"sequences\" : 16", with: "\"sequences\" : -16")
      #expect(broken != text)
      try Data(broken.utf8).write(to: file)
      #expect(throws: TrainingError.self) { try DistillationRun.plan(in: folder) }
    }
  }
}
