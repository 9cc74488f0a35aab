/// How numbers of all ranks are added.
public enum Reduction: String, Sendable, CaseIterable {
  /// Reduce-scatter and all-gather around a ring: few bytes, many rounds.
  case ring
  /// Up a binary tree to rank 0 and down again: few rounds, more bytes for those inside.
  case tree
}

extension Reduction {
  /// The numbers that one member sends in an all-reduce.
  ///
  /// A ring sends every part but its own, then every part but its neighbour's: about 2 n (N −
  /// 1)/N. In a tree everybody but the root sends n up, and n down to each child.
  public func numbersSent(by member: Int, of length: Int, among count: Int) -> Int {
    switch self {
    case .ring:
      let pieces = Pieces(of: length, among: count)
      return 2 * length - pieces[member].count - pieces[member + 1].count
    case .tree:
      let children = [2 * member + 1, 2 * member + 2].count { $0 < count }
      return length * (children + (member == 0 ? 0 : 1))
    }
  }

  /// The time of an all-reduce of some bytes, when a message takes α and a byte β.
  ///
  ///     ring: 2 (N − 1) (α + β b / N)      tree: 2 ⌊log₂ N⌋ (α + 2 β b)
  ///
  /// An inner rank of a tree takes, and later gives, two messages on one link.
  public func seconds(
    bytes: Double, ranks count: Int, latency: Double, secondsPerByte: Double
  ) -> Double {
    switch self {
    case .ring:
      return 2 * Double(count - 1) * (latency + secondsPerByte * bytes / Double(count))
    case .tree:
      let levels = Int.bitWidth - 1 - count.leadingZeroBitCount
      let children = Double(min(2, count - 1))
      return 2 * Double(levels) * (latency + children * secondsPerByte * bytes)
    }
  }
}
