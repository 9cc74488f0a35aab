import ExerciseKit
import Exercises05
import Solutions05
import TestSupport
import Testing

@Suite struct `Exercise 5.4` {
  typealias Answer =
    @Sendable (
      [Double], [Double], [Double], [Double], [Double], [[Double]]
    ) throws -> [Double]

  static let exercise = Exercise<Answer>(
    "5.4",
    yours: Exercises05.joint(
      stream:finalNorm:hiddenNorm:embedding:embeddingNorm:projection:),
    solution: Solutions05.joint(
      stream:finalNorm:hiddenNorm:embedding:embeddingNorm:projection:),
    mutants: [
      "is the code as it was found": Mutants5_4.asFound(
        stream:finalNorm:hiddenNorm:embedding:embeddingNorm:projection:),
      "has the order of the paper": Mutants5_4.hiddenFirst(
        stream:finalNorm:hiddenNorm:embedding:embeddingNorm:projection:),
      "takes the stream before the final norm": Mutants5_4.beforeTheNorm(
        stream:finalNorm:hiddenNorm:embedding:embeddingNorm:projection:),
      "exchanges the norms": Mutants5_4.exchangesNorms(
        stream:finalNorm:hiddenNorm:embedding:embeddingNorm:projection:),
    ]
  ) { answer in
    // The rows of the projection pick single entries out of the four.
    let identity: [[Double]] = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    let ones: [Double] = [1, 1]
    let order = try answer([1, -1], ones, ones, [1, 1], ones, identity)
    try demandClose(
      order, [1, 1, 1, -1], within: 1e-12,
      "Which of the two do the released columns begin with?")
    // norm(3, 1) = (1.342, 0.447); times (1, 3) it is (1.342, 1.342), and its norm is (1, 1).
    let normed = try answer([3, 1], [1, 3], ones, [1, 1], ones, identity)
    try demandClose(
      Array(normed[2...]), [1, 1], within: 1e-12,
      "Through which norm does the row pass before the model's head reads it?")
    let weighted = try answer([1, -1], ones, [2, 3], [1, 1], [5, 7], identity)
    try demandClose(
      weighted, [5, 7, 2, -3], within: 1e-12, "Which norm belongs to which of the two?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
