import ExerciseKit
import Exercises05
import Solutions05
import TestSupport
import Testing

@Suite struct `Exercise 5.6` {
  typealias Answer =
    @Sendable (
      [Int], Int, ([Int]) -> [Int], (Int) -> Void, ([Int]) -> Int
    ) throws -> [Int]

  static let exercise = Exercise<Answer>(
    "5.6", yours: Exercises05.speculate(prompt:count:read:forget:draft:),
    solution: Solutions05.speculate(prompt:count:read:forget:draft:),
    mutants: [
      "never forgets": Mutants5_6.neverForgets(prompt:count:read:forget:draft:),
      "forgets too much": Mutants5_6.forgetsTooMuch(prompt:count:read:forget:draft:),
      "wastes the second token": Mutants5_6.wastesTheSecond(prompt:count:read:forget:draft:),
      "trusts drafts": Mutants5_6.trustsDrafts(prompt:count:read:forget:draft:),
    ]
  ) { answer in
    for wrong in 1...4 {
      for count in [0, 1, 2, 3, 12] {
        let model = Reader()
        let prompt = [3, 1, 4]
        let written = try answer(prompt, count, model.read, model.forget) { text in
          // Every so many drafts are wrong; with `wrong` = 1, all of them.
          Reader.next(text) + (text.count % wrong == 0 ? 1 : 0)
        }
        let text = Reader.continuation(of: prompt, by: count)
        try demand(
          written == Array(text[prompt.count...]),
          "\(count) tokens: is each one what the model says of all that was written before it?")
        try demand(
          text.starts(with: model.memory),
          "What does the model remember of a draft that did not stand?")
        try demand(
          model.calls <= Reader.calls(prompt: prompt.count, count: count, wrong: wrong),
          "\(count) tokens in \(model.calls) calls: what becomes of the model's second answer?")
      }
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

/// A model whose next token depends on every token that it has read.
private final class Reader {
  private(set) var memory: [Int] = []
  private(set) var calls = 0

  static func next(_ text: [Int]) -> Int { text.reduce(7) { ($0 * 31 + $1) % 101 } }

  func read(_ tokens: [Int]) -> [Int] {
    calls += 1
    return tokens.map { token in
      memory.append(token)
      return Self.next(memory)
    }
  }

  func forget(_ count: Int) { memory.removeLast(max(0, memory.count - max(0, count))) }

  /// A prompt and what a careful reader writes behind it.
  static func continuation(of prompt: [Int], by count: Int) -> [Int] {
    (0..<count).reduce(prompt) { text, _ in text + [next(text)] }
  }

  /// The calls that the drafts allow.
  static func calls(prompt: Int, count: Int, wrong: Int) -> Int {
    guard count > 0 else { return 0 }
    var (calls, length) = (1, prompt + 1)
    while length < prompt + count {
      calls += 1
      length += length % wrong == 0 || length + 1 == prompt + count ? 1 : 2
    }
    return calls
  }
}
