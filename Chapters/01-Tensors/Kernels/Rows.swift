/// Row-wise work on fresh tensors: each kernel that treats rows alike is one call of this.
package enum Rows {
  /// Runs a body for blocks of rows, on several threads when the work is worth it.
  ///
  /// There are at most 16 blocks, and their edges depend on the number of rows alone.
  package static func forEachBlock(
    _ rows: Int, work: Int, _ body: @Sendable (_ block: Int, Range<Int>) -> Void
  ) {
    let size = blockSize(rows)
    guard size > 0 else { return }
    Threads.forEachBlock((rows + size - 1) / size, work: work) { block in
      body(block, block * size..<min(rows, (block + 1) * size))
    }
  }

  /// The number of blocks that `forEachBlock` makes.
  package static func blockCount(_ rows: Int) -> Int {
    rows == 0 ? 0 : (rows + blockSize(rows) - 1) / blockSize(rows)
  }

  private static func blockSize(_ rows: Int) -> Int { (rows + 15) / 16 }
}

extension Tensor {
  /// The memory of a tensor that nobody else has seen yet, for its first filling.
  package var fresh: UnsafeMutablePointer<Float> { memory.base }
}
