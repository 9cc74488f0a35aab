import ExerciseKit
import Exercises03
import Solutions03
import TestSupport
import Testing

@Suite struct `Exercise 3.2` {
  static let exercise = Exercise<Fold>(
    "3.2",
    yours: Exercises03.foldedFactors(
      contentWidth:rotaryWidth:factor:mscale:mscaleAllDim:engineScale:),
    solution: Solutions03.foldedFactors(
      contentWidth:rotaryWidth:factor:mscale:mscaleAllDim:engineScale:),
    mutants: [
      "forgets m²": Mutants3_2.forgetsSharpening,
      "sharpens by m instead of m²": Mutants3_2.sharpensOnce,
      "takes the root of the content width": Mutants3_2.countsContent,
      "sharpens cosines as well": Mutants3_2.sharpensTwice,
      "forgets the key's amplitude": Mutants3_2.forgetsKey,
    ]
  ) { answer in
    let plain = try answer(128, 64, 1, 1, 1, 1 / 128.0.squareRoot())
    try demandClose(
      plain.content, 0.816496580927726, within: 1e-12,
      "Nothing is stretched: what takes an engine from 1/√128 to the width of a whole query?")
    let v3 = try answer(128, 64, 40, 1, 1, 1)
    try demandClose(
      v3.content, 0.1352337788608801, within: 1e-12, "V3: is m squared, and is it there at all?"
    )
    try demandClose(
      v3.rotary, v3.content, within: 1e-12,
      "V3: with equal constants the amplitude is 1; have the cosines been sharpened too?")
    let v2 = try answer(128, 64, 40, 0.707, 0.707, 1 / 192.0.squareRoot())
    try demandClose(
      v2.content, 1.5896261651208736, within: 1e-12, "V2: which constant makes m?")
    let uneven = try answer(128, 64, 40, 1, 0.5, 1 / 192.0.squareRoot())
    try demandClose(
      uneven.content, 1.4029075244788534, within: 1e-9,
      "Unequal constants: which one sharpens all entries?")
    try demandClose(
      uneven.rotary, 1.8738542070926265, within: 1e-9,
      "Unequal constants: a rotary product has cosines on both sides, has it not?")
  }

  typealias Fold =
    @Sendable (Int, Int, Double, Double, Double, Double) throws -> (
      content: Double, rotary: Double
    )

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
