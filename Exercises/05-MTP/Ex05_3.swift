import ExerciseKit

/// Exercise 5.3 ●● Add up the losses (10 minutes).
///
/// `losses[k − 1]` holds −log p of every prediction that depth k made in one sequence of T targets:
/// T − k numbers. Return what multi-token prediction adds to the loss, equations (5.4) and (5.5):
/// λ/D times the sum of the losses of all D depths, each divided by T.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 5.3"`
public func predictionLoss(_ losses: [[Double]], targets: Int, weight: Double) throws -> Double
{
  throw Unfinished("5.3")  // TODO: replace this line
}
