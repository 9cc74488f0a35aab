import DualPipe

/// The answer to exercise 7.6.
///
/// Why this way: in step s rank r sends part r − s, which it has just completed up to here, and
/// receives part r − s − 1. After N − 1 steps part r + 1 is complete on rank r, and it is with this
/// one that the second round begins. Each rank has sent every part but one in each round. The order of
/// a part's sum is that of the ring, the same for all, so every rank has the same bits.
public func ringSum(_ own: [Float], on rank: Rank) throws -> [Float] {
  var ring = Ring(own, rank)
  for step in 0..<rank.count - 1 { try ring.pass(rank.index - step, adding: true) }
  for step in 0..<rank.count - 1 { try ring.pass(rank.index + 1 - step, adding: false) }
  return ring.numbers
}

private struct Ring {
  var numbers: [Float]
  let rank: Rank
  let line = Line<[Float]>("parts")

  init(_ own: [Float], _ rank: Rank) { (numbers, self.rank) = (own, rank) }

  func places(_ part: Int) -> Range<Int> {
    let part = (part % rank.count + rank.count) % rank.count
    let size = (numbers.count + rank.count - 1) / rank.count
    return min(part * size, numbers.count)..<min((part + 1) * size, numbers.count)
  }

  /// Sends a part to the next rank, and takes in the part before it.
  mutating func pass(_ part: Int, adding: Bool) throws {
    let last = (rank.index + rank.count - 1) % rank.count
    let sent = Array(numbers[places(part)])
    try rank.send(sent, to: (rank.index + 1) % rank.count, over: line, bytes: 4 * sent.count)
    let came = try rank.receive(from: last, over: line)
    for (place, number) in zip(places(part - 1), came) {
      numbers[place] = adding ? numbers[place] + number : number
    }
  }
}

/// Wrong answers to exercise 7.6.
public enum Mutants7_6 {
  /// Sends everything around: right, and N / 2 times too much.
  public static func sendsAll(_ own: [Float], on rank: Rank) throws -> [Float] {
    let line = Line<[Float]>("parts")
    var (sum, passing) = (own, own)
    for _ in 0..<rank.count - 1 {
      try rank.send(
        passing, to: (rank.index + 1) % rank.count, over: line, bytes: 4 * passing.count)
      passing = try rank.receive(
        from: (rank.index + rank.count - 1) % rank.count, over: line)
      for place in sum.indices { sum[place] += passing[place] }
    }
    return sum
  }

  /// Stops after the first round.
  public static func stopsHalfway(_ own: [Float], on rank: Rank) throws -> [Float] {
    var ring = Ring(own, rank)
    for step in 0..<rank.count - 1 { try ring.pass(rank.index - step, adding: true) }
    return ring.numbers
  }

  /// Adds in the second round too.
  public static func addsTwice(_ own: [Float], on rank: Rank) throws -> [Float] {
    var ring = Ring(own, rank)
    for step in 0..<rank.count - 1 { try ring.pass(rank.index - step, adding: true) }
    for step in 0..<rank.count - 1 { try ring.pass(rank.index + 1 - step, adding: true) }
    return ring.numbers
  }

  /// Begins the second round with its first part.
  public static func beginsAgain(_ own: [Float], on rank: Rank) throws -> [Float] {
    var ring = Ring(own, rank)
    for step in 0..<rank.count - 1 { try ring.pass(rank.index - step, adding: true) }
    for step in 0..<rank.count - 1 { try ring.pass(rank.index - step, adding: false) }
    return ring.numbers
  }

  /// Leaves the numbers behind the last whole part alone.
  public static func forgetsTheRest(_ own: [Float], on rank: Rank) throws -> [Float] {
    let whole = own.count / rank.count * rank.count
    return try ringSum(Array(own[..<whole]), on: rank) + own[whole...]
  }

  /// Waits before it sends.
  public static func waitsFirst(_ own: [Float], on rank: Rank) throws -> [Float] {
    guard rank.count > 1 else { return own }
    let line = Line<[Float]>("parts")
    let came = try rank.receive(
      from: (rank.index + rank.count - 1) % rank.count, over: line)
    try rank.send(own, to: (rank.index + 1) % rank.count, over: line)
    return came
  }
}
