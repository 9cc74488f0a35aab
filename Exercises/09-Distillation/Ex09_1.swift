import ExerciseKit

/// Exercise 9.1 ● Three to one (10 minutes).
///
/// A teacher says yes with 3/4 and no with 1/4. A student is undecided: 1/2 and 1/2. Predict, in nats,
///
///     forward = KL(T ‖ S)     reverse = KL(S ‖ T)     between = ½ KL(T ‖ M) + ½ KL(S ‖ M)
///
/// with KL(P ‖ Q) = Σ P log(P / Q) and M = ½ T + ½ S. The logarithms of 2, 3 and 5 are .693, 1.099 and
/// 1.609; be right within .001.
///
/// Another student is silent: it says no, and S(yes) tends to 0. Predict to what the slope of each of
/// the three tends along that student's logit of yes.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 9.1"`
public func threeToOne() throws -> (
  undecided: (forward: Double, reverse: Double, between: Double),
  silent: (forward: Double, reverse: Double, between: Double)
) {
  throw Unfinished("9.1")  // TODO: replace this line
}
