import ExerciseKit
import Exercises11
import Solutions11
import TestSupport
import Testing

@Suite struct `Exercise 11.5` {
  typealias Vote = @Sendable (_ answers: [Int?], _ k: Int, _ right: Int) throws -> Double
  typealias Forced =
    @Sendable (
      _ prompt: [Int], _ signs: Mutants11_5.Signs, _ budget: Int, _ waits: Int, _ limit: Int,
      _ next: ([Int]) -> Int
    ) throws -> [Int]
  typealias Answer = (vote: Vote, forced: Forced)

  private static let vote: Vote = Solutions11.vote(of:taking:right:)
  private static let forced: Forced = Solutions11.forced(
    _:signs:budget:waits:limit:next:)

  static let exercise = Exercise<Answer>(
    "11.5",
    yours: (
      Exercises11.vote(of:taking:right:), Exercises11.forced(_:signs:budget:waits:limit:next:)
    ),
    solution: (vote, forced),
    mutants: [
      "puts back": (Mutants11_5.putsBack(of:taking:right:), forced),
      "sorts ties": (Mutants11_5.sortsTies(of:taking:right:), forced),
      "wins ties": (Mutants11_5.winsTies(of:taking:right:), forced),
      "loses ties": (Mutants11_5.losesTies(of:taking:right:), forced),
      "hears the silent": (Mutants11_5.hearsTheSilent(of:taking:right:), forced),
      "drops the silent": (Mutants11_5.dropsTheSilent(of:taking:right:), forced),
      "takes the first": (Mutants11_5.takesTheFirst(of:taking:right:), forced),
      "takes all": (Mutants11_5.takesAll(of:taking:right:), forced),
      "takes pass": (Mutants11_5.takesPass(of:taking:right:), forced),
      "counts the wait": (vote, Mutants11_5.countsTheWait(_:signs:budget:waits:limit:next:)),
      "keeps the end": (vote, Mutants11_5.keepsTheEnd(_:signs:budget:waits:limit:next:)),
      "writes behind the end": (
        vote, Mutants11_5.writesBehindTheEnd(_:signs:budget:waits:limit:next:)
      ),
      "waits at the limit": (
        vote, Mutants11_5.waitsAtTheLimit(_:signs:budget:waits:limit:next:)
      ),
      "closes twice": (vote, Mutants11_5.closesTwice(_:signs:budget:waits:limit:next:)),
      "leaves it open": (vote, Mutants11_5.leavesItOpen(_:signs:budget:waits:limit:next:)),
      "drops the end": (vote, Mutants11_5.dropsTheEnd(_:signs:budget:waits:limit:next:)),
      "drops the prompt": (vote, Mutants11_5.dropsThePrompt(_:signs:budget:waits:limit:next:)),
      "answers on": (vote, Mutants11_5.answersOn(_:signs:budget:waits:limit:next:)),
    ]
  ) { answer in
    try checkByHand(answer.vote)
    try checkAgainstAll(answer.vote)
    try checkMany(answer.vote)
    try checkTexts(answer.forced)
  }

  // MARK: Votes

  private static func checkByHand(_ vote: Vote) throws {
    try demandClose(
      try vote([4, 7, nil], 1, 4), 1.0 / 3, within: 1e-12,
      "One of three is taken. In how many cases is it the right one?")
    try demandClose(
      try vote([4, 7], 2, 4), 0.5, within: 1e-12, "One vote each: what is half of a win?")
    try demandClose(
      try vote([4, 4, 7], 2, 4), (1 + 0.5 + 0.5) / 3, within: 1e-12,
      "There are three pairs. What does each of them elect?")
    try demandClose(
      try vote([nil, nil, 4], 2, 4), 2.0 / 3, within: 1e-12,
      "Silence has no vote. Which pairs elect anything, and is a silent sample taken at all?")
    try demandClose(
      try vote([7, 7, nil], 2, 4), 0, within: 1e-12, "Nobody said what is right.")
    try demandClose(try vote([nil, nil], 2, 4), 0, within: 1e-12, "Nobody said anything.")
  }

  /// Compares with a list of all choices, where that is short enough.
  private static func checkAgainstAll(_ vote: Vote) throws {
    let cases: [[Int?]] = [
      [1, 2, 3, 1, nil, 2, 2], [5, 1, 1, 5, 9, 9], [9, 9, 1, nil, nil, nil, 1, 1],
      [3, 3, 3, 2, 2, 1, nil],
    ]
    for answers in cases {
      for k in 1...answers.count {
        for right in [1, 3, 9] {
          let chosen = choices(of: k, from: answers)
          let wanted = chosen.reduce(0) { $0 + won($1, right) } / Double(chosen.count)
          try demandClose(
            try vote(answers, k, right), wanted, within: 1e-9,
            "\(answers.count) samples, k = \(k), right is \(right): the mean over all choices. Are "
              + "ties shared, and does no sample vote twice?")
        }
      }
    }
  }

  private static func choices(of k: Int, from answers: [Int?]) -> [[Int?]] {
    (0..<1 << answers.count).filter { $0.nonzeroBitCount == k }.map { set in
      answers.indices.filter { set >> $0 & 1 == 1 }.map { answers[$0] }
    }
  }

  private static func won(_ answers: [Int?], _ right: Int) -> Double {
    var counts: [Int: Int] = [:]
    for case let answer? in answers { counts[answer, default: 0] += 1 }
    guard let most = counts.values.max(), counts[right] == most else { return 0 }
    return 1 / Double(counts.values.count { $0 == most })
  }

  private static func checkMany(_ vote: Vote) throws {
    let two = (0..<64).map { $0 < 32 ? 1 : 2 }
    try demandClose(
      try vote(two, 32, 1), 0.5, within: 1e-9,
      "64 samples, two answers as common: can either lead?")
    let lead = (0..<64).map { $0 < 40 ? 1 : $0 % 10 }
    let found = try vote(lead, 32, 1)
    try demand(
      found > 0.999 && found <= 1 + 1e-9,
      "Forty of 64 say 1, and the others many things. Does 1 win nearly always? (found \(found))"
    )
  }

  // MARK: Budgets

  /// A model that counts: it writes 1, 2, 3, … since the last `wait`, and ends its thought after some.
  private static func counting(to last: Int) -> ([Int]) -> Int {
    { text in
      if let place = text.lastIndex(of: 90) { return text.count - place > 2 ? 92 : 50 }
      let begun = text.lastIndex { $0 == 91 || $0 == 80 } ?? 0
      let written = text.count - begun - 1
      return written < last ? written + 1 : 90
    }
  }

  private static func checkTexts(_ forced: Forced) throws {
    // 80 is <think>, 90 </think>, 91 wait and 92 the end.
    func demandText(
      budget: Int, waits: Int, limit: Int = 9, _ wanted: [Int], _ hint: String,
      next: @escaping ([Int]) -> Int
    ) throws {
      let found = try forced([7, 80], (90, 91, 92), budget, waits, limit, next)
      try demand(found == wanted, "\(hint) (found \(found), wanted \(wanted))")
    }
    let model = counting(to: 3)
    try demandText(
      budget: 9, waits: 0, [7, 80, 1, 2, 3, 90, 50, 50, 92], "Nothing is forced here.",
      next: model)
    try demandText(
      budget: 2, waits: 0, [7, 80, 1, 2, 90, 50, 50, 92], "Two tokens, then </think>.",
      next: model)
    try demandText(
      budget: 0, waits: 2, [7, 80, 90, 50, 50, 92], "No thought at all.", next: model)
    try demandText(
      budget: 9, waits: 1, [7, 80, 1, 2, 3, 91, 1, 2, 3, 90, 50, 50, 92],
      "Sent on once: what stands in the place of </think>?", next: model)
    try demandText(
      budget: 5, waits: 1, [7, 80, 1, 2, 3, 91, 1, 2, 90, 50, 50, 92],
      "Five tokens of the model's. Is wait one of them?", next: model)
    try demandText(
      budget: 2, waits: 1, [7, 80, 1, 2, 90, 50, 50, 92],
      "The budget is used up. Does a thought that we cut wait?", next: model)
    try demandText(
      budget: 9, waits: 2, [7, 80, 91, 91, 90, 50, 50, 92],
      "A model that thinks nothing is sent on twice, and ends nonetheless.",
      next: counting(to: 0))
    try demandText(
      budget: 9, waits: 0, limit: 2, [7, 80, 1, 2, 3, 90, 50, 50],
      "Two tokens of answer, and no more.", next: model)
    try demandText(
      budget: 4, waits: 1, [7, 80, 91, 90, 92],
      "The model ends the whole text while it thinks. What is done with its end?"
    ) { _ in 92 }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
