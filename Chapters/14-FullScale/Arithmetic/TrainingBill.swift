/// What a training took: hours of cards by stage, and what they cost at a rent.
public struct TrainingBill: Sendable, Equatable {
  /// A part of a training.
  public struct Stage: Sendable, Equatable {
    /// What was done.
    public let name: String
    /// Hours of one card.
    public let hours: Double
  }

  /// The parts in order.
  public let stages: [Stage]
  /// What an hour of a card costs, in dollars.
  public let rent: Double

  /// Makes a bill.
  public init(_ stages: [(name: String, hours: Double)], rent: Double = 2) {
    self.stages = stages.map { Stage(name: $0.name, hours: $0.hours) }
    self.rent = rent
  }

  /// All hours.
  public var hours: Double { stages.reduce(0) { $0 + $1.hours } }
  /// All dollars.
  public var dollars: Double { hours * rent }

  /// V3's own table 1, at an assumed rent of two dollars.
  ///
  /// It says what it leaves out: "prior research and ablation experiments on architectures,
  /// algorithms, or data".
  public static let v3 = TrainingBill([
    ("pre-training", 2_664_000), ("context extension", 119_000), ("post-training", 5000),
  ])

  /// What was added to make R1 of V3: the long version of its paper, supplementary table 7.
  ///
  /// This is the whole of the $294 K that newspapers printed. Its own text gives the runs: 64 · 8
  /// cards for 198 hours, and for about 80.
  public static let r1 = TrainingBill([
    ("R1-Zero", 101_000), ("data for fine-tuning", 5000), ("R1", 41_000),
  ])

  /// V3's training with R1's: the least that can be said to have made R1.
  public static let v3AndR1 = TrainingBill(
    (v3.stages + r1.stages).map { ($0.name, $0.hours) })
}

/// How many hours of cards a model takes for a trillion tokens, as its makers say.
public enum HoursPerTrillion {
  /// V3 §1, on H800.
  public static let v3 = 180e3
  /// V2 §3.2.3, on H800.
  public static let v2 = 172.8e3
  /// DeepSeek 67B, dense: V2 §3.2.3.
  public static let dense67B = 300.6e3
  /// The tokens of V3's first training.
  public static let v3Tokens = 14.8e12
  /// V2's saving against the dense model: 42.5 %.
  public static var saving: Double { 1 - v2 / dense67B }
}

/// A training that has not been run: operations, tokens, cards, and how well they are used.
public struct TrainingEstimate: Sendable, Equatable {
  /// FLOP for one token.
  public var flopsPerToken: Double
  /// Tokens to train on.
  public var tokens: Double
  /// The peak to which `utilization` refers, in FLOP/s.
  public var peak: Double
  /// The cards.
  public var cards: Double
  /// MFU: the share of the peak that is spent on the model's own operations.
  public var utilization: Double
  /// What an hour of a card costs, in dollars.
  public var rent: Double

  /// Describes a training.
  public init(
    flopsPerToken: Double, tokens: Double, peak: Double = Accelerator.h800.brainPeak,
    cards: Double = 2048, utilization: Double = MeasuredStep.multiPlane.utilization(),
    rent: Double = 2
  ) {
    (self.flopsPerToken, self.tokens, self.peak) = (flopsPerToken, tokens, peak)
    (self.cards, self.utilization, self.rent) = (cards, utilization, rent)
  }

  /// Hours of one card: FLOP for a token · tokens / (peak · MFU · 3600).
  public var hours: Double { flopsPerToken * tokens / (peak * utilization * 3600) }
  /// Days on all cards.
  public var days: Double { hours / cards / 24 }
  /// Dollars of rent.
  public var dollars: Double { hours * rent }

  /// The cards that finish within some days.
  public func cards(within days: Double) -> Double { hours / (24 * days) }

  /// The tokens that a sum of money pays for.
  public func tokens(for dollars: Double) -> Double {
    dollars / rent * 3600 * peak * utilization / flopsPerToken
  }
}
