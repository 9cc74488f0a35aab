import ExerciseKit

/// Exercise 2.3 ●● Repair a mask that forgets the cache (10 minutes).
///
/// A server feeds a long prompt in pieces. While one piece of `new` tokens is computed, the cache
/// already holds `cached` tokens. The mask says which keys, of all cached + new, each new token may
/// look at: entry [i][j] is true when new token i may see key j.
///
/// The code below serves the first piece rightly and all others wrongly, and nothing crashes: the
/// model forgets what it was told. Uncomment it, run the test, and repair one line.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 2.3"`
public func causalMask(new: Int, cached: Int) throws -> [[Bool]] {
  throw Unfinished("2.3")  // TODO: replace this line by the repaired lines below
  // return (0..<new).map { row in
  //   (0..<cached + new).map { column in column <= row }
  // }
}
