import Foundation

/// The answer to exercise 9.4.
///
/// Why this way: three mistakes, one for each symptom. β weighs the teacher in M; the other way round
/// the two ends change places, and the gradient is not even that of the loss. τ² is on the loss, and the
/// chain rule through z / τ takes one τ back, so the gradient has τ. And 0 log 0 has to be said.
///
/// One thing that looks like a mistake is none. M depends on the student, in both halves, and the
/// gradient takes it for a constant. Along the share of a token the halves owe −(1 − β) β T / M and
/// −(1 − β) (1 − β) S / M to M; together −(1 − β), the same for all tokens, and a softmax does not feel
/// what is the same for all. Who drops the first half, because the teacher does not learn, must not let
/// M move in the second.
public func betweenTheTwo(
  student z: [Double], teacher u: [Double], beta: Double, temperature: Double
) throws -> (loss: Double, gradient: [Double]) {
  Between().loss(z, u, beta, temperature)
}

/// The rule, and what mutants change of it.
private struct Between {
  var swapsM = false
  /// By what power of τ the gradient is multiplied, and the loss.
  var powers = (gradient: 1.0, loss: 2.0)
  var knowsNothing = true
  var cutsTheTeacher = false
  var heatsBoth = true
  var flips = false

  func loss(
    _ z: [Double], _ u: [Double], _ beta: Double, _ temperature: Double
  ) -> (loss: Double, gradient: [Double]) {
    let s = shares(z.map { $0 / temperature })
    let t = shares(u.map { $0 / (heatsBoth ? temperature : 1) })
    let weight = swapsM ? 1 - beta : beta
    let m = zip(t, s).map { t, s in weight * t + (1 - weight) * s }
    let (fromTeacher, fromStudent) = flips ? (mean(m, t), mean(m, s)) : (mean(t, m), mean(s, m))
    let scale = pow(temperature, powers.gradient)
    var slope = zip(s, m).map { s, m in term(s, m) - (s > 0 ? fromStudent : 0) * s }
    if cutsTheTeacher { slope = pull(s, m, beta) }
    return (
      pow(temperature, powers.loss) * (beta * fromTeacher + (1 - beta) * fromStudent),
      slope.map { scale * (1 - beta) * $0 }
    )
  }

  private func term(_ p: Double, _ q: Double) -> Double {
    p == 0 && knowsNothing ? 0 : p * log(p / q)
  }

  private func mean(_ p: [Double], _ q: [Double]) -> Double {
    zip(p, q).reduce(0) { $0 + term($1.0, $1.1) }
  }

  /// The gradient of KL(S ‖ M) alone, in which M moves.
  private func pull(_ s: [Double], _ m: [Double], _ beta: Double) -> [Double] {
    let along = zip(s, m).map { s, m in s == 0 ? 0 : log(s / m) + 1 - (1 - beta) * s / m }
    let mean = zip(s, along).reduce(0) { $0 + $1.0 * $1.1 }
    return zip(s, along).map { $0 * ($1 - mean) }
  }

  private func shares(_ logits: [Double]) -> [Double] {
    let highest = logits.max() ?? 0
    let weights = logits.map { exp($0 - highest) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}

/// Wrong answers to exercise 9.4.
public enum Mutants9_4 {
  /// What the exercise asks for.
  public typealias Answer = (loss: Double, gradient: [Double])

  /// Leaves all three mistakes.
  public static func leavesIt(
    student z: [Double], teacher u: [Double], beta: Double, temperature: Double
  ) throws -> Answer {
    Between(swapsM: true, powers: (2, 2), knowsNothing: false).loss(z, u, beta, temperature)
  }

  /// Weighs the student in M with β.
  public static func turnsTheMixture(
    student z: [Double], teacher u: [Double], beta: Double, temperature: Double
  ) throws -> Answer { Between(swapsM: true).loss(z, u, beta, temperature) }

  /// Forgets the chain rule through z / τ.
  public static func forgetsTheChain(
    student z: [Double], teacher u: [Double], beta: Double, temperature: Double
  ) throws -> Answer { Between(powers: (2, 2)).loss(z, u, beta, temperature) }

  /// Leaves τ² out, so that a hot run learns little.
  public static func leavesTheSquareOut(
    student z: [Double], teacher u: [Double], beta: Double, temperature: Double
  ) throws -> Answer { Between(powers: (-1, 0)).loss(z, u, beta, temperature) }

  /// Does not say what 0 log 0 is.
  public static func meetsNothing(
    student z: [Double], teacher u: [Double], beta: Double, temperature: Double
  ) throws -> Answer { Between(knowsNothing: false).loss(z, u, beta, temperature) }

  /// Drops the teacher's half of the gradient, and lets M move in the other.
  public static func cutsTheTeacher(
    student z: [Double], teacher u: [Double], beta: Double, temperature: Double
  ) throws -> Answer { Between(cutsTheTeacher: true).loss(z, u, beta, temperature) }

  /// Heats the student alone.
  public static func heatsOne(
    student z: [Double], teacher u: [Double], beta: Double, temperature: Double
  ) throws -> Answer { Between(heatsBoth: false).loss(z, u, beta, temperature) }

  /// Measures from M, as a library function does whose arguments are the other way round.
  public static func measuresFromM(
    student z: [Double], teacher u: [Double], beta: Double, temperature: Double
  ) throws -> Answer { Between(flips: true).loss(z, u, beta, temperature) }
}
