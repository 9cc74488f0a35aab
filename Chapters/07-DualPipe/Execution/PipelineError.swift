/// Why a pipeline cannot run a batch, or must not go on with it.
public enum PipelineError: Error, Equatable, CustomStringConvertible {
  /// The model cannot be cut so often.
  case fewerLayers(layers: Int, stages: Int)
  /// The parts are not the model.
  case badCut([Int], layers: Int)
  /// The schedule is for another number of stages.
  case wrongStages(schedule: String, needed: Int, given: Int)
  /// The batch cannot be cut so often.
  case fewerSequences(sequences: Int, microBatches: Int)
  /// Something else has come over a line.
  case wrongParcel(rank: Int, expected: String, found: String)
  /// A rank is to receive from itself what it has not made.
  case notMade(rank: Int, String)
  /// A rank at an end of the pipeline has no tokens.
  case notFed(rank: Int, Chunk)
  /// A backward pass without its forward pass.
  case noForward(rank: Int, Chunk)
  /// The oldest half that waits for its weights is not the one that the plan names.
  case wrongWeights(rank: Int, planned: Chunk, oldest: Chunk?)
  /// A rank has finished its plan, but not its work.
  case leftOver(rank: Int, backward: [Chunk], weights: [Chunk])
  /// No rank has worked on a chunk.
  case undone(Chunk)

  /// One sentence that names the place and the rule.
  public var description: String {
    switch self {
    case .fewerLayers(let layers, let stages):
      "A model of \(layers) layers cannot be cut into \(stages) stages: each needs a layer."
    case .badCut(let blocks, let layers):
      "Stages of \(blocks) layers are no cut of a model of \(layers): each needs a layer, "
        + "and together they must have all."
    case .wrongStages(let schedule, let needed, let given):
      "The schedule \(schedule) needs \(needed) stages, not \(given)."
    case .fewerSequences(let sequences, let microBatches):
      "A batch of \(sequences) sequences cannot be cut into \(microBatches) micro-batches."
    case .wrongParcel(let rank, let expected, let found):
      "Rank \(rank) expected \(expected) and got \(found): "
        + "the two ends of a line do not agree on the order."
    case .notMade(let rank, let label):
      "Rank \(rank) needs \(label), which it should have made itself and has not."
    case .notFed(let rank, let chunk):
      "Rank \(rank) works on \(chunk), an end of the pipeline, but was not given the tokens."
    case .noForward(let rank, let chunk):
      "Rank \(rank) is to go backward through \(chunk), which it has not gone through forward."
    case .wrongWeights(let rank, let planned, let oldest):
      "Rank \(rank) is to compute the weights' gradient of \(planned), but "
        + (oldest.map { "the oldest that waits is \($0)." } ?? "none waits.")
    case .leftOver(let rank, let backward, let weights):
      "Rank \(rank) has ended its plan "
        + [
          backward.first.map { "without a backward pass of \($0)" },
          weights.first.map { "without the weights' gradient of \($0)" },
        ].compactMap { $0 }.joined(separator: " and ") + "."
    case .undone(let chunk): "No rank has worked on \(chunk)."
    }
  }
}
