import ExerciseKit
import Exercises08
import Solutions08
import TestSupport
import Testing

@Suite struct `Exercise 8.4` {
  typealias Answer =
    @Sendable (_ lengths: [[Int]], _ rewards: [[Double]], _ budget: Int) throws ->
    Mutants8_4.Weights

  static let exercise = Exercise<Answer>(
    "8.4", yours: Exercises08.tokenWeights(lengths:rewards:budget:),
    solution: Solutions08.tokenWeights(lengths:rewards:budget:),
    mutants: [
      "counts the living": Mutants8_4.countsTheLiving(lengths:rewards:budget:),
      "keeps the dead": Mutants8_4.keepsTheDead(lengths:rewards:budget:),
      "keeps the solved": Mutants8_4.keepsTheSolved(lengths:rewards:budget:),
      "takes the longest": Mutants8_4.takesTheLongest(lengths:rewards:budget:),
      "sums the batch": Mutants8_4.sumsTheBatch(lengths:rewards:budget:),
      "corrects the print": Mutants8_4.correctsThePrint(lengths:rewards:budget:),
      "forgets the groups": Mutants8_4.forgetsTheGroups(lengths:rewards:budget:),
    ]
  ) { answer in
    let one = try answer([[2, 8]], [[1, 0]], 20)
    try close(
      one.perSequence, [[1 / 4.0, 1 / 16.0]], "Does each response of the group count the same?")
    try close(one.asPrinted, [[0.5, 0.5]], "Does R1's equation divide by a length?")
    try close(one.overGroup, [[0.1, 0.1]], "How many tokens has the whole group?")
    try close(
      one.constant, [[1 / 40.0, 1 / 40.0]], "L is a constant. Does it ask how long anything is?"
    )

    // The second group has no right answer, the third nothing else but rounding.
    let lengths = [[2, 8], [5, 7], [3, 3], [4, 12]]
    let rewards = [[1, 0], [0, 0], [0.1 + 0.2, 0.3], [0.2, 1.2]]
    let four = try answer(lengths, rewards, 20)
    for (name, weights) in [
      ("perSequence", four.perSequence), ("asPrinted", four.asPrinted),
      ("overGroup", four.overGroup), ("constant", four.constant),
    ] {
      try demand(weights.count == 4, "\(name): has each of the four groups its weights?")
      try demand(
        weights[1] == [0, 0] && weights[2] == [0, 0],
        "\(name): what do groups teach in which all rewards are equal, low or high?")
    }
    try close(
      four.overGroup, [[1 / 40.0, 1 / 40.0], [0, 0], [0, 0], [1 / 64.0, 1 / 64.0]],
      "Four groups were asked. Over which tokens goes the sum, and what is B?")
    try close(
      four.perSequence, [[1 / 16.0, 1 / 64.0], [0, 0], [0, 0], [1 / 32.0, 1 / 96.0]],
      "Four groups were asked and two are dead. What is B?")
    try close(
      four.asPrinted, [[1 / 8.0, 1 / 8.0], [0, 0], [0, 0], [1 / 8.0, 1 / 8.0]],
      "As printed: what is left when nothing is divided by a length?")
    try close(
      four.constant, [[1 / 160.0, 1 / 160.0], [0, 0], [0, 0], [1 / 160.0, 1 / 160.0]],
      "With a constant, may the weight of a token depend on what else was sampled?")
  }

  private static func close(
    _ found: [[Double]], _ wanted: [[Double]], _ hint: String
  ) throws {
    try demand(found.map(\.count) == wanted.map(\.count), "Has each response a weight?")
    for (found, wanted) in zip(found, wanted) {
      try demandClose(found, wanted, within: 1e-12, hint)
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
