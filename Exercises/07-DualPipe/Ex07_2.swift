import DualPipe
import ExerciseKit

/// Exercise 7.2 ●● One forward, one backward (15 minutes).
///
/// Return what rank r of P does with M micro-batches under 1F1B. Stage r lies on rank r.
///
/// First P − 1 − r forward passes, or M if that is less. Then, while there are micro-batches, one
/// forward pass and one backward pass, of the oldest that is still out. Then the backward passes that
/// are left.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 7.2"`
public func oneForwardOneBackward(
  rank: Int, ranks: Int, microBatches: Int
) throws -> [Operation] {
  throw Unfinished("7.2")  // TODO: replace this line
}
