import ExerciseKit
import Exercises06
import Solutions06
import TestSupport
import Testing

@Suite struct `Exercise 6.4` {
  typealias Answer = @Sendable ([Float]) throws -> (numbers: [Float], scale: Float)

  static let exercise = Exercise<Answer>(
    "6.4", yours: Exercises06.encoded(_:), solution: Solutions06.encoded(_:),
    mutants: [
      "is the code as it was found": Mutants6_4.asFound(_:),
      "forgets the floor": Mutants6_4.forgetsTheFloor(_:),
      "takes the smaller": Mutants6_4.takesTheSmaller(_:),
      "rounds the scale late": Mutants6_4.roundsLate(_:),
      "raises the scale": Mutants6_4.raisesTheScale(_:),
      "turns the scale over": Mutants6_4.turnsTheScaleOver(_:),
    ]
  ) { answer in
    let whole = try answer([448, -1.0625, 0])
    try demand(whole.scale == 1, "The largest is 448. By what is it to be divided?")
    try demand(whole.numbers == [448, -1, 0], "Are these the nearest numbers of E4M3?")
    let half = try answer([300, 10])
    try demand(
      half.scale == 1, "300 / 448 is 0.67. Which power of two is not less?")
    try demand(
      half.numbers == [288, 10], "Were the numbers divided by the scale that is stored?")
    let small = try answer([0.001, -0.0005])
    try demand(
      small.scale == 0x1p-18,
      "0.001 / 448 is 2.2 · 10⁻⁶. Does anything keep the scale above it?")
    try demand(small.numbers == [256, -128], "0.001 / 2⁻¹⁸ is 262: what is left of it?")
    let none = try answer([0, 0, 0])
    try demand(
      none.numbers == [0, 0, 0] && none.scale.isFinite && none.scale > 0,
      "What are zeros divided by?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
