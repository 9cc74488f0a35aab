import ExerciseKit
import Exercises09
import Solutions09
import TestSupport
import Testing

@Suite struct `Exercise 9.5` {
  typealias Sample = (problem: Int, draw: Int, tokens: [Int], isRight: Bool)
  typealias Answer =
    @Sendable (_ samples: [Sample], _ end: Int, _ limit: Int) throws -> [Int]

  static let exercise = Exercise<Answer>(
    "9.5", yours: Exercises09.kept(_:end:atMost:), solution: Solutions09.kept(_:end:atMost:),
    mutants: [
      "keeps the cut": Mutants9_5.keepsTheCut(_:end:atMost:),
      "finds any end": Mutants9_5.findsAnyEnd(_:end:atMost:),
      "judges nothing": Mutants9_5.judgesNothing(_:end:atMost:),
      "keeps twins": Mutants9_5.keepsTwins(_:end:atMost:),
      "forgets the problem": Mutants9_5.forgetsTheProblem(_:end:atMost:),
      "prefers the short": Mutants9_5.prefersTheShort(_:end:atMost:),
      "trusts the threads": Mutants9_5.trustsTheThreads(_:end:atMost:),
      "limits the tries": Mutants9_5.limitsTheTries(_:end:atMost:),
      "keeps all": Mutants9_5.keepsAll(_:end:atMost:),
      "leaves the order": Mutants9_5.leavesTheOrder(_:end:atMost:),
    ]
  ) { answer in
    // 9 ends a response.
    func demandKept(_ samples: [Sample], _ wanted: [Int], limit: Int = 2, _ hint: String) throws
    {
      let found = try answer(samples, 9, limit)
      try demand(found == wanted, "\(hint) (found \(found))")
    }
    try demandKept([(0, 0, [4, 9], true)], [0], "Is anything wrong with this one?")
    try demandKept([(0, 0, [4, 9], false)], [], "What does a wrong answer teach?")
    try demandKept(
      [(0, 0, [3, 4], true), (0, 1, [], true)], [],
      "The answer could be read, but has the response ended?")
    try demandKept(
      [(0, 0, [3, 9, 4], true)], [], "Which token of a response must be the end?")
    try demandKept(
      [(0, 0, [3, 9], true), (0, 1, [5, 9], true), (0, 2, [4, 9], true)], [0], limit: 1,
      "The limit is one. How many are kept?")
    try demandKept(
      [
        (0, 0, [1, 9], false), (0, 1, [2, 9], false), (0, 5, [3, 9], true),
        (0, 7, [4, 9], true),
      ],
      [2, 3], "The first tries were wrong. Does the limit count tries or what is kept?")
    try demandKept(
      [(0, 0, [4, 9], true), (0, 1, [4, 9], true), (0, 2, [3, 4, 9], true)], [0, 2],
      "Is a response that was drawn twice worth two?")
    try demandKept(
      [(0, 0, [4, 9], true), (1, 0, [4, 9], true)], [0, 1],
      "Two problems have the same response. Are they the same sample?")
    try demandKept(
      [(0, 0, [3, 3, 3, 9], true), (0, 1, [3, 3, 9], true), (0, 2, [4, 9], true)], [0, 1],
      "Three are right and two are wanted. What would choosing by length teach?")
    try demandKept([(0, 0, [3, 9], true)], [], limit: 0, "The limit is none.")
    try demandKept([], [], "Who is kept when nobody was asked?")
    try demandOrder(answer)
  }

  /// Delivers the same samples in every order, and expects the same ones.
  private static func demandOrder(_ answer: ([Sample], Int, Int) throws -> [Int]) throws {
    let samples: [Sample] = [
      (0, 0, [5, 5, 9], true), (0, 1, [6, 9], false), (0, 2, [5, 5, 9], true),
      (0, 3, [7, 9], true),
      (0, 4, [8, 9], true), (1, 0, [5, 5, 9], true),
    ]
    for order in orders(of: Array(samples.indices)) {
      let delivered = order.map { samples[$0] }
      let found = try answer(delivered, 9, 2)
      try demand(
        found.allSatisfy(delivered.indices.contains), "Is each number a place in samples?")
      let chosen = found.map { order[$0] }
      try demand(
        Set(chosen) == [0, 3, 5],
        "Threads delivered the samples as \(order). Which of them were drawn first? (found \(chosen))"
      )
      try demand(
        chosen == [0, 3, 5],
        "The right ones, but in the order \(chosen). Is that by problem and then by draw?")
    }
  }

  private static func orders(of numbers: [Int]) -> [[Int]] {
    guard numbers.count > 1 else { return [numbers] }
    return numbers.indices.flatMap { index -> [[Int]] in
      var rest = numbers
      let first = rest.remove(at: index)
      return orders(of: rest).map { [first] + $0 }
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
