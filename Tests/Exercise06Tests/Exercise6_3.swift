import ExerciseKit
import Exercises06
import Solutions06
import TestSupport
import Testing

@Suite struct `Exercise 6.3` {
  static let exercise = Exercise<@Sendable (Float) throws -> UInt8>(
    "6.3", yours: Exercises06.scaleCode(_:), solution: Solutions06.scaleCode(_:),
    mutants: [
      "takes a logarithm": Mutants6_3.takesALogarithm(_:),
      "masks too few bits": Mutants6_3.masksTooFew(_:),
      "rounds down": Mutants6_3.roundsDown(_:),
      "rounds to the nearest": Mutants6_3.roundsToTheNearest(_:),
      "adds always": Mutants6_3.addsAlways(_:),
    ]
  ) { answer in
    try demand(try answer(1) == 127, "1 is 2⁰. What is added to the exponent?")
    try demand(try answer(3) == 129, "Is 4 not the smallest power that is not less than 3?")
    for exponent in -126..<127 {
      let power = Float(sign: .plus, exponent: exponent, significand: 1)
      let code = UInt8(exponent + 127)
      try demand(try answer(power) == code, "2^\(exponent): is a power of two its own scale?")
      for bit in 0..<23 {
        let larger = Float(bitPattern: power.bitPattern | 1 << bit)
        try demand(
          try answer(larger) == code + 1,
          "2^\(exponent) with bit \(bit) of the fraction: is the next power needed?")
      }
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
