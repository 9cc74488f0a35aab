import Tensors

/// Sums and copies along a binary tree, in which member i has the children 2 i + 1 and 2 i + 2.
extension RankGroup {
  private static let up = Line<Tensor>("sums up the tree")
  private static let down = Line<Tensor>("copies down the tree")
  private static let numbersUp = Line<[Double]>("numbers up the tree")
  private static let numbersDown = Line<[Double]>("numbers down the tree")

  /// Adds up the tree, own + left + right, and copies the sum down.
  func treeSum(_ x: Tensor) throws(ClusterError) -> Tensor {
    let sum = try reduced(x, over: Self.up, bytes: 4 * x.count) { $0.add($1) }
    return try broadcast(sum, from: 0, over: Self.down) { 4 * $0.count }
  }

  /// Copies one member's tensor to all; the others need not have any.
  public func broadcast(_ x: Tensor?, from root: Int) throws(ClusterError) -> Tensor {
    try broadcast(x, from: root, over: Self.down) { 4 * $0.count }
  }

  /// Adds a few numbers in double precision, entry by entry, along the tree.
  public func sums(_ numbers: [Double]) throws(ClusterError) -> [Double] {
    let bytes = 8 * numbers.count
    let sums = try reduced(numbers, over: Self.numbersUp, bytes: bytes) { sums, more in
      for index in sums.indices { sums[index] += more[index] }
    }
    return try broadcast(sums, from: 0, over: Self.numbersDown) { _ in bytes }
  }

  /// Combines up the tree; nil for all but the root.
  private func reduced<Message: Sendable>(
    _ message: Message, over line: Line<Message>, bytes: Int,
    _ combine: (inout Message, Message) -> Void
  ) throws(ClusterError) -> Message? {
    var sum = message
    for child in children(of: index) { combine(&sum, try receive(from: child, over: line)) }
    guard index > 0 else { return sum }
    try send(sum, to: (index - 1) / 2, over: line, bytes: bytes)
    return nil
  }

  /// Copies down the tree; with another root, all places turn around the circle.
  private func broadcast<Message: Sendable>(
    _ message: Message?, from root: Int, over line: Line<Message>, bytes: (Message) -> Int
  ) throws(ClusterError) -> Message {
    let place = (index - root + count) % count
    let copy: Message
    if place == 0 {
      guard let message else { fatalError("broadcast: member \(root) has nothing to send") }
      copy = message
    } else {
      copy = try receive(from: ((place - 1) / 2 + root) % count, over: line)
    }
    for child in children(of: place) {
      try send(copy, to: (child + root) % count, over: line, bytes: bytes(copy))
    }
    return copy
  }

  private func children(of place: Int) -> [Int] {
    [2 * place + 1, 2 * place + 2].filter { $0 < count }
  }
}
