import DualPipe

/// The answer to exercise 7.4.
///
/// Why this way: a whole backward pass and a pair do both halves at once and leave nothing, so only two
/// of the five operations matter. What waits at the end is what is missing. The queue is longest in
/// the middle of the plan, and so it must be measured at each step.
public func weightWork(
  of plan: [Operation]
) throws -> (missing: [Chunk], longest: Int, isInOrder: Bool) {
  var waiting: [Chunk] = []
  var (longest, isInOrder) = (0, true)
  for operation in plan {
    switch operation {
    case .inputs(let chunk): waiting.append(chunk)
    case .weights(let chunk):
      if waiting.first != chunk { isInOrder = false }
      if let place = waiting.firstIndex(of: chunk) { waiting.remove(at: place) }
    case .forward, .backward, .pair: break
    }
    longest = max(longest, waiting.count)
  }
  return (waiting, longest, isInOrder)
}

/// Wrong answers to exercise 7.4.
public enum Mutants7_4 {
  /// What the exercise asks for.
  public typealias WeightWork = (missing: [Chunk], longest: Int, isInOrder: Bool)

  private static func work(
    _ plan: [Operation], leaves: (Operation) -> Chunk?, first: Bool = true
  ) -> WeightWork {
    var waiting: [Chunk] = []
    var work: WeightWork = ([], 0, true)
    for operation in plan {
      if let chunk = leaves(operation) { waiting.append(chunk) }
      if case .weights(let chunk) = operation {
        if first, waiting.first != chunk { work.isInOrder = false }
        if let place = waiting.firstIndex(of: chunk) { waiting.remove(at: place) }
      }
      work.longest = max(work.longest, waiting.count)
    }
    work.missing = waiting
    return work
  }

  private static func inputs(_ operation: Operation) -> Chunk? {
    if case .inputs(let chunk) = operation { chunk } else { nil }
  }

  /// Takes whole backward passes and pairs for deferred ones.
  public static func defersAll(of plan: [Operation]) throws -> WeightWork {
    work(plan) { $0.backwardChunk }
  }

  /// Counts what is left at the end for the longest.
  public static func looksAtTheEnd(of plan: [Operation]) throws -> WeightWork {
    var work = work(plan, leaves: inputs)
    work.longest = work.missing.count
    return work
  }

  /// Takes any order.
  public static func takesAnyOrder(of plan: [Operation]) throws -> WeightWork {
    work(plan, leaves: inputs, first: false)
  }

  /// Counts, instead of looking at which chunk it is.
  public static func onlyCounts(of plan: [Operation]) throws -> WeightWork {
    var (waiting, longest): ([Chunk], Int) = ([], 0)
    for operation in plan {
      if let chunk = inputs(operation) { waiting.append(chunk) }
      if case .weights = operation, !waiting.isEmpty { waiting.removeFirst() }
      longest = max(longest, waiting.count)
    }
    return (waiting, longest, true)
  }
}
