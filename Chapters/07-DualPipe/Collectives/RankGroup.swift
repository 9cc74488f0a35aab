import Tensors

/// Some ranks of a machine that compute something together, as one of them sees it.
///
/// Every member must call the same operations in the same order.
public struct RankGroup: Sendable {
  /// The member whose program this is.
  public let rank: Rank
  /// The ranks, in the order in which sums are taken.
  public let members: [Int]
  /// The place of this member.
  public let index: Int

  /// Joins some ranks, this one among them.
  public init(_ rank: Rank, members: [Int]) {
    insist(
      Set(members).count == members.count && members.allSatisfy((0..<rank.count).contains),
      "RankGroup: \(members) are not different ranks of \(rank.count)")
    guard let index = members.firstIndex(of: rank.index) else {
      fatalError("RankGroup: rank \(rank.index) is none of \(members)")
    }
    (self.rank, self.members, self.index) = (rank, members, index)
  }

  /// N, the number of members.
  public var count: Int { members.count }

  func send<Message: Sendable>(
    _ message: Message, to member: Int, over line: Line<Message>, bytes: Int
  ) throws(ClusterError) {
    try rank.send(message, to: members[member], over: line, bytes: bytes)
  }

  func receive<Message: Sendable>(
    from member: Int, over line: Line<Message>
  ) throws(ClusterError) -> Message {
    try rank.receive(from: members[member], over: line)
  }
}

extension Rank {
  /// All ranks of the machine, in order.
  public var everyone: RankGroup { RankGroup(self, members: Array(0..<count)) }
}

/// A run of numbers cut into parts that differ by one at most.
///
/// Part i of N is ⌊i n / N⌋ ..< ⌊(i + 1) n / N⌋, so parts may be empty.
public struct Pieces: Sendable, Equatable {
  /// n, the numbers to cut.
  public let length: Int
  /// N, the number of parts.
  public let count: Int

  /// Cuts some numbers into parts.
  public init(of length: Int, among count: Int) {
    insist(length >= 0 && count > 0, "Pieces: \(length) numbers among \(count)")
    (self.length, self.count) = (length, count)
  }

  /// One part; parts are counted in a circle, so −1 is the last.
  public subscript(part: Int) -> Range<Int> {
    let part = (part % count + count) % count
    return part * length / count..<(part + 1) * length / count
  }
}

extension Tensor {
  /// The entries in a row.
  var flat: Tensor { reshaped(to: [count]) }

  /// Some consecutive entries of a flat tensor.
  func piece(_ range: Range<Int>) -> Tensor { sliced(range, along: 0) }
}
