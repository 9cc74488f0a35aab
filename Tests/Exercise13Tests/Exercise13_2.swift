import ExerciseKit
import Exercises13
import Solutions13
import Tensors
import TestSupport
import Testing

@Suite struct `Exercise 13.2` {
  typealias Answer =
    @Sendable (_ group: [Double], _ bits: Int) throws ->
    (scale: Double, zero: Int, codes: [Int])

  static let exercise = Exercise<Answer>(
    "13.2", yours: Exercises13.roundedGroup(_:bits:),
    solution: Solutions13.roundedGroup(_:bits:),
    mutants: [
      "rounds after the fact": Mutants13_2.roundsAfterTheFact(_:bits:),
      "leaves zero out": Mutants13_2.leavesZeroOut(_:bits:),
      "mirrors": Mutants13_2.mirrors(_:bits:),
      "counts codes": Mutants13_2.countsCodes(_:bits:),
      "clips nothing": Mutants13_2.clipsNothing(_:bits:),
      "cuts off": Mutants13_2.cutsOff(_:bits:),
      "rounds zero down": Mutants13_2.roundsZeroDown(_:bits:),
      "spoils zeros": Mutants13_2.spoilsZeros(_:bits:),
    ]
  ) { answer in
    let easy = try answer([0, 0.25, 1, 3.75], 4)
    try demandClose(easy.scale, 0.25, within: 1e-12, "How many steps lie between 16 codes?")
    try demand(easy.zero == 0 && easy.codes == [0, 1, 4, 15], "Is 0.25 one step here?")

    let low = try answer([-3, -1.5], 2)
    try demandClose(low.scale, 1, within: 1e-12, "The largest number is 0, whoever is there.")
    try demand(
      low.zero == 3 && (low.codes == [0, 1] || low.codes == [0, 2]),
      "Which code stands for 0, if −3 has the first?")

    for count in [1, 4] {
      let zeros = try answer([Double](repeating: 0, count: count), 4)
      try demand(
        zeros.scale == 1 && zeros.codes == [Int](repeating: zeros.zero, count: count),
        "A group of zeros: what is 0 / 0?")
    }
    // −low / s and high / s both end in a half, and both round away from zero.
    try demandKept(answer, [-0.5, 14.5, 0], bits: 4)
    var generator = SplitMix64(seed: 13)
    for bits in 2...8 {
      for _ in 0..<40 {
        let (shift, size) = (4 * generator.uniform() - 2, 0.1 + 3 * generator.uniform())
        let group = (0..<12).map { _ in shift + size * (generator.uniform() - 0.5) }
        try demandKept(answer, group.map { Double($0) } + [0], bits: bits)
      }
    }
  }

  private static func demandKept(_ answer: Answer, _ group: [Double], bits: Int) throws {
    let (scale, zero, codes) = try answer(group, bits)
    let place = "\(bits) bits for \(group.prefix(3))…: "
    let (low, high) = (min(0, group.min() ?? 0), max(0, group.max() ?? 0))
    let last = 1 << bits - 1
    try demandClose(
      scale, (high - low) / Double(last), within: 1e-9 * scale.magnitude,
      place + "which numbers bound the range, and how many steps has it?")
    try demand(codes.count == group.count, place + "has each number a code?")
    try demand(
      (0...last).contains(zero) && codes.allSatisfy((0...last).contains),
      place + "are z and all q among the 2ᵇ codes? (found \(zero) and \(codes))")
    for (x, code) in zip(group, codes) {
      let error = abs(Double(code - zero) * scale - x) / scale
      try demand(
        error <= 0.5 + 1e-9,
        place
          + "a number is \(error) steps off. From which z are the codes counted, and by which are they read?"
      )
      try demand(x != 0 || code == zero, place + "is 0 still 0?")
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
