import ExerciseKit
import Exercises03
import Foundation
import Solutions03
import TestSupport
import Testing

@Suite struct `Exercise 3.6` {
  static let exercise = Exercise<Rewrite>(
    "3.6", yours: Exercises03.latentForm(keys:values:heads:headWidth:),
    solution: Solutions03.latentForm(keys:values:heads:headWidth:),
    mutants: [
      "deals the key heads out in turn": Mutants3_6.dealsHeads,
      "lists all values last": Mutants3_6.putsValuesLast,
      "keeps a copy for every head": Mutants3_6.keepsCopies,
      "keeps the keys alone": Mutants3_6.keepsKeys,
    ]
  ) { answer in
    let x = [0.5, -1, 2, 0.25, 3]
    for (heads, keyHeads) in [(4, 2), (6, 2), (3, 1), (2, 2)] {
      let width = 3
      let keys = matrix(keyHeads * width, x.count, shift: 0.2)
      let values = matrix(keyHeads * width, x.count, shift: 0.9)
      let found = try answer(keys, values, heads, width)
      let made = times(found.expansion, times(found.compression, x))
      let wanted = (0..<heads).flatMap { head -> [Double] in
        let first = head / (heads / keyHeads) * width
        return times(Array(keys[first..<first + width]), x)
          + times(Array(values[first..<first + width]), x)
      }
      try demandClose(
        made, wanted, within: 1e-9,
        "\(heads) heads, \(keyHeads) key heads: does each head find its group's key, then its value?"
      )
      try demand(
        found.compression.count <= 2 * keyHeads * width,
        "A latent of \(found.compression.count) numbers: what does the grouped layer keep?")
    }
  }

  typealias Rewrite =
    @Sendable ([[Double]], [[Double]], Int, Int) throws -> (
      compression: [[Double]], expansion: [[Double]]
    )

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

private func matrix(_ rows: Int, _ columns: Int, shift: Double) -> [[Double]] {
  (0..<rows).map { r in (0..<columns).map { sin(Double(r * columns + $0) * 1.9 + shift) } }
}

private func times(_ matrix: [[Double]], _ x: [Double]) -> [Double] {
  matrix.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
}
