import ExerciseKit
import Exercises06
import Solutions06
import TestSupport
import Testing

@Suite struct `Exercise 6.5` {
  typealias Answer =
    @Sendable ([[Float]], [[Float]], [[Float]], [[Float]], Int) throws -> [[Float]]

  static let exercise = Exercise<Answer>(
    "6.5", yours: Exercises06.product(a:aScales:b:bScales:group:),
    solution: Solutions06.product(a:aScales:b:bScales:group:),
    mutants: [
      "divides": Mutants6_5.divides(a:aScales:b:bScales:group:),
      "takes the first scale": Mutants6_5.takesTheFirst(a:aScales:b:bScales:group:),
      "transposes the grid": Mutants6_5.transposesTheGrid(a:aScales:b:bScales:group:),
      "counts columns": Mutants6_5.countsColumns(a:aScales:b:bScales:group:),
      "forgets one side": Mutants6_5.forgetsOneSide(a:aScales:b:bScales:group:),
    ]
  ) { answer in
    try demand(
      try answer([[3, 1]], [[2]], [[4, 5]], [[0.5]], 2) == [[17]],
      "3 · 4 + 1 · 5 is 17. What do scales of 2 and ½ make of it?")
    try demand(
      try answer([[3, 1]], [[2]], [[4, 5]], [[0.25]], 2) == [[8.5]],
      "Is a scale what codes are multiplied with?")
    try demand(
      try answer([[1, 1, 1, 1]], [[1, 4]], [[1, 2, 3, 4]], [[1, 1]], 2) == [[31]],
      "Two blocks: 3 · 1 + 7 · 4. Has each block its own scale?")
    // Five summed entries in three blocks, three columns in two.
    let a: [[Float]] = [[1, 0, 2, 1, 1], [0, 3, 1, 1, 2]]
    let b: [[Float]] = [[1, 1, 1, 1, 1], [2, 0, 1, 0, 3], [1, 2, 0, 1, 1]]
    let found = try answer(
      a, [[1, 2, 4], [2, 8, 1]], b, [[1, 2, 0.5], [4, 1, 8]], 2)
    try demand(found.count == 2 && found[0].count == 3, "Which shape has the product?")
    try demand(
      found[0] == [15, 16, 38], "Row 0: 1·1·1 + 3·2·2 + 1·4·½ is 15. Which block has column 2?")
    try demand(found[1] == [39, 19, 72], "Row 1: has every row scales of its own?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
