import ExerciseKit
import Exercises10
import Solutions10
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `Exercise 10.5` {
  typealias Copies =
    @Sendable ([[UInt32]], Int, Double, (Int, Int) throws -> Double) throws -> [Int?]
  typealias Answer = (
    likeness: @Sendable (Set<UInt64>, Set<UInt64>) throws -> Double, copies: Copies
  )

  private static func with(_ copies: @escaping Copies) -> Answer {
    (Solutions10.likeness(_:_:), copies)
  }

  private static func with(
    _ likeness: @escaping @Sendable (Set<UInt64>, Set<UInt64>) throws -> Double
  ) -> Answer { (likeness, Solutions10.copies(_:rows:threshold:likeness:)) }

  static let exercise = Exercise<Answer>(
    "10.5",
    yours: (Exercises10.likeness(_:_:), Exercises10.copies(_:rows:threshold:likeness:)),
    solution: (Solutions10.likeness(_:_:), Solutions10.copies(_:rows:threshold:likeness:)),
    mutants: [
      "counts twice": with(Mutants10_5.countsTwice(_:_:)),
      "contains": with(Mutants10_5.contains(_:_:)),
      "divides by nothing": with(Mutants10_5.dividesByNothing(_:_:)),
      "compares all": with(Mutants10_5.comparesAll(_:rows:threshold:likeness:)),
      "meets in one": with(Mutants10_5.meetsInOne(_:rows:threshold:likeness:)),
      "meets in all": with(Mutants10_5.meetsInAll(_:rows:threshold:likeness:)),
      "shares tables": with(Mutants10_5.sharesTables(_:rows:threshold:likeness:)),
      "trusts bands": with(Mutants10_5.trustsBands(_:rows:threshold:likeness:)),
      "enters copies": with(Mutants10_5.entersCopies(_:rows:threshold:likeness:)),
      "takes the last": with(Mutants10_5.takesTheLast(_:rows:threshold:likeness:)),
      "is strict": with(Mutants10_5.isStrict(_:rows:threshold:likeness:)),
      "drops the rest": with(Mutants10_5.dropsTheRest(_:rows:threshold:likeness:)),
      "asks twice": with(Mutants10_5.asksTwice(_:rows:threshold:likeness:)),
    ]
  ) { answer in
    let (likeness, copies) = answer
    try demandClose(
      try likeness([1, 2, 3, 4], [3, 4, 5, 6, 7, 8]), 0.25, within: 1e-12,
      "Two of eight different elements are in both sets.")
    try demandClose(
      try likeness([1, 2], [1, 2, 3, 4]), 0.5, within: 1e-12,
      "One set contains the other. Are they the same?")
    try demandClose(try likeness([], []), 1, within: 1e-12, "Two empty sets are alike.")
    try demandByHand(copies)
    try demandMany(copies)
  }

  /// What came out, and the pairs that were compared.
  private static func asked(
    _ copies: Copies, _ signatures: [[UInt32]], rows: Int = 2, threshold: Double = 0.8,
    _ likeness: @escaping (Int, Int) -> Double
  ) throws -> (found: [Int?], pairs: [[Int]]) {
    var pairs: [[Int]] = []
    let found = try copies(signatures, rows, threshold) {
      pairs.append([$0, $1])
      return likeness($0, $1)
    }
    return (found, pairs)
  }

  private static func demandByHand(_ copies: Copies) throws {
    // Bands of two, and a last one of one.
    let far = try asked(copies, [[1, 2, 3, 4, 5], [9, 2, 3, 9, 8]]) { _, _ in 1 }
    try demand(
      far.found == [nil, nil] && far.pairs.isEmpty,
      "Two numbers agree, but no band. Who meets?")
    let crossed = try asked(copies, [[1, 2, 3, 4], [3, 4, 1, 2]]) { _, _ in 1 }
    try demand(
      crossed.found == [nil, nil], "One's first band is the other's second. Do they meet?")
    let near = try asked(copies, [[1, 2, 3, 4, 5], [1, 2, 9, 9, 5]]) { _, _ in 0.8 }
    try demand(
      near.found == [nil, 0], "They meet, and their likeness reaches the threshold.")
    let twice = try asked(copies, [[1, 2, 3, 4, 5], [1, 2, 9, 9, 5]]) { _, _ in 0.79 }
    try demand(
      twice.found == [nil, nil] && twice.pairs == [[1, 0]],
      "They meet twice. Is one comparison not enough?")
    let unlike = try asked(copies, [[1, 2, 3, 4], [1, 2, 9, 9]]) { _, _ in 0.5 }
    try demand(
      unlike.found == [nil, nil] && unlike.pairs.count == 1,
      "They meet, but are not alike. Is a meeting a proof?")
    let last = try asked(copies, [[1, 2, 7], [3, 4, 7]]) { _, _ in 1 }
    try demand(last.found == [nil, 0], "The last band is shorter. Is it no band?")
    // 1 copies 0, 2 is near 1 and far from 0.
    let chain = try asked(copies, [[1, 1, 2, 2], [1, 1, 3, 3], [4, 4, 3, 3]]) {
      abs($0 - $1) == 1 ? 0.9 : 0.1
    }
    try demand(
      chain.found == [nil, 0, nil] && chain.pairs == [[1, 0]],
      "The second document was thrown away. Can the third be a copy of it?")
    let several = try asked(copies, [[1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 2, 2]]) { _, _ in 0.9 }
    try demand(
      several.found == [nil, nil, 0] && several.pairs == [[2, 0]],
      "A document is alike to two. Which is asked first, and when is it enough?")
    try demand(
      try asked(copies, []) { _, _ in 1 }.found.isEmpty, "No document has no copy.")
  }

  /// Twenty thousand documents, of which some are near copies of earlier ones.
  private static func demandMany(_ copies: Copies) throws {
    var generator = SplitMix64(seed: 5)
    var (signatures, origins): ([[UInt32]], [Int?]) = ([], [])
    for number in 0..<20_000 {
      let isCopy = number > 0 && Draw.below(20, using: &generator) == 0
      var original: Int?
      var signature = (0..<24).map { _ in UInt32(Draw.below(1 << 20, using: &generator)) }
      if isCopy {
        var place = Draw.below(number, using: &generator)
        while let earlier = origins[place] { place = earlier }
        original = place
        signature = signatures[place]
        signature[Draw.below(24, using: &generator)] &+= 1
      }
      signatures.append(signature)
      origins.append(original)
    }
    var count = 0
    let limit = 40_000
    let found = try copies(signatures, 6, 0.8) { document, earlier in
      count += 1
      try demand(
        count < limit, "Twenty thousand documents, and \(limit) comparisons. Who was asked?")
      return origins[document] == earlier || origins[earlier] == document ? 0.9 : 0
    }
    try demand(found == origins, "Some of twenty thousand documents were judged wrongly.")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
