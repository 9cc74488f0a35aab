import DualPipe
import ExerciseKit

/// Exercise 7.5 ●● It calls itself DualPipe (20 minutes).
///
/// A schedule has the name and the placement of DualPipe. Find out by counting whether it is one, on
/// every rank r of P with M micro-batches. With h = min(r, P − 1 − r):
///
///     forward passes = M       overlapped pairs = M − 3P/2 + h + 1, one less on the two middle ranks
///     backward passes = M      backward passes in halves = P − h − 1
///
/// Both ways count, and a pair is a forward and a backward pass.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 7.5"`
public func isDualPipe(_ schedule: PipelineSchedule) throws -> Bool {
  throw Unfinished("7.5")  // TODO: replace this line
}
