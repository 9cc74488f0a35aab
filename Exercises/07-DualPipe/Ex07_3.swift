import DualPipe
import ExerciseKit

/// Exercise 7.3 ●● Find the deadlock (20 minutes).
///
/// Under DualPipe the even numbers of micro-batches enter at the first rank and go down, the odd
/// numbers enter at the last rank and go up. Here are the forward passes with which a rank
/// begins: some of its first phase, then one of each in turn.
///
/// A run with two ranks ends. With four, everybody waits for somebody. Repair it.
///
/// The result is a list of numbers of micro-batches.
///
/// Delete the first line, then repair the body.    Try it: `swift test --filter "Exercise 7.3"`
public func firstForwards(rank: Int, ranks: Int) throws -> [Int] {
  try stillBroken()  // TODO: delete this line
  let half = ranks / 2
  let distance = min(rank, ranks - 1 - rank)  // from the nearer end
  var next = [0, 1]
  var order: [Int] = []
  func forward(phase: Int) {
    order.append(next[phase])
    next[phase] += 2
  }
  for _ in 0..<2 * (half - distance - 1) { forward(phase: 0) }
  for _ in 0...distance {
    forward(phase: 0)
    forward(phase: 1)
  }
  return order
}

private func stillBroken() throws { throw Unfinished("7.3") }
