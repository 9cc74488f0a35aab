import Tensors

/// Sums around a ring: every rank sends to the next and hears from the one before.
///
/// In each of N − 1 rounds a rank passes on 1/N of the numbers, so all links are busy all the
/// time and no rank sends more than (N − 1)/N of what it has, however many they are.
extension RankGroup {
  private static let sums = Line<Tensor>("partial sums")
  private static let parts = Line<Tensor>("parts")

  private var next: Int { (index + 1) % count }
  private var previous: Int { (index + count - 1) % count }

  // snippet.reduce-scatter
  /// Adds the numbers of all ranks and leaves each rank with one part of the sum.
  ///
  /// Part p starts at rank p + 1 and collects what it meets on its way to rank p, so its sum is
  /// (…(x_{p+1} + x_{p+2}) + …) + x_p in every run.
  /// - Shape: [any…], n numbers on every rank → [⌊(p + 1) n / N⌋ − ⌊p n / N⌋]
  public func reduceScattered(_ x: Tensor) throws(ClusterError) -> Tensor {
    let numbers = x.flat
    let pieces = Pieces(of: x.count, among: count)
    guard count > 1 else { return numbers }
    var passing = numbers.piece(pieces[index - 1])
    for round in 1..<count {
      try send(passing, to: next, over: Self.sums, bytes: 4 * passing.count)
      passing = try receive(from: previous, over: Self.sums)
      passing.add(numbers.piece(pieces[index - 1 - round]))
    }
    return passing
  }
  // snippet.end

  /// Gives every rank the parts of all, in the order of the ranks.
  ///
  /// The parts may differ in size.
  public func allGathered(_ part: Tensor) throws(ClusterError) -> [Tensor] {
    var parts = Array(repeating: part, count: count)
    var passing = part
    for round in 1..<max(count, 1) {
      try send(passing, to: next, over: Self.parts, bytes: 4 * passing.count)
      passing = try receive(from: previous, over: Self.parts)
      parts[(index - round + count) % count] = passing
    }
    return parts
  }

  /// The sum of the tensors of all ranks, on every rank the same bits.
  public func allReduced(
    _ x: Tensor, by way: Reduction = .ring
  ) throws(ClusterError) -> Tensor {
    switch way {
    case .ring:
      let parts = try allGathered(reduceScattered(x))
      return Tensor.concatenated(parts, along: 0).reshaped(to: x.shape)
    case .tree: return try treeSum(x)
    }
  }
}
