import ExerciseKit
import Exercises09
import Foundation
import Solutions09
import TestSupport
import Testing

@Suite struct `Exercise 9.4` {
  typealias Answer =
    @Sendable (_ z: [Double], _ u: [Double], _ beta: Double, _ temperature: Double) throws ->
    (loss: Double, gradient: [Double])

  static let exercise = Exercise<Answer>(
    "9.4", yours: Exercises09.betweenTheTwo(student:teacher:beta:temperature:),
    solution: Solutions09.betweenTheTwo(student:teacher:beta:temperature:),
    mutants: [
      "leaves it": Mutants9_4.leavesIt(student:teacher:beta:temperature:),
      "turns the mixture": Mutants9_4.turnsTheMixture(student:teacher:beta:temperature:),
      "forgets the chain": Mutants9_4.forgetsTheChain(student:teacher:beta:temperature:),
      "leaves the square out": Mutants9_4.leavesTheSquareOut(student:teacher:beta:temperature:),
      "meets nothing": Mutants9_4.meetsNothing(student:teacher:beta:temperature:),
      "cuts the teacher": Mutants9_4.cutsTheTeacher(student:teacher:beta:temperature:),
      "heats one": Mutants9_4.heatsOne(student:teacher:beta:temperature:),
      "measures from M": Mutants9_4.measuresFromM(student:teacher:beta:temperature:),
    ]
  ) { answer in
    let z = [0.4, -1.1, 0.9, 2.0, -0.3]
    let u = [1.5, 0.2, -0.8, 0.1, -2.0]
    for beta in [0.5, 0.1, 0.9] {
      try demandClose(
        try answer(z, u, beta, 1).loss, loss(z, u, beta, 1), within: 1e-12,
        "β = \(beta), τ = 1: whom does β weigh in M, and from where to where is measured?")
    }
    for temperature in [1.0, 4, 0.5] {
      for beta in [0.5, 0.1, 0.9] {
        let found = try answer(z, u, beta, temperature)
        let place = "β = \(beta), τ = \(temperature): "
        try demandClose(
          found.loss, loss(z, u, beta, temperature), within: 1e-10,
          place + "which logits are divided by τ, and what is multiplied by τ²?")
        try demandClose(
          found.gradient, slopes(z, u, beta, temperature), within: 1e-6,
          place
            + "the loss has τ². What does the chain rule through z / τ take back? And if you have "
            + "changed the derivative: what do both halves owe to M?")
      }
    }
    try demandClose(
      try answer(z, z, 0.3, 2).gradient, z.map { _ in 0 }, within: 1e-12,
      "The student is its teacher. Where should it go?")
    try demandForbidden(answer)
  }

  private static func demandForbidden(
    _ answer: ([Double], [Double], Double, Double) throws -> (loss: Double, gradient: [Double])
  ) throws {
    // Three fair tokens of the student, two of the teacher; the fourth is forbidden to both.
    let none = -Double.infinity
    let found = try answer([0, 0, 0, none], [0, 0, none, none], 0.5, 1)
    let hint = "A token with a logit of −∞: what is 0 log 0, and who says so?"
    let (third, half, mixed) = (1 / 3.0, 0.5, 5 / 12.0)
    let student = 2 * third * log(third / mixed) + third * log(2)
    try demandClose(found.loss, 0.5 * log(half / mixed) + 0.5 * student, within: 1e-12, hint)
    let low = 0.5 * third * (log(third / mixed) - student)
    try demandClose(found.gradient, [low, low, -2 * low, 0], within: 1e-12, hint)
    let silent = try answer([0, none], [0, 0], 0.5, 1)
    try demandClose(
      silent.gradient, [0, 0], within: 1e-12,
      "What can the student learn of what it never says?")
  }

  /// L by its definition.
  private static func loss(
    _ z: [Double], _ u: [Double], _ beta: Double, _ temperature: Double
  ) -> Double {
    let (s, t) = (shares(z, temperature), shares(u, temperature))
    var sum = 0.0
    for (s, t) in zip(s, t) {
      let m = beta * t + (1 - beta) * s
      sum += beta * t * log(t / m) + (1 - beta) * s * log(s / m)
    }
    return temperature * temperature * sum
  }

  private static func slopes(
    _ z: [Double], _ u: [Double], _ beta: Double, _ temperature: Double
  ) -> [Double] {
    z.indices.map { j in
      var (up, down) = (z, z)
      up[j] += 1e-5
      down[j] -= 1e-5
      return (loss(up, u, beta, temperature) - loss(down, u, beta, temperature)) / 2e-5
    }
  }

  private static func shares(_ logits: [Double], _ temperature: Double) -> [Double] {
    let weights = logits.map { exp($0 / temperature) }
    return weights.map { $0 / weights.reduce(0, +) }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
