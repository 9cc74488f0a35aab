import ExerciseKit
import Exercises05
import Solutions05
import TestSupport
import Testing

@Suite struct `Exercise 5.5` {
  typealias Answer = @Sendable (Int, [Double], [Double], Double, Double) throws -> Int

  static let exercise = Exercise<Answer>(
    "5.5", yours: Exercises05.judge(_:p:q:u:v:), solution: Solutions05.judge(_:p:q:u:v:),
    mutants: [
      "draws the replacement from p": Mutants5_5.resamplesFromTheModel(_:p:q:u:v:),
      "takes the distance for the maximum": Mutants5_5.forgetsTheMaximum(_:p:q:u:v:),
      "accepts by p alone": Mutants5_5.acceptsByProbability(_:p:q:u:v:),
      "accepts the likeliest token only": Mutants5_5.acceptsTheLikeliest(_:p:q:u:v:),
      "turns the ratio over": Mutants5_5.turnsTheRatioOver(_:p:q:u:v:),
      "forgets to divide by the sum": Mutants5_5.forgetsTheSum(_:p:q:u:v:),
    ]
  ) { answer in
    let (p, q) = ([0.25, 0.125, 0.625], [0.5, 0.25, 0.25])
    try demand(
      try answer(2, p, q, 0.99, 0) == 2,
      "Token 2 is drafted too seldom. Is it ever rejected?")
    try demand(
      try answer(0, p, q, 0.49, 0) == 0 && answer(0, p, q, 0.51, 0.5) != 0,
      "Token 0 is drafted twice too often. Which half of its drafts stands?")
    let other = (p: [0.4375, 0.3125, 0.25], q: [0.25, 0.25, 0.5])
    for (p, q) in [(p, q), other] {
      try demandClose(
        try outcome(answer, p, q), p, within: 1e-12,
        "Over all drafts and all u and v, is every token written as often as p says?")
    }
    try demand(
      try answer(1, [1, 0, 0], [0, 1, 0], 0, 0.9) == 0,
      "Greedy laws have one token each. What is written when they differ?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

/// How often each token is written, over every draft and a grid of u and v.
///
/// The laws are such that each cell of the grid lies on one side of every border.
private func outcome(
  _ answer: `Exercise 5.5`.Answer, _ p: [Double], _ q: [Double]
) throws -> [Double] {
  var counts = [Double](repeating: 0, count: p.count)
  let grid = (0..<16).map { (Double($0) + 0.5) / 16 }
  for x in p.indices {
    for u in grid { for v in grid { counts[try answer(x, p, q, u, v)] += q[x] / 256 } }
  }
  return counts
}
