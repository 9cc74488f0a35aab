import ExerciseKit
import Exercises10
import Foundation
import Solutions10
import Tensors
import TestSupport
import Testing

@Suite struct `Exercise 10.4` {
  static let exercise = Exercise<@Sendable (_ losses: [Double]) throws -> [Int]>(
    "10.4", yours: Exercises10.spikes(in:), solution: Solutions10.spikes(in:),
    mutants: [
      "leaves it": Mutants10_4.leavesIt(in:),
      "looks at itself": Mutants10_4.looksAtItself(in:),
      "takes means": Mutants10_4.takesMeans(in:),
      "takes the spread": Mutants10_4.takesTheSpread(in:),
      "forgets the root": Mutants10_4.forgetsTheRoot(in:),
      "remembers spikes": Mutants10_4.remembersSpikes(in:),
      "passes nothing": Mutants10_4.passesNothing(in:),
      "forgets the tenth": Mutants10_4.forgetsTheTenth(in:),
      "looks both ways": Mutants10_4.looksBothWays(in:),
      "judges early": Mutants10_4.judgesEarly(in:),
    ]
  ) { answer in
    // Neighbours differ by .2: the deviation is 1.4826 · .2 / √2 = .2097, and eight are 1.677.
    let steady = (0..<40).map { step -> Double in 2 + (step % 2 == 0 ? 0.1 : -0.1) }
    func demandSpikes(_ losses: [Double], _ wanted: [Int], _ hint: String) throws {
      let found = try answer(losses)
      try demand(found == wanted, "\(hint) (found \(found))")
    }
    try demandSpikes(steady, [], "2 ± 0.1 is noise.")
    try demandSpikes(
      steady + [3.7], [40],
      "A loss of 3.7 behind forty of 2 ± 0.1: is it among the numbers that it is compared with?"
    )
    try demandSpikes(
      steady + [3.67], [],
      "A loss of 3.67 is less than eight deviations away. Whose median, and whose differences?")
    try demandSpikes(
      steady + [2.1, 3.7], [41], "Is a loss among the sixteen whose median it exceeds?")
    try demandSpikes(
      steady + [3.6, 3.7], [41],
      "A high loss that was good moves a mean. Does it move a median?")
    try demandSpikes(
      steady + [9, 8, 2, 7], [40, 41, 43], "Does the first spike excuse the second?")
    try demandSpikes(
      steady + [Double](repeating: 9, count: 12), Array(40..<52),
      "Twelve spikes in a row: is the last a good loss because of those before it?")
    try demandSpikes(
      [.nan] + steady + [.nan, 2, .infinity], [0, 41, 43],
      "Is NaN greater than anything? And must it wait for 32 good losses?")
    try demandSpikes(
      Array(steady[..<31]) + [9], [], "31 good losses are too few to judge by.")
    try demandSpikes(steady + [0.01], [], "The loss fell. Is that a fault?")
    let flat = [Double](repeating: 1, count: 40)
    try demandSpikes(
      flat + [1.09, 1.11], [41], "A quiet curve: how much is a tenth of the median?")
    let falling = (0..<90).map { step -> Double in
      10 - 0.1 * Double(step) + (step % 2 == 0 ? 0.02 : -0.02)
    }
    try demandSpikes(falling + [7], [90], "A falling curve: is its fall noise?")
    for seed in 0..<40 {
      var generator = SplitMix64(seed: UInt64(seed))
      var losses = (0..<300).map { step -> Double in
        0.8 + 5 * exp(-Double(step) / 40) + 0.05 * generator.normal()
      }
      try demandSpikes(losses, [], "Curve \(seed) has no spike.")
      losses[60 + 5 * seed] += 3
      try demandSpikes(losses, [60 + 5 * seed], "Curve \(seed) has one spike.")
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
