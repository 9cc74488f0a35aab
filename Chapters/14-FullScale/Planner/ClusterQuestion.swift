import Checkpoints
import DualPipe

/// What somebody wants to train, on what, and for how much.
public struct ClusterQuestion: Sendable, Equatable {
  /// The sizes.
  public var model: DecoderConfiguration
  /// The cards.
  public var accelerator: Accelerator
  /// How many of them.
  public var cards: Int
  /// The tokens to train on.
  public var tokens: Double
  /// Dollars for an hour of a card.
  public var rent: Double
  /// MFU, against the peak in sixteen bits.
  ///
  /// V3's by default, whatever the card: what is not known better is not made up.
  public var utilization: Double
  /// The tokens of a step: V3's unless given.
  public var batch: Int
  /// The tokens of a sequence, and of a micro-batch.
  public var context: Int

  /// Asks; what is left out is V3's.
  public init(
    _ model: DecoderConfiguration = .v3, on accelerator: Accelerator = .h800, cards: Int = 2048,
    tokens: Double = HoursPerTrillion.v3Tokens, rent: Double = 2,
    utilization: Double = MeasuredStep.multiPlane.utilization(),
    batch: Int = Int(MeasuredStep.tokens), context: Int = 4096
  ) {
    (self.model, self.accelerator, self.cards) = (model, accelerator, cards)
    (self.tokens, self.rent, self.utilization) = (tokens, rent, utilization)
    (self.batch, self.context) = (batch, context)
  }

  /// The formats and recomputation that go with the card: products in eight bits where it has them.
  public var formats: NumberFormats {
    accelerator.eightBitPeak > accelerator.brainPeak ? .v3 : .brain
  }

  /// Operations, hours and dollars; nil if 64 bits cannot count them.
  public var estimate: TrainingEstimate? {
    model.trainingWork(context: context).map {
      TrainingEstimate(
        flopsPerToken: Double($0.total), tokens: tokens, peak: accelerator.brainPeak,
        cards: Double(cards), utilization: utilization, rent: rent)
    }
  }

  /// The part of the memory that a plan may fill; the rest is for libraries and buffers.
  public static let usable = 0.9

  // snippet.layouts
  /// The layouts that fit, those with the shortest pipelines first, and of those with the fewest
  /// cards to a layer's experts.
  ///
  /// DualPipe where there are experts, whose rows it hides; else ZB1P, which needs one copy. A
  /// pipeline needs twice as many micro-batches as it has ranks.
  public func layouts() -> [(layout: TrainingLayout, memory: MemoryPlan)] {
    let count = model.experts?.count ?? 1
    let spreads = [1, 2, 4, 8, 16, 32, 64, 128, 256].filter { count.isMultiple(of: $0) }
    return [1, 2, 4, 8, 16, 32, 64].filter { $0 <= max(model.layers, 1) }.flatMap { pipeline in
      let method: PipelineMethod =
        pipeline == 1 ? .oneForwardOneBackward : count > 1 ? .dualPipe : .zeroBubble
      let cut = StageCut.balanced(model, stages: pipeline)
      return spreads.compactMap { spread -> (layout: TrainingLayout, memory: MemoryPlan)? in
        guard cards.isMultiple(of: pipeline * spread) else { return nil }
        let layout = TrainingLayout(
          method: method, pipeline: pipeline, experts: spread, cards: cards,
          microBatch: context)
        guard layout.microBatches(sequences: batch / context, length: context) >= 2 * pipeline,
          let memory = MemoryPlan.fullest(of: model, layout, formats, cut: cut),
          memory.total <= Self.usable * accelerator.memory
        else { return nil }
        return (layout, memory)
      }
    }
  }
  // snippet.end
}
