import DualPipe

/// The answer to exercise 7.2.
///
/// Why this way: the three phases differ only in how many micro-batches are out, so one loop over the
/// forward passes will do. Once `ahead` of them are out, each further one is followed by a way back.
/// The last rank has `ahead` = 0 and goes back at once.
public func oneForwardOneBackward(
  rank: Int, ranks: Int, microBatches: Int
) throws -> [Operation] {
  let ahead = min(ranks - 1 - rank, microBatches)
  return order(rank, microBatches, ahead: ahead)
}

private func order(_ rank: Int, _ microBatches: Int, ahead: Int) -> [Operation] {
  var plan: [Operation] = []
  for number in 0..<microBatches + ahead {
    if number < microBatches {
      plan.append(.forward(Chunk(stage: rank, microBatch: number)))
    }
    if number >= ahead {
      plan.append(.backward(Chunk(stage: rank, microBatch: number - ahead)))
    }
  }
  return plan
}

/// Wrong answers to exercise 7.2.
public enum Mutants7_2 {
  /// Takes one too many micro-batches in before it goes back.
  public static func keepsOneMore(
    rank: Int, ranks: Int, microBatches: Int
  ) throws -> [Operation] {
    order(rank, microBatches, ahead: min(ranks - rank, microBatches))
  }

  /// Warms up as much on every rank.
  public static func warmsUpAlike(
    rank: Int, ranks: Int, microBatches: Int
  ) throws -> [Operation] {
    order(rank, microBatches, ahead: min(ranks - 1, microBatches))
  }

  /// Forgets that there may be few micro-batches.
  public static func forgetsTheFew(
    rank: Int, ranks: Int, microBatches: Int
  ) throws -> [Operation] {
    let plan = order(rank, max(microBatches, ranks), ahead: ranks - 1 - rank)
    return plan.filter { ($0.forwardChunk ?? $0.backwardChunk)?.microBatch != ranks }
  }

  /// Goes back with the newest micro-batch first.
  public static func goesBackFromTheNewest(
    rank: Int, ranks: Int, microBatches: Int
  ) throws -> [Operation] {
    var out: [Int] = []
    return order(rank, microBatches, ahead: min(ranks - 1 - rank, microBatches)).map {
      guard let chunk = $0.forwardChunk else {
        return .backward(Chunk(stage: rank, microBatch: out.removeLast()))
      }
      out.append(chunk.microBatch)
      return $0
    }
  }

  /// Takes everything forward first, as GPipe.
  public static func goesAllForward(
    rank: Int, ranks: Int, microBatches: Int
  ) throws -> [Operation] {
    order(rank, microBatches, ahead: microBatches)
  }
}
