import ExerciseKit

/// Exercise 9.2 ●● Only the likeliest (20 minutes).
///
/// A teacher far away sends the probabilities of its few likeliest tokens, and not those of the others.
/// Put the others into one lump, the teacher's and the student's:
///
///     L = Σ_sent T log(T / S) + T_rest log(T_rest / S_rest)     S = softmax(z)
///     T_rest = 1 − Σ_sent T     S_rest = Σ_others S
///
/// Return L and its gradient along every logit z of the student. A term with T = 0 is 0. T_rest below
/// 10⁻⁶ is rounding and counts as 0; it may be negative, and there may be no others. Logits lie between
/// −1000 and 1000, so a share may be too small for a `Double` where its logarithm is not.
///
/// Change only the body; helper functions are welcome.
/// Try it: `swift test --filter "Exercise 9.2"`
/// - Parameters:
///   - z: the student's logits, one to a token.
///   - sent: some tokens, each once, with T.
public func likeliest(
  student z: [Double], teacher sent: [(token: Int, share: Double)]
) throws -> (loss: Double, gradient: [Double]) {
  throw Unfinished("9.2")  // TODO: replace this line
}
