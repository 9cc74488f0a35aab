/// One micro-batch at one stage: what an operation works on.
public struct Chunk: Hashable, Sendable {
  /// The stage of the model, from 0.
  public let stage: Int
  /// The micro-batch, from 0.
  public let microBatch: Int

  /// Names a chunk.
  public init(stage: Int, microBatch: Int) {
    self.stage = stage
    self.microBatch = microBatch
  }
}

// snippet.operation
/// What a rank does at one time.
///
/// A backward pass computes the gradient of its input, for which the previous stage waits, and
/// the gradient of its weights, for which only the optimizer does. So it may be done in halves.
/// Papers: Zero bubble §2; V3 §3.2.1.
public enum Operation: Hashable, Sendable {
  /// F: the forward pass of a chunk.
  case forward(Chunk)
  /// B: its whole backward pass.
  case backward(Chunk)
  /// I: the half of its backward pass that its neighbour waits for.
  case inputs(Chunk)
  /// W: the other half, for the weights.
  case weights(Chunk)
  /// F&B: one chunk forward and another backward, the products of one while the other's rows
  /// travel.
  case pair(forward: Chunk, backward: Chunk)
}
// snippet.end

extension Operation {
  /// The chunk that it takes forward.
  public var forwardChunk: Chunk? {
    switch self {
    case .forward(let chunk), .pair(forward: let chunk, backward: _): chunk
    default: nil
    }
  }

  /// The chunk whose input's gradient it computes.
  public var backwardChunk: Chunk? {
    switch self {
    case .backward(let chunk), .inputs(let chunk), .pair(forward: _, backward: let chunk):
      chunk
    default: nil
    }
  }

  /// The chunk whose weights' gradient it computes.
  public var weightsChunk: Chunk? {
    switch self {
    case .backward(let chunk), .weights(let chunk), .pair(forward: _, backward: let chunk):
      chunk
    default: nil
    }
  }
}

extension Chunk: CustomStringConvertible {
  /// Such as: micro-batch 3 at stage 5.
  public var description: String { "micro-batch \(microBatch) at stage \(stage)" }
}

extension Operation: CustomStringConvertible {
  /// Such as: F of micro-batch 3 at stage 5.
  public var description: String {
    switch self {
    case .forward(let chunk): "F of \(chunk)"
    case .backward(let chunk): "B of \(chunk)"
    case .inputs(let chunk): "I of \(chunk)"
    case .weights(let chunk): "W of \(chunk)"
    case .pair(let forward, let backward): "F of \(forward) with B of \(backward)"
    }
  }

  /// All chunks on which it works.
  var chunks: [Chunk] {
    switch self {
    case .forward(let chunk), .backward(let chunk), .inputs(let chunk), .weights(let chunk):
      [chunk]
    case .pair(let forward, let backward): [forward, backward]
    }
  }
}
