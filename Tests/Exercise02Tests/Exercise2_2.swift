import Attention
import ExerciseKit
import Exercises02
import Foundation
import Solutions02
import Tensors
import TestSupport
import Testing

@Suite struct `Exercise 2.2` {
  static let exercise = Exercise<@Sendable (Int) throws -> [Int]>(
    "2.2", yours: Exercises02.halfSplitOrder(width:),
    solution: Solutions02.halfSplitOrder(width:),
    mutants: [
      "leaves the rows where they are": Mutants2_2.staysPut(width:),
      "goes the other way": Mutants2_2.goesBack(width:),
      "reverses the frequencies": Mutants2_2.reversesPairs(width:),
    ]
  ) { answer in
    for width in [2, 8, 16] {
      let order = try answer(width)
      try demand(
        order.sorted() == Array(0..<width), "Does every old row appear exactly once?")
      let (query, key) = (Tensor.test(1, width, seed: 1), Tensor.test(1, width, seed: 2))
      let old = score(query, key, .interleaved)
      let new = score(moved(query, order), moved(key, order), .halfSplit)
      try demandClose(
        new, old, within: 1e-4,
        "Width \(width): do both members of a pair meet, at their own frequency?")
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

private func moved(_ row: Tensor, _ order: [Int]) -> Tensor {
  Tensor(order.map { row[0, $0] }, shape: row.shape)
}

/// The product of a query at place 11 and a key at place 4.
private func score(
  _ query: Tensor, _ key: Tensor, _ layout: RotaryEmbedding.Layout
) -> Double {
  let rotary = RotaryEmbedding(width: query.columns, theta: 100, layout: layout)
  let q = query.rotated(rotary.table([11]), backwards: false)
  let k = key.rotated(rotary.table([4]), backwards: false)
  return zip(q.doubles, k.doubles).reduce(0) { $0 + $1.0 * $1.1 }
}
