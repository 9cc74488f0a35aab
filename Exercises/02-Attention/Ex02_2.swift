import ExerciseKit

/// Exercise 2.2 ●● Carry a head from one layout to the other (15 minutes).
///
/// DeepSeek's checkpoints turn entry 2i of a head with entry 2i + 1. Llama's turn entry i with entry
/// i + width / 2. To run a checkpoint of the first kind with code of the second kind, the rows of
/// its query and key matrices are put into another order, once, when it is loaded.
///
/// Return that order for one head: entry r of the result is the old row that becomes the new row r.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 2.2"`
public func halfSplitOrder(width: Int) throws -> [Int] {
  throw Unfinished("2.2")  // TODO: replace this line
}
