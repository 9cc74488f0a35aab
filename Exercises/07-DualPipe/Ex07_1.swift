import ExerciseKit

/// Exercise 7.1 ● Four ranks, eight micro-batches (10 minutes).
///
/// Predict, from the table of bubbles, how long a step takes on four ranks with eight micro-batches:
/// with GPipe, with 1F1B, with ZB1P and with DualPipe. A forward pass takes 1, a whole backward pass
/// 2, its weight half 1, an overlapped pair 3. A rank works M (F + B) and waits for its bubble.
///
/// Then say how many chunks the first rank keeps at most, with each of the four.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 7.1"`
public func stepsOfFour() throws -> (times: [Double], kept: [Int]) {
  throw Unfinished("7.1")  // TODO: replace this line
}
