/// The eight steps by which a rank of DualPipe runs its two phases of chunks.
///
/// A phase is a rank's own view of the two ways: phase 0 is the way whose chunks reach it
/// first. Within a phase, chunks go forward in order and backward in the same order; the
/// gradients of weights that were put off wait in one queue for both phases. Paper: V3 §3.2.1,
/// figure 5.
public struct EightSteps: Sendable, Equatable {
  /// H, half the number of stages.
  public let half: Int
  /// h, how far the rank is from the nearer end of the line, from 0 to H - 1.
  public let depth: Int
  /// The chunks of each phase.
  public let count: Int

  /// Describes the steps of a rank.
  public init(half: Int, depth: Int, count: Int) {
    (self.half, self.depth, self.count) = (half, depth, count)
  }

  /// How often each of the eight steps is repeated.
  public var repeats: [Int] {
    let (outer, inner) = (half - depth - 1, depth + 1)
    return [2 * outer, inner, outer, count - 2 * half + inner, outer, inner, outer, inner]
  }

  // snippet.eight-steps
  /// The operations of the rank.
  /// - Parameter chunk: the k-th chunk of a phase.
  func operations(
    _ chunk: @escaping (_ phase: Int, _ index: Int) -> Chunk
  ) -> [Operation] {
    let repeats = repeats
    var rank = PhaseQueues(chunk: chunk)
    for _ in 0..<repeats[0] { rank.forward(0) }
    for _ in 0..<repeats[1] {
      rank.forward(0)
      rank.forward(1)
    }
    for _ in 0..<repeats[2] {
      rank.inputs(1)
      rank.weights()
      rank.forward(1)
    }
    for round in 0..<repeats[3] {
      // The neighbours of the middle wait for this first chunk, so it goes ahead alone.
      if round == 0, depth == half - 1 {
        rank.forward(0)
        rank.backward(1)
      } else {
        rank.pair(forward: 0, backward: 1)
      }
      rank.pair(forward: 1, backward: 0)
    }
    for _ in 0..<repeats[4] {
      rank.backward(1)
      rank.pair(forward: 1, backward: 0)
    }
    // Of these 2(h + 1) backward passes, the last h + 1 put the weights off.
    for place in 0..<2 * repeats[5] {
      let phase = 1 - place % 2
      if place < repeats[5] { rank.backward(phase) } else { rank.inputs(phase) }
    }
    for _ in 0..<repeats[6] {
      rank.weights()
      rank.inputs(0)
    }
    for _ in 0..<repeats[7] { rank.weights() }
    return rank.operations
  }
  // snippet.end
}

/// The operations of a rank so far, and which chunk is next in each phase.
private struct PhaseQueues {
  let chunk: (_ phase: Int, _ index: Int) -> Chunk
  var operations: [Operation] = []
  private var forwards = [0, 0]
  private var backwards = [0, 0]
  private var postponed: [Chunk] = []
  private var done = 0

  init(chunk: @escaping (_ phase: Int, _ index: Int) -> Chunk) { self.chunk = chunk }

  private mutating func nextForward(_ phase: Int) -> Chunk {
    defer { forwards[phase] += 1 }
    return chunk(phase, forwards[phase])
  }

  private mutating func nextBackward(_ phase: Int) -> Chunk {
    defer { backwards[phase] += 1 }
    return chunk(phase, backwards[phase])
  }

  mutating func forward(_ phase: Int) { operations.append(.forward(nextForward(phase))) }

  mutating func backward(_ phase: Int) { operations.append(.backward(nextBackward(phase))) }

  mutating func inputs(_ phase: Int) {
    let chunk = nextBackward(phase)
    postponed.append(chunk)
    operations.append(.inputs(chunk))
  }

  mutating func weights() {
    operations.append(.weights(postponed[done]))
    done += 1
  }

  mutating func pair(forward: Int, backward: Int) {
    operations.append(
      .pair(forward: nextForward(forward), backward: nextBackward(backward)))
  }
}
