/// What a layer's forward and backward pass put on the two lanes of a GPU, in any unit of time.
///
/// The compute lane multiplies matrices; the communication lane moves rows between ranks.
/// Paper: V3 §3.2.1, figure 4.
public struct PairCosts: Sendable, Equatable {
  /// ATTN(F), attention forward.
  public var attentionForward: Double
  /// ATTN(B), attention backward for its input.
  public var attentionInputs: Double
  /// ATTN(W), attention backward for its weights.
  public var attentionWeights: Double
  /// MLP(F), the experts forward.
  public var expertsForward: Double
  /// MLP(B), the experts backward for their input.
  public var expertsInputs: Double
  /// MLP(W), the experts backward for their weights.
  public var expertsWeights: Double
  /// DISPATCH(F), rows to their experts.
  public var dispatchForward: Double
  /// DISPATCH(B), the gradients of those rows back.
  public var dispatchBackward: Double
  /// COMBINE(F), the experts' rows back.
  public var combineForward: Double
  /// COMBINE(B), their gradients to the experts.
  public var combineBackward: Double
  /// PP, rows and gradients to the neighbours in the pipeline.
  public var pipeline: Double

  /// Describes the costs; what is not given takes one unit, and the pipeline's messages no
  /// time.
  public init(
    attentionForward: Double = 1, attentionInputs: Double = 1, attentionWeights: Double = 1,
    expertsForward: Double = 1, expertsInputs: Double = 1, expertsWeights: Double = 1,
    dispatchForward: Double = 1, dispatchBackward: Double = 1, combineForward: Double = 1,
    combineBackward: Double = 1, pipeline: Double = 0
  ) {
    self.attentionForward = attentionForward
    self.attentionInputs = attentionInputs
    self.attentionWeights = attentionWeights
    self.expertsForward = expertsForward
    self.expertsInputs = expertsInputs
    self.expertsWeights = expertsWeights
    self.dispatchForward = dispatchForward
    self.dispatchBackward = dispatchBackward
    self.combineForward = combineForward
    self.combineBackward = combineBackward
    self.pipeline = pipeline
  }
}

/// A layer's forward pass and another's backward pass, overlapped on two lanes in two phases.
///
/// | lane | phase 1 | phase 2 |
/// |---|---|---|
/// | compute | MLP(B), MLP(W), MLP(F) | ATTN(B), ATTN(W), ATTN(F) |
/// | communication | DISPATCH(F), DISPATCH(B) | COMBINE(F), PP, COMBINE(B) |
///
/// Both lanes wait for each other at the end of a phase, so the pair lasts Σ max(compute,
/// communication) over the phases; without overlap the same work lasts the sum of both lanes.
/// Paper: V3 §3.2.1, figure 4.
public struct PairModel: Sendable, Equatable {
  /// One of the two lanes.
  public enum Lane: String, Sendable, CaseIterable {
    /// Matrix products.
    case compute
    /// Rows on their way between ranks.
    case communication
  }

  /// A piece of work on a lane, and when it runs.
  public struct Part: Sendable, Equatable {
    /// The name in the paper's figure, such as `MLP(B)`.
    public let name: String
    /// Its lane.
    public let lane: Lane
    /// Its phase, from 0.
    public let phase: Int
    /// When it begins.
    public let start: Double
    /// How long it lasts.
    public let duration: Double

    /// Whether it belongs to the backward chunk.
    public var isBackward: Bool { name.hasSuffix("(B)") || name.hasSuffix("(W)") }
  }

  /// The costs.
  public let costs: PairCosts
  /// All parts in the order of the figure.
  public let parts: [Part]
  /// When each phase ends.
  public let barriers: [Double]

  /// Lays out a pair.
  public init(_ costs: PairCosts = PairCosts()) {
    self.costs = costs
    let works: [(phase: Int, lane: Lane, name: String, duration: Double)] = [
      (0, .compute, "MLP(B)", costs.expertsInputs),
      (0, .compute, "MLP(W)", costs.expertsWeights),
      (0, .compute, "MLP(F)", costs.expertsForward),
      (0, .communication, "DISPATCH(F)", costs.dispatchForward),
      (0, .communication, "DISPATCH(B)", costs.dispatchBackward),
      (1, .compute, "ATTN(B)", costs.attentionInputs),
      (1, .compute, "ATTN(W)", costs.attentionWeights),
      (1, .compute, "ATTN(F)", costs.attentionForward),
      (1, .communication, "COMBINE(F)", costs.combineForward),
      (1, .communication, "PP", costs.pipeline),
      (1, .communication, "COMBINE(B)", costs.combineBackward),
    ]
    var parts: [Part] = []
    var barriers = [0.0, 0.0]
    for phase in 0...1 {
      let begin = phase == 0 ? 0 : barriers[0]
      barriers[phase] = begin
      for lane in Lane.allCases {
        var clock = begin
        for work in works where work.phase == phase && work.lane == lane {
          parts.append(
            Part(
              name: work.name, lane: lane, phase: phase, start: clock, duration: work.duration))
          clock += work.duration
        }
        barriers[phase] = max(barriers[phase], clock)
      }
    }
    (self.parts, self.barriers) = (parts, barriers)
  }

  /// F&B, the time of the overlapped pair.
  public var time: Double { barriers[1] }

  /// F + B, the time of the same work when nothing overlaps.
  public var sequential: Double { parts.reduce(0) { $0 + $1.duration } }

  /// F&B / (F + B): what overlap leaves of the time.
  public var ratio: Double { sequential > 0 ? time / sequential : 1 }

  /// How long a lane works during the pair.
  public func busy(_ lane: Lane) -> Double {
    parts.reduce(0) { $0 + ($1.lane == lane ? $1.duration : 0) }
  }

  /// What a schedule's operations cost if each lasts as its parts do.
  ///
  /// Messages of the pipeline count for the pair's forward chunk.
  public var schedule: Costs {
    let weights = costs.attentionWeights + costs.expertsWeights
    let backward = parts.reduce(0) { $0 + ($1.isBackward ? $1.duration : 0) }
    return Costs(
      forward: sequential - backward, backward: backward, weights: weights, pair: time)
  }
}

/// What DeepSeek's published profile of one overlapped pair shows, in milliseconds.
///
/// An H800, expert parallelism over 64 ranks, 4096 tokens, four layers a chunk, no messages of
/// the pipeline. Source: the repository deepseek-ai/profile-data, train.json.
public enum PairTrace {
  /// The whole pair.
  public static let pair = 129.0
  /// How long the stream of products is busy.
  public static let compute = 118.0
  /// How long the stream of messages is busy.
  public static let communication = 115.0
  /// The layers of a chunk.
  public static let layers = 4
  /// The multiprocessors that move rows, and those that multiply.
  public static let multiprocessors = (communication: 20, compute: 112)
  /// F&B / (F + B), if each stream would be as long alone.
  public static var ratio: Double { pair / (compute + communication) }
  /// How long the products would take with all multiprocessors, if more of them mean less time.
  public static var unhindered: Double {
    let (senders, workers) = multiprocessors
    return compute * Double(workers) / Double(senders + workers)
  }
}
