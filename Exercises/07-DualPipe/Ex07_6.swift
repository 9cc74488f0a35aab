import DualPipe
import ExerciseKit

/// Exercise 7.6 ●●● Build the ring (45 minutes).
///
/// Every rank has numbers of its own, equally many. Return their sums, to every rank, in such a way
/// that no rank sends more than 2 (N − 1) parts of ⌈n / N⌉ numbers, and only to its next neighbour.
///
/// Cut the numbers into N parts. In N − 1 steps each rank sends a part on and adds the one that comes
/// to its own; then each rank has one part of the sum complete. In N − 1 more steps the complete parts
/// go around.
///
/// Send with `rank.send(_:to:over:bytes:)`, four bytes a number, and `Line<[Float]>("parts")`. There
/// may be fewer numbers than ranks, and a single rank.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 7.6"`
public func ringSum(_ own: [Float], on rank: Rank) throws -> [Float] {
  throw Unfinished("7.6")  // TODO: replace this line
}
