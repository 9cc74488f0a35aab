import Checkpoints
import DualPipe

/// What it would take: the answer to a question.
public struct ClusterPlan: Sendable {
  /// The question.
  public let question: ClusterQuestion
  /// Operations, hours and dollars.
  public let estimate: TrainingEstimate
  /// The layout with the shortest pipeline that fits; nil if none does.
  public let layout: TrainingLayout?
  /// What its fullest card holds.
  public let memory: MemoryPlan?
  /// The share of a step in which a card waits for the pipeline, by the schedule alone.
  public let idle: Double
  /// The fewest cards, of 1, 2, 4 and so on, on which any layout fits.
  public let fewestCards: Int?
  /// The fewest cards that serve the model with a context of 128 K.
  public let serving: ServingPlan?
  /// A card of a unit in which each holds one expert, or of the smallest unit.
  public let decoding: DecodingCard?
  /// The switches; nil if planes of two layers do not reach.
  public let network: NetworkPlan?

  /// The most cards that are tried.
  private static let mostCards = 1 << 17

  /// Answers; nil when 64 bits cannot count the model.
  public init?(_ question: ClusterQuestion) {
    guard let estimate = question.estimate else { return nil }
    self.question = question
    self.estimate = estimate
    let best = question.layouts().first
    (layout, memory) = (best?.layout, best?.memory)
    idle = best.map { Self.idle($0.layout, question) } ?? 0
    let serving = ServingPlan.smallest(question.model, on: question.accelerator)
    self.serving = serving
    decoding = question.model.experts.flatMap { experts in
      DecodingCard(
        question.model, on: question.accelerator,
        cards: max(experts.count, serving?.cards ?? 1),
        tokens: 32)
    }
    network = NetworkPlan(cards: question.cards)
    var few = 1
    var smaller = question
    while few <= Self.mostCards {
      smaller.cards = few
      if !smaller.layouts().isEmpty { break }
      few *= 2
    }
    fewestCards = few <= Self.mostCards ? few : nil
  }

  /// bubble / (M · F&B + bubble), with the costs that were measured of V3.
  private static func idle(_ layout: TrainingLayout, _ question: ClusterQuestion) -> Double {
    guard layout.pipeline > 1, let costs = try? MeasuredStep.multiPlane.costs() else {
      return 0
    }
    let bubble = layout.method.bubble(ranks: layout.pipeline, costs: costs)
    let count = layout.microBatches(
      sequences: question.batch / question.context, length: question.context)
    let work = costs.pair * Double(count)
    return bubble / (work + bubble)
  }
}
