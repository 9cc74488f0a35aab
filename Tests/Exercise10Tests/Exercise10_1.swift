import ExerciseKit
import Exercises10
import Foundation
import Solutions10
import TestSupport
import Testing

@Suite struct `Exercise 10.1` {
  static let exercise = Exercise<@Sendable () throws -> Mutants10_1.Answer>(
    "10.1", yours: Exercises10.course, solution: Solutions10.course,
    mutants: [
      "takes the mean": Mutants10_1.takesTheMean,
      "forgets the ramp": Mutants10_1.forgetsTheRamp,
      "counts steps": Mutants10_1.countsSteps,
      "stands still": Mutants10_1.standsStill,
      "counts twice": Mutants10_1.countsTwice,
    ]
  ) { answer in
    let (growing, all, warmupShare) = try answer()
    // The steps themselves, one after the other.
    let (first, full, end, tokens) = (3072.0, 15_360.0, 469e9, 14.8e12)
    var (seen, steps, early) = (0.0, 0.0, 0.0)
    while seen < end {
      seen += 4096 * (first + (full - first) * seen / end)
      steps += 1
      if steps == 2000 { early = seen / tokens }
    }
    try demandClose(
      growing / steps, 1, within: 0.01,
      "The growing steps: is the mean batch over the tokens also the mean over the steps?")
    try demandClose(
      all / (steps + (tokens - seen) / (4096 * full)), 1, within: 0.005,
      "All steps: how many tokens are left when the batch is full?")
    try demandClose(
      warmupShare / early, 1, within: 0.02,
      "The warm-up: how large are its batches, and what share of tokens is that?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
