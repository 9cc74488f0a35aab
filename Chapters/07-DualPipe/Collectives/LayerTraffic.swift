/// The bytes that one token causes in one layer, forward and backward, by the way the work is
/// cut.
///
/// All bytes on all links are counted, for activations in two bytes and dispatched rows in one.
public struct LayerTraffic: Sendable, Equatable {
  /// The width of a row.
  public let width: Int

  /// Counts for rows of a width.
  public init(width: Int) { self.width = width }

  /// Tensor parallelism over N ranks: four all-reduces, after attention and after the
  /// feed-forward layer, forward and backward; in each, the ranks send 2 (N − 1) rows together.
  public func tensorParallel(ranks: Int) -> Int { 4 * 2 * (ranks - 1) * 2 * width }

  /// Expert parallelism: a row to each of some places in eight bits with its scales, and one
  /// back in sixteen; the same on the way back.
  /// - Parameter copies: the places that a token is sent to, such as nodes other than its own.
  public func expertParallel(copies: Double) -> Double {
    let bytes = RowFormat.eightBit.bytes(width: width) + RowFormat.brain.bytes(width: width)
    return 2 * copies * Double(bytes)
  }

  /// Pipeline parallelism: a row from stage to stage and its gradient back, spread over the
  /// layers of a stage.
  public func pipelineParallel(layersPerStage: Double) -> Double {
    2 * Double(RowFormat.brain.bytes(width: width)) / layersPerStage
  }
}
