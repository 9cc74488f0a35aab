/// The published ways to schedule a pipeline that this chapter builds.
public enum PipelineMethod: String, CaseIterable, Sendable {
  /// All forward passes, then all backward passes.
  case gpipe
  /// A backward pass as soon as there can be one.
  case oneForwardOneBackward = "1f1b"
  /// 1F1B with several stages a rank.
  case interleaved
  /// 1F1B with the weights' gradients put off, in the memory of 1F1B: ZB-H1, V3's ZB1P.
  case zeroBubble = "zb1p"
  /// The same in nearly twice the memory: ZB-H2.
  case zeroBubbleTwice = "zb-h2"
  /// Two pipelines in opposite ways.
  case chimera
  /// Two ways, and forward passes overlapped with backward passes.
  case dualPipe = "dualpipe"
  /// The half of DualPipe, on half of the ranks.
  case dualPipeV = "dualpipev"

  /// The name that the papers print.
  public var title: String {
    switch self {
    case .gpipe: "GPipe"
    case .oneForwardOneBackward: "1F1B"
    case .interleaved: "Interleaved 1F1B"
    case .zeroBubble: "ZB1P"
    case .zeroBubbleTwice: "ZB-H2"
    case .chimera: "Chimera"
    case .dualPipe: "DualPipe"
    case .dualPipeV: "DualPipeV"
    }
  }

  /// Lays the schedule out.
  public func schedule(
    ranks: Int, microBatches: Int
  ) throws(ScheduleError) -> PipelineSchedule {
    switch self {
    case .gpipe: try .gpipe(ranks: ranks, microBatches: microBatches)
    case .oneForwardOneBackward:
      try .oneForwardOneBackward(ranks: ranks, microBatches: microBatches)
    case .interleaved: try .interleaved(ranks: ranks, microBatches: microBatches)
    case .zeroBubble: try .zeroBubble(ranks: ranks, microBatches: microBatches)
    case .zeroBubbleTwice: try .zeroBubbleTwice(ranks: ranks, microBatches: microBatches)
    case .chimera: try .chimera(ranks: ranks, microBatches: microBatches)
    case .dualPipe: try .dualPipe(ranks: ranks, microBatches: microBatches)
    case .dualPipeV: try .dualPipeV(ranks: ranks, microBatches: microBatches)
    }
  }
}

extension PipelineSchedule {
  /// The names that `named` knows.
  public static var names: [String] { PipelineMethod.allCases.map(\.rawValue) }

  /// The schedule of a name, such as `1f1b`, for a number of ranks and of micro-batches.
  public static func named(
    _ name: String, ranks: Int, microBatches: Int
  ) throws(ScheduleError) -> PipelineSchedule {
    guard let method = PipelineMethod(rawValue: name) else { throw .unknown(name: name) }
    return try method.schedule(ranks: ranks, microBatches: microBatches)
  }
}
