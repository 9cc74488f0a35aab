import DualPipe
import Tensors

/// How a training is laid out on cards.
public struct TrainingLayout: Sendable, Equatable {
  /// The schedule of the pipeline.
  public var method: PipelineMethod
  /// PP, the cards of one pipeline.
  public var pipeline: Int
  /// EP, the cards over which the experts of a layer are spread.
  public var experts: Int
  /// All cards.
  public var cards: Int
  /// Whether each copy of a weight keeps only its share of master weights and moments: ZeRO-1.
  public var sharesOptimizer: Bool
  /// The tokens of a micro-batch.
  public var microBatch: Int

  /// Describes a layout.
  public init(
    method: PipelineMethod = .dualPipe, pipeline: Int, experts: Int, cards: Int,
    sharesOptimizer: Bool = true, microBatch: Int = 4096
  ) {
    insist(
      pipeline > 0 && experts > 0 && microBatch > 0 && cards > 0
        && cards.isMultiple(of: pipeline * experts),
      "TrainingLayout: \(cards) cards for pipelines of \(pipeline) and experts over \(experts); "
        + "both together must divide the cards")
    (self.method, self.pipeline, self.experts) = (method, pipeline, experts)
    (self.cards, self.sharesOptimizer, self.microBatch) = (cards, sharesOptimizer, microBatch)
  }

  /// V3's own: 16 cards in a pipeline, experts over 64, 2048 cards; V3 §3.2.
  public static let v3 = TrainingLayout(pipeline: 16, experts: 64, cards: 2048)

  /// The stages into which the model is cut.
  public var stages: Int { pipeline * method.stagesPerRank / method.copies }
  /// DP, the pipelines side by side.
  public var pipelines: Int { cards / pipeline }
  /// How many cards hold the same common weight.
  public var commonCopies: Int { pipelines * method.copies }
  /// How many cards hold the same expert.
  public var expertCopies: Int { pipelines / experts * method.copies }

  /// The stages on a rank of the pipeline: r and P − 1 − r under DualPipe.
  public func stages(on rank: Int) -> [Int] {
    let last = stages - 1
    return switch method {
    case .gpipe, .oneForwardOneBackward, .zeroBubble, .zeroBubbleTwice: [rank]
    case .interleaved: [rank, rank + pipeline]
    case .chimera, .dualPipe, .dualPipeV: [rank, last - rank]
    }
  }

  /// The micro-batches that each pipeline works on in a step of some sequences.
  public func microBatches(sequences: Int, length: Int) -> Int {
    sequences * length / microBatch / pipelines
  }
}
