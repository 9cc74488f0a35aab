import ExerciseKit

/// Exercise 14.6 ●●● Build a tree of three layers (45 minutes).
///
/// Switches have k ports, k even. There are k pods. A pod has k/2 leaves and k/2 spines, all leaves joined
/// to all spines; a leaf has k/2 cards. Above are (k/2)² cores, each with a link into every pod.
///
/// Number the vertices in this order: cards, leaves, spines, cores; cards by leaf, leaves and spines by
/// pod. Return all links as pairs of vertices.
///
/// The text leaves one thing open: to which spine of each pod a core is joined. Choose so that every
/// switch has k links. Then any pattern in which each card sends to one other runs at full speed, if it
/// is sprayed over all shortest ways; the check tries some.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 14.6"`
public func treeOfThree(radix k: Int) throws -> [(Int, Int)] {
  throw Unfinished("14.6")  // TODO: replace this line
}
