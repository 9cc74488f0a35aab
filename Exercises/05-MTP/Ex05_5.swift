import ExerciseKit

/// Exercise 5.5 ●● Judge a draft (20 minutes).
///
/// A module has drafted token x with the law q; the model's law is p. Accept x if
/// u < min(1, p(x) / q(x)). Otherwise draw from max(0, p − q), divided by its sum: the smallest token
/// for which the probabilities of the tokens up to it exceed v. Equations (5.7) and (5.8).
///
/// u and v are uniform in [0, 1). Return the token that is written.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 5.5"`
public func judge(_ x: Int, p: [Double], q: [Double], u: Double, v: Double) throws -> Int {
  throw Unfinished("5.5")  // TODO: replace this line
}
