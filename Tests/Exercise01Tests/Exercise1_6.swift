import ExerciseKit
import Exercises01
import Solutions01
import Tensors
import TestSupport
import Testing

@Suite struct `Exercise 1.6` {
  typealias Answer = @Sendable ([Float], [Float], Int, Int, Int, Int) throws -> [Float]

  static let exercise = Exercise<Answer>(
    "1.6", yours: Exercises01.blockedProduct, solution: Solutions01.blockedProduct,
    mutants: [
      "sums blocks apart": Mutants1_6.sumsBlocksApart,
      "drops the rest": Mutants1_6.dropsTheRest,
      "overwrites the sum": Mutants1_6.overwritesTheSum,
    ]
  ) { answer in
    let example = try answer([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12], 2, 2, 3, 2)
    try demand(
      example == [58, 64, 139, 154],
      "The chapter's example: what happens to the third p when a block holds two?")
    for (m, n, k) in [(5, 7, 50), (16, 16, 16), (1, 3, 40)] {
      let (a, b) = (Tensor.test(m, k), Tensor.test(k, n, seed: 2))
      let whole = ProductLadder.naive.multiply(a, b).scalars
      for block in [1, 3, 8, 64] {
        let blocked = try answer(a.scalars, b.scalars, m, n, k, block)
        try demandClose(
          blocked, whole, within: 1e-4,
          "\(m) × \(n) × \(k) in blocks of \(block): is every product added once?")
        try demand(
          blocked == whole,
          "Blocks of \(block) change the last bits: are products added one by one, in order of p?"
        )
      }
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
