import ExerciseKit

/// Exercise 9.3 ●● The mean of means (15 minutes).
///
/// The texts of a step do not fit at once, so they come in parts. A row of a part is a position: its
/// loss ℓ, the slope of ℓ along one of the weights, and whether it is trained. Return the mean loss and
/// the mean slope over all trained rows of the step; how the texts were parted must not matter. Of no
/// trained rows both are 0.
///
/// A row that is not trained may hold anything, even infinity: nobody knows how likely padding is. A
/// trained row that is not finite must not be hidden; the caller looks for it.
///
/// The function below trains, and its loss looks right. Yet the model depends on the number of parts,
/// and now and then everything is NaN.
///
/// Delete the first line, then repair the body.    Try it: `swift test --filter "Exercise 9.3"`
public func stepMean(
  _ parts: [[(loss: Double, slope: Double, isTrained: Bool)]]
) throws -> (loss: Double, slope: Double) {
  try stillBroken()  // TODO: delete this line
  var (loss, slope) = (0.0, 0.0)
  for part in parts {
    let weights = part.map { $0.isTrained ? 1.0 : 0 }
    let count = weights.reduce(0, +)
    loss += zip(part, weights).reduce(0) { $0 + $1.0.loss * $1.1 } / count
    slope += zip(part, weights).reduce(0) { $0 + $1.0.slope * $1.1 } / count
  }
  return (loss / Double(parts.count), slope / Double(parts.count))
}

private func stillBroken() throws { throw Unfinished("9.3") }
