import ExerciseKit
import Exercises06
import Solutions06
import TestSupport
import Testing

@Suite struct `Exercise 6.2` {
  static let exercise = Exercise<@Sendable (Float) throws -> UInt8>(
    "6.2", yours: Exercises06.eightBits(_:), solution: Solutions06.eightBits(_:),
    mutants: [
      "rounds ties away from zero": Mutants6_2.roundsAway(_:),
      "rounds twice": Mutants6_2.roundsTwice(_:),
      "overflows": Mutants6_2.overflows(_:),
      "has no subnormal numbers": Mutants6_2.flushes(_:),
      "drops the carry": Mutants6_2.dropsTheCarry(_:),
      "loses the sign of a zero": Mutants6_2.losesASign(_:),
    ]
  ) { answer in
    try demand(try answer(1.25) == 0x3A, "1.25 is 0 0111 010. Is that what you return?")
    try demand(try answer(126.24) == 0x70, "126.24 rounds to 128. Who carries to the exponent?")
    for code in 0..<UInt8(0x7E) {
      let (low, high) = (number(of: code), number(of: code + 1))
      let middle = (low + high) / 2
      let even = code & 1 == 0 ? code : code + 1
      let place = "between \(low) and \(high)"
      for (sign, bit) in [(1, 0), (-1, 0x80)] as [(Float, UInt8)] {
        try demand(
          try answer(sign * low) == code | bit, "Is \(sign * low) not a number of E4M3?")
        try demand(
          try answer(sign * middle) == even | bit, "\(sign * middle): a tie \(place). Who wins?"
        )
        try demand(
          try answer(sign * middle.nextUp) == (code + 1) | bit,
          "\(sign * middle.nextUp): beyond the tie \(place), by one bit of FP32. Is it still seen?"
        )
        try demand(
          try answer(sign * middle.nextDown) == code | bit,
          "\(sign * middle.nextDown): not quite the tie \(place). Is it rounded up?")
      }
    }
    for large in [448, 464, 464.5, 480, 1e9, .infinity] as [Float] {
      try demand(
        try answer(large) == 0x7E && answer(-large) == 0xFE, "\(large): what is too large?")
    }
    try demand(try answer(.nan) & 0x7F == 0x7F, "What is the code of a NaN?")
    try demand(try answer(-1e-30) == 0x80, "Does a very small number keep its sign?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

/// The number of a code without sign, by the definition.
private func number(of code: UInt8) -> Float {
  let (field, fraction) = (Int(code >> 3), Float(code & 7) / 8)
  let power = Float(sign: .plus, exponent: max(field, 1) - 7, significand: 1)
  return power * (field == 0 ? fraction : 1 + fraction)
}
