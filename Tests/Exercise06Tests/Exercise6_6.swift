import ExerciseKit
import Exercises06
import FP8
import Solutions06
import Tensors
import TestSupport
import Testing

@Suite struct `Exercise 6.6` {
  typealias Answer = @Sendable ([Float], [Float], Int?) throws -> Float

  static let exercise = Exercise<Answer>(
    "6.6", yours: Exercises06.tensorCore(_:_:promotingEvery:),
    solution: Solutions06.tensorCore(_:_:promotingEvery:),
    mutants: [
      "rounds": Mutants6_6.rounds(_:_:promotingEvery:),
      "floors": Mutants6_6.floors(_:_:promotingEvery:),
      "leaves the sum out": Mutants6_6.leavesTheSumOut(_:_:promotingEvery:),
      "renormalises products": Mutants6_6.renormalises(_:_:promotingEvery:),
      "gives subnormal numbers exponents": Mutants6_6.normalisesTheSmall(_:_:promotingEvery:),
      "keeps the sum whole": Mutants6_6.keepsTheSumWhole(_:_:promotingEvery:),
      "counts twice": Mutants6_6.countsTwice(_:_:promotingEvery:),
      "never promotes": Mutants6_6.neverPromotes(_:_:promotingEvery:),
    ]
  ) { answer in
    let ones = [Float](repeating: 1, count: 32)
    try demand(try answer(ones, ones, nil) == 32, "32 ones are 32.")
    let (large, small) = (ones.map { _ in Float(256) }, ones.map { _ in Float(1.875) })
    let (first, second) = (large + small, ones.map { 2 * $0 } + ones)
    try demand(
      try answer(first, second, nil) == 16384,
      "The sum is 2¹⁴. Which part of 1.875 is a multiple of 2?")
    try demand(
      try answer(first.map { -$0 }, second, nil) == -16384, "Is a negative number cut to zero?")
    try demand(try answer(first, second, 32) == 16444, "What does a promotion save?")
    func sum(_ pairs: [(Float, Float)]) throws -> Float {
      let zeros = [Float](repeating: 0, count: 32 - pairs.count)
      return try answer(pairs.map(\.0) + zeros, pairs.map(\.1) + zeros, nil)
    }
    let tiny: (Float, Float) = (0x1p-6, 0x1p-7)
    try demand(
      try sum([(1.875, 1.875), tiny, tiny]) == 3.515625 + 0x1p-12,
      "1.875² is 3.5. Is its exponent that of its factors?")
    try demand(
      try sum([(1.875, 1.875), tiny]) == 3.515625,
      "3.515625 + 2⁻¹³ has 14 bits behind its leading one. What becomes of the last?")
    try demand(
      try sum([(0x1p-9, 256), (0x1p-6, 0x1p-6)]) == 0.5,
      "2⁻⁹ is subnormal. Which exponent has its product with 256, and what is 2⁻¹² beside it?")
    var generator = SplitMix64(seed: 6)
    for interval in [nil, 32, 128] as [Int?] {
      for _ in 0..<40 {
        let a = numbers(512, &generator), b = numbers(512, &generator)
        let rule = HopperAccumulator(promotingEvery: interval)
        let wanted = rule.product(
          Tensor(a, shape: [1, 512]), Tensor(b, shape: [1, 512])
        ).scalars[0]
        let found = try answer(a, b, interval)
        try demand(
          found == wanted,
          "Sixteen steps give \(wanted) and not \(found). Which rule is missing?")
      }
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

/// Numbers of E4M3 of all magnitudes, subnormal ones and zeros among them.
private func numbers(_ count: Int, _ generator: inout SplitMix64) -> [Float] {
  (0..<count).map { _ in
    let exponent = Int(generator.next() % 12) - 9
    let size = Double(sign: .plus, exponent: exponent, significand: 1)
    return Float(FloatFormat.e4m3.rounded(generator.normal() * size))
  }
}
