import ExerciseKit
import Exercises09
import Foundation
import Solutions09
import TestSupport
import Testing

@Suite struct `Exercise 9.2` {
  typealias Sent = (token: Int, share: Double)
  typealias Answer =
    @Sendable (_ z: [Double], _ sent: [Sent]) throws -> (loss: Double, gradient: [Double])

  static let exercise = Exercise<Answer>(
    "9.2", yours: Exercises09.likeliest(student:teacher:),
    solution: Solutions09.likeliest(student:teacher:),
    mutants: [
      "renormalises": Mutants9_2.renormalises(student:teacher:),
      "cuts the vocabulary": Mutants9_2.cutsTheVocabulary(student:teacher:),
      "drops the rest": Mutants9_2.dropsTheRest(student:teacher:),
      "spreads the rest": Mutants9_2.spreadsTheRest(student:teacher:),
      "forgets the slope": Mutants9_2.forgetsTheSlope(student:teacher:),
      "subtracts": Mutants9_2.subtracts(student:teacher:),
      "lumps rounding": Mutants9_2.lumpsRounding(student:teacher:),
    ]
  ) { answer in
    // The student gives .2, .3, .4 and .1; the teacher gives .5 and .3, and .2 to the others.
    let easy = try answer([0.2, 0.3, 0.4, 0.1].map { log($0) }, [(0, 0.5), (2, 0.3)])
    try demandClose(
      easy.loss, 0.5 * log(2.5) + 0.3 * log(0.75) + 0.2 * log(0.5), within: 1e-9,
      "Three terms: two tokens were sent, and the others are one lump. How much has each side in it?"
    )
    try demandClose(
      easy.gradient, [-0.3, 0.15, 0.1, 0.05], within: 1e-9,
      "A lump has a logit like any token, log Σ exp z. How much of it moves with each of its own?"
    )
    try demandMatches(answer)
    try demandEdges(answer)
  }

  private static func demandMatches(
    _ answer: ([Double], [Sent]) throws -> (loss: Double, gradient: [Double])
  ) throws {
    let z = [0.3, -1.2, 2.0, 0.7, -0.4, 1.1]
    for sent: [Sent] in [
      [(4, 0.6), (1, 0.25), (2, 0.1)], [(3, 0.9)], [(0, 0.4), (5, 0.6)],
      [(0, 0.4), (1, 0), (5, 0.3)],
      [],
    ] {
      let found = try answer(z, sent)
      try demand(found.gradient.count == 6, "Has each logit a slope?")
      try demandClose(
        found.loss, loss(z, sent), within: 1e-9,
        "\(sent.count) tokens were sent: does the loss agree with its definition?")
      try demand(found.loss >= 0, "May a divergence be negative?")
      let slopes = z.indices.map { j in
        var (up, down) = (z, z)
        up[j] += 1e-5
        down[j] -= 1e-5
        return (loss(up, sent) - loss(down, sent)) / 2e-5
      }
      try demandClose(
        found.gradient, slopes, within: 1e-7,
        "\(sent.count) tokens were sent: does the gradient agree with central differences?")
    }
  }

  private static func demandEdges(
    _ answer: ([Double], [Sent]) throws -> (loss: Double, gradient: [Double])
  ) throws {
    let hint = "All was sent, but for rounding. What is left in the lump?"
    for rounding in [0, 2e-7, -2e-7] {
      let all = try answer([0, 0], [(1, 0.75), (0, 0.25 - rounding)])
      try demandClose(all.loss, 0.1308, within: 1e-4, hint)
      try demandClose(all.gradient, [0.25, -0.25], within: 1e-4, hint)
    }
    let most = try answer([0, 0, -30], [(0, 0.5), (1, 0.5 + 1e-7)])
    try demandClose(most.loss, 0, within: 1e-5, hint)

    // exp(−1000) is no number, and 1 − exp(−40) is 1.
    for gap in [40.0, 1000] {
      let sure = try answer([gap, 0, 0], [(0, 0.5)])
      try demandClose(
        sure.loss, -log(2) + 0.5 * (gap - log(2)), within: 1e-9 * gap,
        "A student is sure: what is log S_rest, if S_rest is formed from the logits of the others?"
      )
      try demandClose(
        sure.gradient, [0.5, -0.25, -0.25], within: 1e-9,
        "A student is sure: how do the others share the slope of the lump?")
    }
    let high = try answer([1000, 1000, -1000], [(0, 0.5)])
    try demandClose(high.loss, 0, within: 1e-9, "What is exp 1000, and do you need it?")
    try demandClose(
      high.gradient, [0, 0, 0], within: 1e-9, "Both halves agree. Who is pulled?")
  }

  /// L by its definition, for logits of moderate size.
  private static func loss(_ z: [Double], _ sent: [Sent]) -> Double {
    let sum = z.reduce(0) { $0 + exp($1) }
    var (loss, said, rest) = (0.0, Set<Int>(), 1.0)
    for (token, share) in sent {
      said.insert(token)
      rest -= share
      if share > 0 { loss += share * log(share * sum / exp(z[token])) }
    }
    guard rest > 1e-6 else { return loss }
    let others = z.indices.reduce(0) { $0 + (said.contains($1) ? 0 : exp(z[$1])) }
    return loss + rest * log(rest * sum / others)
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
