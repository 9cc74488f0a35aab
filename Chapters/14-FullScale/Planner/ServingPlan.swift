import Checkpoints

/// What it takes to serve a model: the fewest cards of a unit, and what each has room for.
public struct ServingPlan: Sendable, Equatable {
  /// The cards of the unit.
  public let cards: Int
  /// Bytes of weights on each, in eight bits, embedding and head in sixteen.
  public let weights: Double
  /// Bytes of cache for each token of a text.
  public let cacheBytes: Int
  /// The tokens of cache for which a card has room.
  public let cachedTokens: Int

  /// The texts of a length that fit on a card.
  public func texts(of length: Int) -> Int { cachedTokens / length }

  /// Plans a unit of some cards: each attends to its own texts, experts are spread.
  ///
  /// A model without experts has all of its weights spread, as with tensor parallelism.
  /// - Returns: nil if the weights fill the memory, or cannot be counted.
  public init?(_ model: DecoderConfiguration, on accelerator: Accelerator, cards: Int) {
    guard let census = ModelCensus(model), cards > 0 else { return nil }
    let eightBit = accelerator.eightBitPeak > accelerator.brainPeak
    let width = eightBit ? NumberFormats.v3.working : 2.0
    let tables = Double(census.weights(of: .embedding) + census.weights(of: .head))
    let experts = Double(census.weights(of: .routedExperts))
    let common = Double(census.total) - tables - experts
    if let count = model.experts?.count {
      // Whole experts: the fullest card counts.
      let share = Double((count + cards - 1) / cards) / Double(count)
      weights = 2 * tables + width * (common + experts * share)
    } else {
      weights = (2 * tables + width * common) / Double(cards)
    }
    // A card that needs its neighbours for its weights shares its texts with them.
    let bytes = model.cacheBytesPerToken()
    let room = ClusterQuestion.usable * accelerator.memory - weights
    guard room > 0, bytes > 0 else { return nil }
    self.cards = cards
    cacheBytes = bytes
    let split = model.experts == nil ? Double(cards) : 1
    cachedTokens = Int(room * split / Double(bytes))
  }

  /// The fewest cards, of 1, 2, 4, 8 and so on, on which each has room for one text of a length.
  public static func smallest(
    _ model: DecoderConfiguration, on accelerator: Accelerator, context: Int = 131_072
  ) -> ServingPlan? {
    var cards = 1
    while cards <= 1024 {
      if let plan = ServingPlan(model, on: accelerator, cards: cards),
        plan.cachedTokens >= context
      {
        return plan
      }
      cards *= 2
    }
    return nil
  }
}
