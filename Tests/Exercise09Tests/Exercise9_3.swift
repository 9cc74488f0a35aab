import ExerciseKit
import Exercises09
import Solutions09
import TestSupport
import Testing

@Suite struct `Exercise 9.3` {
  typealias Row = (loss: Double, slope: Double, isTrained: Bool)
  typealias Answer = @Sendable (_ parts: [[Row]]) throws -> (loss: Double, slope: Double)

  static let exercise = Exercise<Answer>(
    "9.3", yours: Exercises09.stepMean(_:), solution: Solutions09.stepMean(_:),
    mutants: [
      "leaves it": Mutants9_3.leavesIt(_:),
      "skips empty parts": Mutants9_3.skipsEmptyParts(_:),
      "counts empty parts": Mutants9_3.countsEmptyParts(_:),
      "counts all rows": Mutants9_3.countsAllRows(_:),
      "multiplies": Mutants9_3.multiplies(_:),
      "sums the slopes": Mutants9_3.sumsTheSlopes(_:),
      "divides by nothing": Mutants9_3.dividesByNothing(_:),
      "hides what broke": Mutants9_3.hidesWhatBroke(_:),
    ]
  ) { answer in
    let (a, b, c, d): (Row, Row, Row, Row) = (
      (4, 8, true), (1, -3, true), (1, 2, true), (2, 1, true)
    )
    let idle: Row = (5, 5, false)
    let ways: [[[Row]]] = [
      [[a, b, c, d]], [[a], [b, c, d]], [[a, b, c], [d]],
      [[b, idle, c, idle], [d, idle], [a]],
      [[a, b], [idle, idle], [c, d]], [[], [a, b, c, d, idle]],
    ]
    for (number, parts) in ways.enumerated() {
      let found = try answer(parts)
      let hint = "Way \(number) to part four rows: what is summed, and what is it divided by? "
      try demandClose(found.loss, 2, within: 1e-12, hint + "The loss")
      try demandClose(found.slope, 2, within: 1e-12, hint + "The slope")
    }

    let padded = try answer([
      [a, (.infinity, .nan, false)], [b, c], [(.nan, -.infinity, false)], [d],
    ])
    try demandClose(
      padded.loss, 2, within: 1e-12, "What is 0 times infinity, and must a row be multiplied?")
    try demandClose(padded.slope, 2, within: 1e-12, "What is 0 times NaN?")

    for parts: [[Row]] in [[], [[]], [[idle], [idle, idle]]] {
      try demand(
        try answer(parts) == (0, 0),
        "Nothing was trained: may anything be divided by the count?")
    }

    let loud = try answer([[a, b], [c, (.infinity, 1, true)]])
    try demand(
      loud.loss == .infinity && loud.slope == 2,
      "A trained row has an infinite loss. Does the caller hear of it?")
    try demand(
      try answer([[a, (1, .nan, true)]]).slope.isNaN,
      "A trained row has the slope NaN. Does the caller hear of it?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
