/// The answer to exercise 7.3.
///
/// Why this way: a phase is not a way. Phase 0 is the way that enters at the nearer end, so in the
/// upper half of the ranks it is the way up. Without that, the last rank begins with micro-batches
/// that have to come to it from everybody else, while everybody else waits for those which
/// enter at the last rank. With two ranks both ends are one step away, and it only runs late.
public func firstForwards(rank: Int, ranks: Int) throws -> [Int] {
  order(rank, ranks) { phase in rank < ranks / 2 ? phase : 1 - phase }
}

private func order(_ rank: Int, _ ranks: Int, _ way: (Int) -> Int) -> [Int] {
  let distance = min(rank, ranks - 1 - rank)
  var next = [0, 1]
  var order: [Int] = []
  func forward(phase: Int) {
    order.append(next[way(phase)])
    next[way(phase)] += 2
  }
  for _ in 0..<2 * (ranks / 2 - distance - 1) { forward(phase: 0) }
  for _ in 0...distance {
    forward(phase: 0)
    forward(phase: 1)
  }
  return order
}

/// Wrong answers to exercise 7.3.
public enum Mutants7_3 {
  /// Leaves the mistake.
  public static func leavesIt(rank: Int, ranks: Int) throws -> [Int] {
    order(rank, ranks) { $0 }
  }

  /// Turns the lower half instead.
  public static func turnsTheLowerHalf(rank: Int, ranks: Int) throws -> [Int] {
    order(rank, ranks) { rank < ranks / 2 ? 1 - $0 : $0 }
  }

  /// Turns the last rank only.
  public static func turnsTheLast(rank: Int, ranks: Int) throws -> [Int] {
    order(rank, ranks) { rank < ranks - 1 ? $0 : 1 - $0 }
  }

  /// Runs, but one micro-batch of each in turn from the start.
  public static func alternates(rank: Int, ranks: Int) throws -> [Int] {
    let near = rank < ranks / 2 ? 0 : 1
    return (0..<ranks / 2 + 1).flatMap { [2 * $0 + near, 2 * $0 + 1 - near] }
  }
}
