import Foundation

/// The answer to exercise 9.2.
///
/// Why this way: a lump is a token of its own, so L is an honest divergence: never negative, and never
/// above that of all tokens. The student is told how much to give to the others and is free to share
/// it among them: a logit of theirs gets S (1 − T_rest / S_rest), where each keeps its part of the
/// student's lump. Renormalised shares have their lowest loss at another place: they tell the student
/// never to say what was not sent. And log S_rest is a logarithm of a sum of exponentials of the others.
/// 1 − Σ S is the same on paper; with a sure student it is 0, and L is infinite.
public func likeliest(
  student z: [Double], teacher sent: [(token: Int, share: Double)]
) throws -> (loss: Double, gradient: [Double]) {
  Lump().divergence(z, sent)
}

/// The rule, and what mutants change of it.
private struct Lump {
  enum Others { case lumped, dropped, spread, withoutSlope, cut }
  var others = Others.lumped
  var renormalises = false
  var subtracts = false
  var knowsRounding = true

  func divergence(
    _ z: [Double], _ sent: [(token: Int, share: Double)]
  ) -> (loss: Double, gradient: [Double]) {
    let sum = sent.reduce(0) { $0 + $1.share }
    let named = Set(sent.map(\.token))
    let unnamed = z.indices.filter { !named.contains($0) }
    let total = logSum(others == .cut ? sent.map { z[$0.token] } : z)
    let rest = renormalises ? 0 : knowsRounding && 1 - sum < 1e-6 ? 0 : 1 - sum
    var t = z.map { _ in 0.0 }
    for (token, share) in sent { t[token] = renormalises ? share / sum : share }
    if others == .spread { for j in unnamed { t[j] = rest / Double(unnamed.count) } }

    var loss = 0.0
    for j in z.indices where t[j] > 0 { loss += t[j] * (log(t[j]) - (z[j] - total)) }
    var gradient = z.indices.map { exp(z[$0] - total) * t.reduce(0, +) - t[$0] }
    if others == .cut { for j in unnamed { gradient[j] = 0 } }
    guard others == .lumped || others == .withoutSlope, rest != 0 else {
      return (loss, gradient)
    }

    let logOthers = logSum(unnamed.map { z[$0] })
    let said = sent.reduce(0) { $0 + exp(z[$1.token] - total) }
    loss += rest * (log(rest) - (subtracts ? log(1 - said) : logOthers - total))
    for j in z.indices { gradient[j] += rest * exp(z[j] - total) }
    if others == .lumped { for j in unnamed { gradient[j] -= rest * exp(z[j] - logOthers) } }
    return (loss, gradient)
  }

  private func logSum(_ logits: [Double]) -> Double {
    let highest = logits.max() ?? 0
    return highest + log(logits.reduce(0) { $0 + exp($1 - highest) })
  }
}

/// Wrong answers to exercise 9.2.
public enum Mutants9_2 {
  /// A token that was sent.
  public typealias Sent = (token: Int, share: Double)
  /// What the exercise asks for.
  public typealias Answer = (loss: Double, gradient: [Double])

  /// Makes the shares that were sent sum to one.
  public static func renormalises(
    student z: [Double], teacher sent: [Sent]
  ) throws -> Answer { Lump(others: .dropped, renormalises: true).divergence(z, sent) }

  /// Renormalises both, as if the other tokens did not exist.
  public static func cutsTheVocabulary(
    student z: [Double], teacher sent: [Sent]
  ) throws -> Answer { Lump(others: .cut, renormalises: true).divergence(z, sent) }

  /// Sums over what was sent, and no more.
  public static func dropsTheRest(
    student z: [Double], teacher sent: [Sent]
  ) throws -> Answer { Lump(others: .dropped).divergence(z, sent) }

  /// Gives the same share to each of the others.
  public static func spreadsTheRest(
    student z: [Double], teacher sent: [Sent]
  ) throws -> Answer { Lump(others: .spread).divergence(z, sent) }

  /// Lets no logit of the others raise the lump.
  public static func forgetsTheSlope(
    student z: [Double], teacher sent: [Sent]
  ) throws -> Answer { Lump(others: .withoutSlope).divergence(z, sent) }

  /// Takes S_rest for 1 − Σ S.
  public static func subtracts(
    student z: [Double], teacher sent: [Sent]
  ) throws -> Answer { Lump(subtracts: true).divergence(z, sent) }

  /// Takes rounding for a lump.
  public static func lumpsRounding(
    student z: [Double], teacher sent: [Sent]
  ) throws -> Answer { Lump(knowsRounding: false).divergence(z, sent) }
}
