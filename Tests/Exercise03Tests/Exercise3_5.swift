import ExerciseKit
import Exercises03
import Foundation
import Solutions03
import TestSupport
import Testing

@Suite struct `Exercise 3.5` {
  static let exercise = Exercise<Decode>(
    "3.5",
    yours: Exercises03.decode(contents:rotaries:expansion:valueWidth:scale:kernel:),
    solution: Solutions03.decode(contents:rotaries:expansion:valueWidth:scale:kernel:),
    mutants: [
      "takes the values to be in front": Mutants3_5.swapsRows,
      "takes the heads to be inside": Mutants3_5.swapsHeads,
      "puts the rotary part in front": Mutants3_5.swapsQuery,
      "scales by the kernel's width": Mutants3_5.scalesByRank,
      "forgets to transpose": Mutants3_5.forgetsTransposing,
    ]
  ) { answer in
    for sizes in [Sizes(rank: 3, content: 3), Sizes(rank: 6, content: 4)] {
      let found = try answer(
        sizes.contents, sizes.rotaries, sizes.expansion, sizes.value, sizes.scale
      ) { queries, scale in
        try demand(
          queries.count == sizes.heads
            && queries.allSatisfy { $0.count == sizes.rank + sizes.rotary },
          "Has every head a query as wide as a cached row: \(sizes.rank) + \(sizes.rotary)?")
        return sizes.attend(queries, scale)
      }
      try demandClose(
        found.flatMap { $0 }, sizes.expanded.flatMap { $0 }, within: 1e-9,
        "A latent of \(sizes.rank), content of \(sizes.content): is it what whole keys and values "
          + "would give?")
    }
  }

  typealias Kernel = ([[Double]], Double) throws -> [[Double]]
  typealias Decode =
    @Sendable ([[Double]], [[Double]], [[Double]], Int, Double, Kernel) throws -> [[Double]]

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

/// A cache of five tokens, and the queries of one more.
private struct Sizes {
  let rank, content: Int
  let heads = 2
  let rotary = 2
  let value = 3

  var scale: Double { 1 / Double(content + rotary).squareRoot() }
  var contents: [[Double]] { numbers(heads, content, seed: 1) }
  var rotaries: [[Double]] { numbers(heads, rotary, seed: 2) }
  var expansion: [[Double]] { numbers(heads * (content + value), rank, seed: 3) }
  var cache: [[Double]] { numbers(5, rank + rotary, seed: 4) }

  private func numbers(_ rows: Int, _ columns: Int, seed: UInt64) -> [[Double]] {
    let all = test(rows * columns, seed: seed)
    return (0..<rows).map { Array(all[$0 * columns..<($0 + 1) * columns]) }
  }

  private func test(_ count: Int, seed: UInt64) -> [Double] {
    (0..<count).map { sin(Double($0 + 1) * 2.3 + Double(seed) * 1.7) * 1.5 }
  }

  /// Multi-query attention whose values are the first entries of its keys.
  func attend(_ queries: [[Double]], _ scale: Double) -> [[Double]] {
    queries.map { query in
      mean(cache.map { Array($0[..<rank]) }, cache.map { scale * dot(query, $0) })
    }
  }

  /// The same attention with the keys and values of every head made first.
  var expanded: [[Double]] {
    (0..<heads).map { h in
      let rows = expansion[h * (content + value)..<(h + 1) * (content + value)]
      let made = cache.map { kept in rows.map { dot($0, kept) } }
      let scores = zip(made, cache).map { own, kept -> Double in
        scale * (dot(contents[h], own) + dot(rotaries[h], Array(kept[rank...])))
      }
      return mean(made.map { Array($0[content...]) }, scores)
    }
  }
}

/// The mean of some lists, weighed by the softmax of scores.
private func mean(_ lists: [[Double]], _ scores: [Double]) -> [Double] {
  let raised = scores.map { exp($0) }
  let sum = raised.reduce(0, +)
  return lists[0].indices.map { c in
    zip(lists, raised).reduce(0.0) { $0 + $1.0[c] * $1.1 / sum }
  }
}

/// The product of the entries that both lists have.
private func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}
