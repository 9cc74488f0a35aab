import ExerciseKit

/// Exercise 8.5 ●● Count without bias (15 minutes).
///
/// `passAt`: of n samples c are right. Return the chance that at least one of k samples, drawn from the
/// n without putting back, is right; the mean of it over many experiments is 1 − (1 − p)ᵏ exactly:
///
///     pass@k = 1 − C(n − c, k) / C(n, k) = 1 − Π_{i = n−c+1}^{n} (1 − k/i)
///
/// It has to work for n = 2000, where C(n, k) is larger than the largest `Double`.
///
/// `consensus`: return the chance that the commonest of the answers is the right one. Of equally common
/// ones each is taken with the same chance. An answer that nobody could read is nil and has no vote;
/// without any vote the chance is 0.
///
/// Change only the bodies.    Try it: `swift test --filter "Exercise 8.5"`
public func passAt(_ k: Int, right c: Int, among n: Int) throws -> Double {
  throw Unfinished("8.5")  // TODO: replace this line
}

/// The second function of exercise 8.5.
public func consensus(of answers: [String?], right: String) throws -> Double {
  throw Unfinished("8.5")  // TODO: replace this line
}
