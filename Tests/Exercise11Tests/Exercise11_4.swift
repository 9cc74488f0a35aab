import ExerciseKit
import Exercises11
import Foundation
import Solutions11
import TestSupport
import Testing

@Suite struct `Exercise 11.4` {
  typealias Pair = Mutants11_4.Pair
  typealias Answer =
    @Sendable (_ scores: [[Double]], _ lengths: [Int], _ pairs: [Pair]) throws
    -> Mutants11_4.Answer

  static let exercise = Exercise<Answer>(
    "11.4", yours: Exercises11.preference(scores:lengths:pairs:),
    solution: Solutions11.preference(scores:lengths:pairs:),
    mutants: [
      "swaps": Mutants11_4.swaps(scores:lengths:pairs:),
      "reads padding": Mutants11_4.readsPadding(scores:lengths:pairs:),
      "reads behind": Mutants11_4.readsBehind(scores:lengths:pairs:),
      "takes the mean": Mutants11_4.takesTheMean(scores:lengths:pairs:),
      "sums": Mutants11_4.sums(scores:lengths:pairs:),
      "overflows": Mutants11_4.overflows(scores:lengths:pairs:),
      "pulls the sure": Mutants11_4.pullsTheSure(scores:lengths:pairs:),
      "overwrites": Mutants11_4.overwrites(scores:lengths:pairs:),
      "raises only": Mutants11_4.raisesOnly(scores:lengths:pairs:),
      "divides by nothing": Mutants11_4.dividesByNothing(scores:lengths:pairs:),
    ]
  ) { answer in
    try checkByHand(answer)
    try checkSlopes(answer)
    try checkEdges(answer)
  }

  private static func checkByHand(_ answer: Answer) throws {
    let lead = log(3.0)
    let (loss, slopes) = try answer([[5, lead], [7, 0]], [2, 2], [(0, 1)])
    try demandClose(
      loss, log(4.0 / 3), within: 1e-12,
      "A lead of log 3 is a chance of 3/4. How surprising is the chosen one?")
    try demandClose(
      slopes.flatMap { $0 }, [0, -0.25, 0, 0.25], within: 1e-12,
      "Which two of the four numbers were read, and which of them should rise?")
    let padded = try answer([[lead, .nan, 9], [0, 4, 0]], [1, 3], [(0, 1)])
    try demandClose(
      padded.loss, log(4.0 / 3), within: 1e-12,
      "The first text has one token. Where is its score, and what stands behind it?")
    try demandClose(
      padded.slopes.flatMap { $0 }, [-0.25, 0, 0, 0, 0, 0.25], within: 1e-12,
      "Does padding have a slope?")
  }

  /// Compares the slopes with central differences.
  private static func checkSlopes(_ answer: Answer) throws {
    let scores = [[0.3, -0.7, 1.1], [0.9, 0.2, -0.4], [-1.3, 0.6, 0.8], [0.1, 0.5, -0.2]]
    let lengths = [3, 1, 2, 2]
    let pairs: [Pair] = [(0, 1), (2, 1), (0, 3), (3, 2)]
    let slopes = try answer(scores, lengths, pairs).slopes
    let h = 1e-5
    for row in scores.indices {
      for position in scores[row].indices {
        var (up, down) = (scores, scores)
        up[row][position] += h
        down[row][position] -= h
        let wanted = (loss(up, lengths, pairs) - loss(down, lengths, pairs)) / (2 * h)
        try demandClose(
          slopes[row][position], wanted, within: 1e-8,
          "The slope along the number at row \(row), position \(position): is it what the loss does, "
            + "over all pairs of this text, each as 1/n?")
      }
    }
  }

  private static func loss(_ scores: [[Double]], _ lengths: [Int], _ pairs: [Pair]) -> Double {
    let r = zip(scores, lengths).map { $0[$1 - 1] }
    return pairs.reduce(0) { $0 + log(1 + exp(r[$1.rejected] - r[$1.chosen])) }
      / Double(pairs.count)
  }

  private static func checkEdges(_ answer: Answer) throws {
    let wrong = try answer([[-1000], [1000]], [1, 1], [(0, 1)])
    try demandClose(
      wrong.loss, 2000, within: 1e-9, "The model was sure, and wrong. Is e²⁰⁰⁰ needed?")
    try demandClose(
      wrong.slopes.flatMap { $0 }, [-1, 1], within: 1e-12,
      "Sure and wrong: how hard is the pull?")
    let right = try answer([[1000], [-1000]], [1, 1], [(0, 1)])
    try demandClose(right.loss, 0, within: 1e-12, "Sure and right: what is left to learn?")
    try demandClose(
      right.slopes.flatMap { $0 }, [0, 0], within: 1e-12, "Sure and right: is there a pull?")
    let none = try answer([[1, 2], [3, 4]], [2, 1], [])
    try demand(
      none.loss == 0 && none.slopes == [[0, 0], [0, 0]], "There are no pairs: what is divided?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
