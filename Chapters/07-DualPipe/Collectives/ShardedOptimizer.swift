import Tensors

/// An optimizer whose memory is shared out: each rank remembers 1/N of the weights' moments.
///
/// The weights lie end to end and are cut into N equal runs, whose ends need not be the ends of
/// weights: each rank gets as much as the others, and reduce-scatter and all-gather work on
/// such runs anyway. A rule that moves each number by itself, as AdamW does, cannot tell the
/// difference; one that looks at whole matrices, as Muon does, can and must not be given.
/// Papers: ZeRO §5, stage 1; V3 §3.2.
public struct ShardedOptimizer: Sendable {
  /// The weights of the model.
  public let weights: FlatWeights
  /// The run of numbers that this rank moves.
  public let run: Range<Int>
  private let segments: [Segment]
  private var rule: any Optimizer

  /// The part of one weight that lies in the run.
  private struct Segment: Sendable {
    let entry: Int
    let range: Range<Int>
    /// The rule's weight: a row, if the weight is a matrix, so that it decays like one.
    let parameter: Parameter
  }

  /// Shares out the memory of a rule.
  /// - Parameter rule: makes the optimizer of some weights.
  public init(
    _ weights: FlatWeights, in group: RankGroup,
    rule: ([(name: String, parameter: Parameter)]) -> any Optimizer
  ) {
    let run = Pieces(of: weights.count, among: group.count)[group.index]
    let segments = weights.entries.enumerated().compactMap { index, entry -> Segment? in
      let range = entry.range.clamped(to: run)
      guard !range.isEmpty else { return nil }
      let inside = range.lowerBound - entry.range.lowerBound
      let part = entry.parameter.value.flat.piece(inside..<inside + range.count)
      let shape = entry.parameter.shape.count < 2 ? [range.count] : [1, range.count]
      return Segment(
        entry: index, range: range, parameter: Parameter(part.reshaped(to: shape)))
    }
    (self.weights, self.run, self.segments) = (weights, run, segments)
    self.rule = rule(segments.map { (weights.entries[$0.entry].name, $0.parameter) })
  }

  /// The numbers that the rule remembers on this rank.
  public var memory: Int { rule.state.reduce(0) { $0 + $1.tensor.count } }

  /// Adds the gradients of all ranks, moves this rank's run, and collects the runs of the
  /// others.
  ///
  /// The traffic is that of one all-reduce. To clip, all ranks need the norm of the whole
  /// gradient, of which each knows a part: one more number a rank.
  /// - Parameter limit: the largest norm of the gradient; none without it.
  /// - Returns: the norm before it was clipped; if it is not finite, nothing has moved.
  public mutating func step(
    _ gradients: Gradients, in group: RankGroup, clippedTo limit: Float? = nil,
    factor: Float = 1
  ) throws(ClusterError) -> Float {
    let presence = try group.sums(weights.presence(of: gradients))
    var sum = try group.reduceScattered(weights.numbers(of: gradients))
    let squares = segments.reduce(0) { $0 + sum.piece(place(of: $1)).sumOfSquares }
    let norm = Float(try group.sums([squares])[0].squareRoot())
    guard norm.isFinite else { return norm }
    if let limit, norm > limit { sum.scale(by: limit / norm) }
    var own = Gradients()
    for segment in segments where presence[segment.entry] > 0 {
      own[segment.parameter] =
        sum.piece(place(of: segment)).reshaped(to: segment.parameter.shape)
    }
    rule.step(own, factor: factor)
    let moved = Tensor.concatenated(segments.map { $0.parameter.value.flat }, along: 0)
    weights.values = .concatenated(try group.allGathered(moved), along: 0)
    return norm
  }

  /// Where the numbers of a segment lie in the run.
  private func place(of segment: Segment) -> Range<Int> {
    segment.range.lowerBound - run.lowerBound..<segment.range.upperBound - run.lowerBound
  }
}
