import Attention
import Tensors

/// The loops of a mixture of experts: expert by expert over sorted rows.
package struct MixtureKernel: Sendable {
  package let order: ExpertOrder
  package let experts: [SwiGLUFeedForward]
  package let rows: [Int32]
  package let busy: [Int]
  package let width, hidden: Int

  package init(_ order: ExpertOrder, _ experts: [SwiGLUFeedForward], width: Int) {
    self.order = order
    self.experts = experts
    self.width = width
    rows = order.rows
    busy = order.busy
    hidden = experts.first?.gate.weight.shape[0] ?? 0
    insist(
      experts.count == order.loads.count
        && experts.allSatisfy { $0.gate.weight.shape == [hidden, width] },
      "mixture: rows of \(width) and \(order.loads.count) loads for \(experts.count) experts")
  }

  package var slots: Int { order.slots.count }

  /// The mixture, and the products with gate and up, side by side in sorted order.
  /// - Shape: x [tokens, width] → [tokens, width], [slots, 2 · hidden]
  func forward(
    _ x: Tensor, _ weights: Tensor, packing: Bool
  ) -> (output: Tensor, gatesAndUps: Tensor) {
    let inner = Tensor(uninitialized: [slots, 2 * hidden])
    let outer = Tensor(uninitialized: [slots, width])
    nonisolated(unsafe) let (source, gu, out) = (x.address, inner.fresh, outer.fresh)
    // For few rows the time goes into fetching the weights, as in `MatrixProductKernel.multiply`.
    let work = 6 * (slots + 20 * busy.count) * width * hidden
    Threads.forEachBlock(busy.count, work: work) { index in
      let (expert, start, count) = place(busy[index])
      let scratch = Tensor(uninitialized: [count * max(width, hidden)])
      let (gathered, h) = (scratch.fresh, scratch.fresh)
      gather(start, count, from: source, into: gathered)
      let rows = Operand(gathered, row: width, column: 1)
      multiply(
        count, rows, expert.gate, packing,
        into: Result(gu + start * 2 * hidden, row: 2 * hidden)
      )
      multiply(
        count, rows, expert.up, packing,
        into: Result(gu + start * 2 * hidden + hidden, row: 2 * hidden))
      for row in 0..<count {
        MixtureRows.gate(hidden, gu + (start + row) * 2 * hidden, into: h + row * hidden)
      }
      multiply(
        count, Operand(h, row: hidden, column: 1), expert.down, packing,
        into: Result(out + start * width, row: width))
    }
    let output = combined(outer, weights)
    withExtendedLifetime((x, inner)) {}
    return (output, inner)
  }

  package func place(_ expert: Int) -> (SwiGLUFeedForward, start: Int, count: Int) {
    (experts[expert], order.starts[expert], order.loads[expert])
  }

  /// Copies the rows of one expert next to each other.
  func gather(
    _ start: Int, _ count: Int, from source: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<count {
      (target + row * width).update(
        from: source + Int(rows[start + row]) * width, count: width)
    }
  }

  /// Multiplies rows by a transposed weight; packed, if the weight serves other shards too.
  private func multiply(
    _ count: Int, _ a: Operand, _ map: Linear, _ packing: Bool, into c: Result
  ) {
    if packing {
      MatrixProductKernel.serial(count, a, map.weight.packed(.right), into: c)
    } else {
      let weight = map.weight.value
      let (outputs, inputs) = (weight.shape[0], weight.shape[1])
      MatrixProductKernel.serial(
        count, outputs, inputs, a, Operand(weight.address, row: 1, column: inputs), into: c)
      withExtendedLifetime(weight) {}
    }
  }

  // snippet.combine
  /// The sum of the rows that belong to each token, in the order of its slots.
  ///
  /// Every token is written once and read by nobody else, so any number of threads may do it.
  package func combined(_ sorted: Tensor, _ weights: Tensor?) -> Tensor {
    let result = Tensor(uninitialized: [order.tokens, width])
    nonisolated(unsafe) let (source, out) = (sorted.address, result.fresh)
    nonisolated(unsafe) let factors = weights?.address
    Rows.forEachBlock(order.tokens, work: 2 * slots * width) { _, range in
      for token in range {
        MixtureRows.sum(
          width, order.active, source, order.places, token * order.active, factors,
          into: out + token * width)
      }
    }
    withExtendedLifetime((sorted, weights)) {}
    return result
  }
  // snippet.end
}
