import Attention
import CodeModels
import RL
import Tensors
import Testing
import Text

@Suite struct `Texts of which a part is scored` {
  @Test func `become rows whose mask belongs to the target`() {
    let long = ScoredText().reading([1, 2]).writing([3, 4]).reading([5]).writing([6])
    let short = ScoredText().reading([7]).writing([8])
    let batch = Batch([long, short], padding: 9)
    let none = Batch.ignored
    #expect(batch.inputs == [7, 9, 9, 9, 9] + [1, 2, 3, 4, 5])
    #expect(batch.targets == [8, none, none, none, none] + [none, 3, 4, none, 6])
  }

  @Test func `fill batches by their tokens`() {
    let sampler = ProgramSampler(lengths: 1...3)
    for lesson in ProblemSource.Lesson.allCases {
      var source = ProblemSource(
        [.output, .input], lesson, from: sampler, budget: 600, seed: 1)
      let census = source.census(batches: 1)
      let batch = source.next()
      #expect((600..<720).contains(census.tokens), "\(lesson)")
      #expect(batch.targetCount == census.targets)
      let idle = batch.inputs.count { $0 == CodeAlphabet.standard.tasks.padding }
      #expect(batch.inputs.count - idle == census.tokens - batch.sequences)
    }
  }

  @Test func `show what the lesson shows`() {
    let alphabet = CodeAlphabet.standard
    let sampler = ProgramSampler(lengths: 2...2)
    func texts(_ lesson: ProblemSource.Lesson) -> [ScoredText] {
      var source = ProblemSource([.output], lesson, from: sampler, budget: 200, seed: 3)
      return (0..<20).map { _ in source.text() }
    }
    func text(_ tokens: [Int]) -> String { alphabet.tokenizer.decode(tokens) }
    for (traced, answered) in zip(texts(.traces), texts(.answers)) {
      #expect(traced.tokens.contains(alphabet.tasks.think))
      #expect(!answered.tokens.contains(alphabet.tasks.think))
      #expect(text(answered.tokens).hasPrefix("<｜begin▁of▁sentence｜><｜User｜>out "))
      #expect(
        traced.tokens.starts(with: answered.tokens.prefix { $0 != alphabet.tasks.assistant }))
    }
    for code in texts(.code) {
      #expect((try? Program(parsing: text(code.tokens.dropFirst().dropLast()))) != nil)
      #expect(code.isScored == [false] + code.tokens.dropFirst().map { _ in true })
    }
  }

  @Test func `come again from a stored generator, and tell their sources apart`() {
    let sampler = ProgramSampler(lengths: 1...3)
    var first = ProblemSource([.output], from: sampler, budget: 300, seed: 1)
    _ = first.next()
    var second = ProblemSource([.output], from: sampler, budget: 300, seed: 9)
    second.generator = first.generator
    #expect(first.next() == second.next())
    let prints = [
      first.fingerprint,
      ProblemSource([.input], from: sampler, budget: 300, seed: 1).fingerprint,
      ProblemSource([.output], .answers, from: sampler, budget: 300, seed: 1).fingerprint,
      ProblemSource([.output], from: sampler, budget: 301, seed: 1).fingerprint,
      ProblemSource([.output], from: .init(lengths: 1...4), budget: 300, seed: 1).fingerprint,
      MiddleSource(sampler, rate: 0.5, budget: 300, seed: 1).fingerprint,
      MiddleSource(sampler, rate: 0, budget: 300, seed: 1).fingerprint,
    ]
    #expect(Set(prints).count == prints.count)
    #expect(first.fingerprint == second.fingerprint)
  }
}

@Suite struct `A revision` {
  private let alphabet = CodeAlphabet.standard

  private func answer(_ task: ProgramProblem.Task, _ text: String) throws -> ProgramAnswer {
    let program = try Program(parsing: "a=x+3;b=a*2;rb")
    let problem = ProgramProblem(task, of: program, x: 4)
    return ProgramAnswer(
      problem, response: alphabet.tasks.response(thought: nil, answer: text))
  }

  @Test func `tells what a wrong input gave, and nothing of a wrong output`() throws {
    #expect(try answer(.input, "5").feedback == "5>16")
    #expect(try answer(.output, "15").feedback == "wrong")
    #expect(try answer(.output, "a").feedback == "no")
    #expect(try answer(.input, "444").feedback == "no")
  }

  @Test func `leaves the words of the judge out of the loss`() throws {
    let text = try answer(.input, "5").revisionText(alphabet)
    let read = zip(text.tokens, text.isScored).filter { !$0.1 }.map(\.0)
    let written = zip(text.tokens, text.isScored).filter(\.1).map(\.0)
    #expect(
      alphabet.tokenizer.decode(read)
        == "<｜begin▁of▁sentence｜><｜User｜>in a=x+3;b=a*2;rb o=14<｜Assistant｜><｜User｜>5>16<｜Assistant｜>"
    )
    #expect(
      alphabet.tokenizer.decode(written)
        == "5<｜end▁of▁sentence｜><think>0:3,6;1:4,8;2:5,10;3:6,12;4:7,14</think>4<｜end▁of▁sentence｜>"
    )
    #expect(try text.tokens.starts(with: answer(.input, "5").revisionPrompt(alphabet)))
    // The wrong response may be read like a question, so that only its revision is learnt.
    let second = try answer(.input, "5").revisionText(alphabet, scoringFirst: false)
    #expect(second.tokens == text.tokens)
    #expect(
      alphabet.tokenizer.decode(zip(second.tokens, second.isScored).filter(\.1).map(\.0))
        == "<think>0:3,6;1:4,8;2:5,10;3:6,12;4:7,14</think>4<｜end▁of▁sentence｜>")
  }

  @Test func `is for answers that ended and did not work`() throws {
    #expect(try answer(.input, "5").isRevisable)
    #expect(try !answer(.input, "4").isRevisable)
    #expect(try answer(.input, "x").isRevisable)
    let endless = try ProgramAnswer(
      answer(.input, "5").problem, response: alphabet.tasks.encode("5"))
    #expect(!endless.isRevisable && endless.status == .timeout && endless.text == nil)
  }

  @Test func `is mixed with fresh problems at its share`() throws {
    let revision = try answer(.input, "5").revisionText(alphabet)
    let fresh = ProblemSource(
      [.output], from: ProgramSampler(lengths: 1...2), budget: 100, seed: 1)
    var source = RevisionSource(fresh, revisions: [revision], share: 0.25)
    let count = (0..<4_000).count { _ in source.text() == revision }
    #expect(abs(count - 1_000) < 110, "four standard deviations")
    var none = RevisionSource(fresh, revisions: [], share: 0.5)
    #expect(none.text() != revision)
    #expect(source.fingerprint != none.fingerprint)
    let scored = try answer(.input, "5").revisionText(alphabet, scoringFirst: false)
    let other = RevisionSource(fresh, revisions: [scored], share: 0.25)
    #expect(
      other.fingerprint
        != RevisionSource(fresh, revisions: [revision], share: 0.25).fingerprint)
  }
}
