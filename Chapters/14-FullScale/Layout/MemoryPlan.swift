import Checkpoints
import DualPipe
import Tensors

/// What one card of a training holds, in bytes.
public struct MemoryPlan: Sendable, Equatable {
  /// The rank of the card in its pipeline.
  public let rank: Int
  /// The weights on the card.
  public let weights: Int
  /// Those of them that belong to routed experts.
  public let expertWeights: Int
  /// Bytes of weights as they are multiplied with.
  public let working: Double
  /// Bytes of gradients.
  public let gradients: Double
  /// Bytes of master weights and moments.
  public let optimizer: Double
  /// Bytes kept between forward and backward passes.
  public let activations: Double
  /// Bytes of logits, where the head is.
  public let logits: Double

  /// All of it, but for buffers of libraries and of communication.
  public var total: Double { working + gradients + optimizer + activations + logits }

  /// Plans the card of each rank of a pipeline.
  /// - Parameter cut: the layers of each stage; the evenest cut if nil.
  /// - Returns: nil if 64 bits cannot count the model.
  public static func cards(
    of model: DecoderConfiguration, _ layout: TrainingLayout, _ formats: NumberFormats = .v3,
    recomputing: Recomputation = .v3, cut: StageCut? = nil
  ) -> [MemoryPlan]? {
    guard let cut = cut ?? StageCut.balanced(model, stages: layout.stages),
      let census = ModelCensus(model), let blocks = ModelBlocks(model, formats, recomputing)
    else { return nil }
    return (0..<layout.pipeline).map { rank in
      MemoryPlan(rank, model, census, blocks, layout, cut, formats)
    }
  }

  /// The card that holds most.
  public static func fullest(
    of model: DecoderConfiguration, _ layout: TrainingLayout, _ formats: NumberFormats = .v3,
    recomputing: Recomputation = .v3, cut: StageCut? = nil
  ) -> MemoryPlan? {
    cards(of: model, layout, formats, recomputing: recomputing, cut: cut)?.max {
      $0.total < $1.total
    }
  }

  private init(
    _ rank: Int, _ model: DecoderConfiguration, _ census: ModelCensus, _ blocks: ModelBlocks,
    _ layout: TrainingLayout, _ cut: StageCut, _ formats: NumberFormats
  ) {
    let stages = layout.stages(on: rank)
    var (common, experts, tables) = (0, 0, 0)
    var kept = 0.0
    func add(_ layer: Int) {
      let block = blocks[layer]
      common += block.common
      experts += block.expert * block.experts / layout.experts
      kept += blocks.kept(layer) * Double(layout.microBatch)
    }
    let hasHead = stages.contains(cut.stages - 1)
    for stage in stages {
      for layer in cut.layers[stage] { add(layer) }
      // A tied head is where the embedding is, or a copy of it.
      if stage == 0 { tables += census.weights(of: .embedding) }
    }
    if hasHead {
      let head = census.weights(of: .head)
      tables += head > 0 ? head : stages.contains(0) ? 0 : census.weights(of: .embedding)
      let predictors = model.layers..<model.layers + model.predictors
      for layer in predictors { add(layer) }
      // Joint and norms of the predictors are not multiplied with in eight bits.
      let own = predictors.reduce(0) { $0 + blocks[$1].total }
      tables += census.prediction - own + model.width
    }
    self.rank = rank
    weights = common + experts + tables
    expertWeights = experts
    working = Double(common + experts) * formats.working + Double(tables) * 2
    gradients = Double(weights) * formats.gradient
    let shares = layout.sharesOptimizer
    optimizer =
      (formats.master + formats.moments)
      * (Double(common + tables) / Double(shares ? layout.commonCopies : 1)
        + Double(experts) / Double(shares ? layout.expertCopies : 1))
    // A rank's chunks are of its stages in turn, so one is as large as the mean of them.
    let chunks = layout.method.activations(ranks: layout.pipeline, microBatches: .max / 4)
    activations = kept / Double(stages.count) * Double(chunks)
    logits =
      hasHead
      ? Double(layout.microBatch) * Double(model.vocabularySize) * 4
        * Double(1 + model.predictors)
      : 0
  }
}
