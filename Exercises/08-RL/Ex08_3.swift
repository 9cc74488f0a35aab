import ExerciseKit

/// Exercise 8.3 ●● One place to the side (15 minutes).
///
/// A model has read a text: `promptLength` tokens of a prompt, a response, and perhaps padding. Row i
/// of its logits was made after token i. Say, for each row but the last, which token it predicts, and
/// whether that token is trained: weight 1 for the tokens of the response up to its first stop token,
/// and with it; weight 0 for all others. A response that was cut short has no stop token. A prompt may
/// contain one.
///
/// The function below trains, and the loss falls. Yet ρ is not 1 on fresh samples, and after a few
/// hundred updates the model no longer knows how to end.
///
/// Delete the first line, then repair the body.    Try it: `swift test --filter "Exercise 8.3"`
public func trainingRows(
  _ tokens: [Int], promptLength: Int, stop: Int, padding: Int
) throws -> (targets: [Int], weights: [Double]) {
  try stillBroken()  // TODO: delete this line
  let targets = Array(tokens.dropLast())
  var weights = targets.map { _ in 0.0 }
  for row in targets.indices where row >= promptLength {
    if targets[row] == stop || targets[row] == padding { break }
    weights[row] = 1
  }
  return (targets, weights)
}

private func stillBroken() throws { throw Unfinished("8.3") }
