import ExerciseKit

/// Exercise 12.2 ●● Out of order and back (20 minutes).
///
/// Fill in both functions. The first tells a document in the order prefix, suffix, middle, with a mark
/// in front of each:
///
///     begin d[0..<i] hole d[j...] end d[i..<j]
///
/// The second puts such tokens into the order of the document again. Its tokens may come from a model:
/// if the three marks do not stand once each, in their order, the first of them in front, it gives
/// nil. Marks are negative and tokens are not: begin −1, hole −2, end −3.
///
/// Change only the bodies.    Try it: `swift test --filter "Exercise 12.2"`
public func rearranged(_ document: [Int], middle: Range<Int>) throws -> [Int] {
  throw Unfinished("12.2")  // TODO: replace this line
}

/// The second function of exercise 12.2.
public func reassembled(_ tokens: [Int]) throws -> [Int]? {
  throw Unfinished("12.2")  // TODO: replace this line
}
