extension [Tensor] {
  /// Changes some of the tensors in place, on several threads; no place may be named twice.
  /// - Parameter body: gets a tensor, and which of the places it stands at.
  mutating func updateEach(
    at places: [Int], _ body: @Sendable (_ tensor: inout Tensor, _ turn: Int) -> Void
  ) {
    let count = places.reduce(0) { $0 + self[$1].count }
    withUnsafeMutableBufferPointer { tensors in
      nonisolated(unsafe) let tensors = tensors
      // Each number comes from memory and goes back there: the time of a few operations.
      Threads.forEachBlock(places.count, work: 8 * count) { body(&tensors[places[$0]], $0) }
    }
  }
}
