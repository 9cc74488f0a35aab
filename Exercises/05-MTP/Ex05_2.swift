import ExerciseKit

/// Exercise 5.2 ●● Pair what is known with what is asked (15 minutes).
///
/// A window of a text has `inputs` t₁ … t_T and `targets` t₂ … t_T₊₁. The module of depth k sits at
/// position i, is handed the token k places on, and predicts the one behind that. Return, in order,
/// the position (from 0), the token and the target of every prediction that depth k can make.
///
/// A target of −1 means that a document ends at its position. Nothing is predicted across the end:
/// leave out every prediction with such a target, or with one between the position and the target.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 5.2"`
public func predictions(
  inputs: [Int], targets: [Int], depth: Int
) throws -> [(position: Int, token: Int, target: Int)] {
  throw Unfinished("5.2")  // TODO: replace this line
}
