extension PipelineMethod {
  /// The published bubble: how long the rank that waits most is idle in one step.
  ///
  /// Costs are those of one chunk. It holds where `time` does. Papers: Zero bubble, table 2;
  /// V3, table 2; Li and Hoefler 2021, §3.1.
  public func bubble(ranks: Int, costs: Costs = Costs()) -> Double {
    let (p, f, b, w) = (Double(ranks), costs.forward, costs.backward, costs.weights)
    return switch self {
    case .gpipe, .oneForwardOneBackward, .interleaved: (p - 1) * (f + b)
    case .zeroBubble: (p - 1) * (f + b - 2 * w)
    case .zeroBubbleTwice: (p - 1) * (f + b - 3 * w)
    case .chimera: (p - 2) * b
    case .dualPipe: (p / 2 - 1) * (costs.pair + b - 3 * w)
    case .dualPipeV: (p - 1) * (costs.pair + b - 3 * w)
    }
  }

  /// The time of a step in closed form, or nil where none is known; messages take no time.
  ///
  /// | schedule | time | where |
  /// |---|---|---|
  /// | GPipe, 1F1B | (M + P - 1)(F + B) | always |
  /// | interleaved, v = 2 | (vM + P - 1)(F + B) | P divides M |
  /// | ZB1P | M(F + B) + (P - 1)(F + B - 2W) | M ≥ P, W ≤ F, W ≤ I |
  /// | | (M + P - 1)(F + I) + W | M ≤ P, F = I = W |
  /// | ZB-H2, of a rank | M(F + B) + (P - 1)(F + B - 3W) | M ≥ 2P - 1, W ≤ F, W ≤ I |
  /// | Chimera, M = kP | M(F + B) + (P - 2)(B + (k - 1)(B - F)) | F ≤ B |
  /// | DualPipe | (M - P - 1)F&B + (P + 1)(F + B) + (P/2 - 1)(F&B + B - 3W) | F = I, W ≤ F, B ≤ F&B |
  /// | DualPipeV | the same with 2P for P and 2M for M | the same |
  ///
  /// The time of ZB-H2 is `Timetable.longestSpan`, those of the others `Timetable.makespan`.
  public func time(ranks: Int, microBatches: Int, costs: Costs = Costs()) -> Double? {
    guard costs.transfer == 0, ranks > 0, microBatches > 0 else { return nil }
    let (p, m) = (Double(ranks), Double(microBatches))
    let (f, b, w) = (costs.forward, costs.backward, costs.weights)
    let isLight = w <= min(f, costs.inputs)
    let bubble = bubble(ranks: ranks, costs: costs)
    switch self {
    case .gpipe, .oneForwardOneBackward: return m * (f + b) + bubble
    case .interleaved: return microBatches % ranks == 0 ? 2 * m * (f + b) + bubble : nil
    case .zeroBubble:
      if microBatches >= ranks { return isLight ? m * (f + b) + bubble : nil }
      return f == w && costs.inputs == w ? (m + p - 1) * (f + costs.inputs) + w : nil
    case .zeroBubbleTwice:
      return isLight && microBatches >= 2 * ranks - 1 ? m * (f + b) + bubble : nil
    case .chimera:
      guard ranks % 2 == 0, microBatches % ranks == 0, f <= b else { return nil }
      return m * (f + b) + bubble + (p - 2) * (m / p - 1) * (b - f)
    case .dualPipe:
      guard ranks % 2 == 0, microBatches % 2 == 0 else { return nil }
      return Self.pairTime(stages: ranks, chunks: microBatches, bubble: bubble, costs)
    case .dualPipeV:
      return Self.pairTime(stages: 2 * ranks, chunks: 2 * microBatches, bubble: bubble, costs)
    }
  }

  private static func pairTime(
    stages: Int, chunks: Int, bubble: Double, _ costs: Costs
  ) -> Double? {
    let (f, b) = (costs.forward, costs.backward)
    guard chunks >= 2 * stages, f == costs.inputs, costs.weights <= f, costs.pair >= b else {
      return nil
    }
    return Double(chunks - stages - 1) * costs.pair + Double(stages + 1) * (f + b) + bubble
  }

  /// The most chunks that a rank ever holds, when there are enough micro-batches.
  ///
  /// Of ZB1P and ZB-H2, whose last ranks hold gradients of weights in the chunks' stead, chunks
  /// and waiting gradients together.
  public func activations(ranks: Int, microBatches: Int) -> Int {
    switch self {
    case .gpipe: microBatches
    case .oneForwardOneBackward, .zeroBubble, .chimera: min(ranks, microBatches)
    case .interleaved: min(3 * ranks - 1, 2 * microBatches)
    case .zeroBubbleTwice: min(2 * ranks - 1, microBatches)
    case .dualPipe: ranks + 1
    case .dualPipeV: 2 * ranks + 1
    }
  }

  /// How many copies of every stage there are among the ranks.
  public var copies: Int {
    switch self {
    case .chimera, .dualPipe: 2
    default: 1
    }
  }

  /// How many stages a rank holds.
  public var stagesPerRank: Int {
    switch self {
    case .interleaved, .chimera, .dualPipe, .dualPipeV: 2
    default: 1
    }
  }
}

/// A row of V3's table 2: what a method costs when the model is cut into so many stages.
public struct PipelineRow: Sendable, Equatable {
  /// The method.
  public let method: PipelineMethod
  /// Its bubble as printed.
  public let formula: String
  /// Its bubble.
  public let bubble: Double
  /// The stages whose parameters a device holds.
  public let parameters: Int
  /// The chunks whose activations a device holds.
  public let activations: Int
  /// The devices.
  public let devices: Int

  /// V3's table 2, with DualPipeV's row from the DualPipe repository, for PP stages.
  public static func table(stages: Int, costs: Costs = Costs()) -> [PipelineRow] {
    let rows: [(PipelineMethod, String, Int)] = [
      (.oneForwardOneBackward, "(PP - 1)(F + B)", stages),
      (.zeroBubble, "(PP - 1)(F + B - 2W)", stages),
      (.dualPipe, "(PP/2 - 1)(F&B + B - 3W)", stages),
      (.dualPipeV, "(PP/2 - 1)(F&B + B - 3W)", stages / 2),
    ]
    return rows.map { method, formula, devices in
      PipelineRow(
        method: method, formula: formula, bubble: method.bubble(ranks: devices, costs: costs),
        parameters: method.stagesPerRank,
        activations: method.activations(ranks: devices, microBatches: 2 * stages),
        devices: devices)
    }
  }
}
