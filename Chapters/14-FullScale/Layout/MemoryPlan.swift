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
  /// - Returns: nil if 64 bits cannot count the model.
  public static func cards(
    of model: DecoderConfiguration, _ layout: TrainingLayout, _ formats: NumberFormats = .v3,
    recomputing: Recomputation = .v3
  ) -> [MemoryPlan]? {
    guard let cut = StageCut.balanced(model, stages: layout.stages) else { return nil }
    let plans = (0..<layout.pipeline).map { rank in
      MemoryPlan(rank, model, layout, cut, formats, recomputing)
    }
    return plans.contains { $0 == nil } ? nil : plans.compactMap { $0 }
  }

  /// The card that holds most.
  public static func fullest(
    of model: DecoderConfiguration, _ layout: TrainingLayout, _ formats: NumberFormats = .v3,
    recomputing: Recomputation = .v3
  ) -> MemoryPlan? {
    cards(of: model, layout, formats, recomputing: recomputing)?.max { $0.total < $1.total }
  }

  private init?(
    _ rank: Int, _ model: DecoderConfiguration, _ layout: TrainingLayout, _ cut: StageCut,
    _ formats: NumberFormats, _ recomputed: Recomputation
  ) {
    guard let census = ModelCensus(model) else { return nil }
    let stages = layout.stages(on: rank)
    var (common, experts, tables) = (0, 0, 0)
    var kept = 0.0
    func add(_ layer: Int) -> Bool {
      guard let block = model.blockWeights(layer) else { return false }
      common += block.common
      experts += block.expert * block.experts / layout.experts
      kept += model.keptBytes(layer, formats, recomputed) * Double(layout.microBatch)
      return true
    }
    let hasHead = stages.contains(cut.stages - 1)
    for stage in stages {
      for layer in cut.layers[stage] where !add(layer) { return nil }
      // A tied head is where the embedding is, or a copy of it.
      if stage == 0 { tables += census.weights(of: .embedding) }
    }
    if hasHead {
      let head = census.weights(of: .head)
      tables += head > 0 ? head : stages.contains(0) ? 0 : census.weights(of: .embedding)
      for layer in model.layers..<model.layers + model.predictors where !add(layer) {
        return nil
      }
      // Joint and norms of the predictors are not multiplied with in eight bits.
      let blocks = (model.layers..<model.layers + model.predictors)
        .compactMap { model.blockWeights($0)?.total }.reduce(0, +)
      tables += census.prediction - blocks + model.width
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
