/// The part of a matrix that shares one scale when weights are stored in eight bits:
/// `weight_block_size`.
public struct WeightBlock: Equatable, Hashable, Sendable {
  /// The number of rows of a block.
  public var rows: Int
  /// The number of columns of a block.
  public var columns: Int

  /// Creates a block.
  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }
}
