import ExerciseKit

/// Exercise 1.6 ●●● A product in blocks, with the same bits (60 minutes).
///
/// Cut all three loops of the product into blocks of `block` indices (the last may be shorter), so
/// that a block of each matrix stays in a fast cache while it is used. Loop over blocks outside and
/// over their entries inside.
///
/// The result must have the same bits for every size of the block: each entry is the sum of its
/// products in the order of p, rounded after each. Use `*` and `+`, not a fused operation.
///
/// - Shape: a [m, k], b [k, n], row by row → [m, n]
///
/// Change only the body.    Try it: `swift test --filter "Exercise 1.6"`
public func blockedProduct(
  _ a: [Float], _ b: [Float], rows m: Int, columns n: Int, inner k: Int, block: Int
) throws -> [Float] {
  throw Unfinished("1.6")  // TODO: replace this line
}
