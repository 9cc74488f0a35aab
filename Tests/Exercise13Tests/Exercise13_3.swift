import ExerciseKit
import Exercises13
import Solutions13
import Tensors
import TestSupport
import Testing

@Suite struct `Exercise 13.3` {
  typealias Answer =
    @Sendable (
      _ packed: [UInt8], _ scales: [Double], _ rows: Int, _ columns: Int, _ group: Int,
      _ x: [Double]
    ) throws -> [Double]

  static let exercise = Exercise<Answer>(
    "13.3", yours: Exercises13.nibbleProduct(_:scales:rows:columns:group:_:),
    solution: Solutions13.nibbleProduct(_:scales:rows:columns:group:_:),
    mutants: [
      "leaves it": Mutants13_3.leavesIt(_:scales:rows:columns:group:_:),
      "leaves the sign": Mutants13_3.leavesTheSign(_:scales:rows:columns:group:_:),
      "leaves the axis": Mutants13_3.leavesTheAxis(_:scales:rows:columns:group:_:),
      "leaves the odd column": Mutants13_3.leavesTheOddColumn(_:scales:rows:columns:group:_:),
      "groups the rows": Mutants13_3.groupsTheRows(_:scales:rows:columns:group:_:),
      "lifts the codes": Mutants13_3.liftsTheCodes(_:scales:rows:columns:group:_:),
      "drops the sign": Mutants13_3.dropsTheSign(_:scales:rows:columns:group:_:),
      "swaps the halves": Mutants13_3.swapsTheHalves(_:scales:rows:columns:group:_:),
    ]
  ) { answer in
    // Codes 1 −2 in the first row, 7 −1 in the second.
    let easy = try answer([0xE1, 0xF7], [0.5, 2], 2, 2, 2, [3, 1])
    try demandClose(
      easy, [0.5, 40], within: 1e-12,
      "Which half belongs to the earlier column, and which number is half a byte of 14?")
    try demandClose(
      try answer([0x08], [1], 1, 1, 1, [1]), [-8], within: 1e-12,
      "Which number is half a byte of 8, with codes from −8 to 7?")
    try demandClose(
      try answer([0x11, 0x11], [1, 10, 100, 1000], 2, 2, 1, [1, 2]), [21, 2100], within: 1e-9,
      "Four scales, two a row. Which is the second one for?")
    try demandClose(
      try answer([0x21, 0x03, 0x54, 0x06], [1, 1], 2, 3, 3, [1, 1, 1]), [6, 15], within: 1e-9,
      "Three columns: with which byte does the second row begin?")
    var generator = SplitMix64(seed: 3)
    for (rows, columns, group) in [(3, 8, 4), (4, 7, 2), (5, 5, 3), (2, 9, 32), (1, 6, 2)] {
      let groups = (columns + group - 1) / group
      let codes = (0..<rows * columns).map { _ in Int(generator.next() % 16) - 8 }
      let scales = (0..<rows * groups).map { _ in 0.1 + Double(generator.uniform()) }
      let x = (0..<columns).map { _ in Double(generator.uniform()) - 0.5 }
      let wanted = (0..<rows).map { i in
        (0..<columns).reduce(0.0) {
          $0 + Double(codes[i * columns + $1]) * scales[i * groups + $1 / group] * x[$1]
        }
      }
      try demandClose(
        try answer(packed(codes, rows, columns), scales, rows, columns, group, x), wanted,
        within: 1e-9, "\(rows) × \(columns) in groups of \(group): follow one weight by hand.")
    }
  }

  /// Packs row by row; a half that says nothing is full of ones.
  private static func packed(_ codes: [Int], _ rows: Int, _ columns: Int) -> [UInt8] {
    (0..<rows).flatMap { row -> [UInt8] in
      stride(from: 0, to: columns, by: 2).map { column in
        let low = codes[row * columns + column] & 15
        let high = column + 1 < columns ? codes[row * columns + column + 1] & 15 : 15
        return UInt8(low | high << 4)
      }
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
