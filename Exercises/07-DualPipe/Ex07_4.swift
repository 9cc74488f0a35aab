import DualPipe
import ExerciseKit

/// Exercise 7.4 ●● The missing W (15 minutes).
///
/// A training with a lost weight half runs, and its loss falls. One micro-batch in twenty no longer
/// teaches the weights of one stage, and nobody sees it.
///
/// Say of a rank's plan which chunks have no weight half, how many halves wait at the most, and
/// whether each that is taken belongs to the oldest chunk that waits. Only `inputs` leaves a half waiting; `weights` takes one. A weight half
/// that nobody left is out of order.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 7.4"`
public func weightWork(
  of plan: [Operation]
) throws -> (missing: [Chunk], longest: Int, isInOrder: Bool) {
  throw Unfinished("7.4")  // TODO: replace this line
}
