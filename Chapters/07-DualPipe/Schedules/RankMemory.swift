/// What a rank holds at most during a step, counted in chunks.
///
/// A chunk's activations are held from its forward pass to the end of its backward pass as far
/// as the input; if its weights wait, what they need is held from then on. Peaks do not depend
/// on time, since a rank does one thing after another.
public struct RankMemory: Sendable, Equatable {
  /// The most chunks at once, if a pair takes room for its new chunk before it frees the old
  /// one.
  public private(set) var chunks = 0
  /// The same if a pair frees the old chunk first.
  public private(set) var chunksIfFreedFirst = 0
  /// The most gradients of weights that wait at once.
  public private(set) var waiting = 0
  /// The most chunks and waiting gradients at once.
  public private(set) var chunksAndWaiting = 0

  /// Counts what a rank holds.
  public init(of operations: [Operation]) {
    var (live, queue) = (0, 0)
    for operation in operations {
      let isPair = operation.forwardChunk != nil && operation.backwardChunk != nil
      if operation.forwardChunk != nil { live += 1 }
      chunks = max(chunks, live)
      chunksIfFreedFirst = max(chunksIfFreedFirst, isPair ? live - 1 : live)
      chunksAndWaiting = max(chunksAndWaiting, live + queue)
      if operation.backwardChunk != nil { live -= 1 }
      switch operation {
      case .inputs: queue += 1
      case .weights: queue -= 1
      default: break
      }
      waiting = max(waiting, queue)
      chunksAndWaiting = max(chunksAndWaiting, live + queue)
    }
  }
}

extension PipelineSchedule {
  /// What each rank holds at most.
  public var memory: [RankMemory] { plan.map(RankMemory.init) }
}
