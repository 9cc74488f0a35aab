import Attention
import Tensors

/// The loops of a mixture of experts: expert by expert over sorted rows.
struct MixtureKernel: Sendable {
  private let order: ExpertOrder
  private let experts: [SwiGLUFeedForward]
  private let rows: [Int32]
  private let busy: [Int]
  private let width, hidden: Int

  init(_ order: ExpertOrder, _ experts: [SwiGLUFeedForward], width: Int) {
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

  private var slots: Int { order.slots.count }

  /// The arithmetic operations of the products with all rows, to decide on threads.
  private var work: Int { 6 * slots * width * hidden }

  // MARK: Forward

  /// The mixture, and the products with gate and up, side by side in sorted order.
  /// - Shape: x [tokens, width] → [tokens, width], [slots, 2 · hidden]
  func forward(
    _ x: Tensor, _ weights: Tensor, packing: Bool
  ) -> (output: Tensor, gatesAndUps: Tensor) {
    let inner = Tensor(uninitialized: [slots, 2 * hidden])
    let outer = Tensor(uninitialized: [slots, width])
    nonisolated(unsafe) let (source, gu, out) = (x.address, inner.fresh, outer.fresh)
    Threads.forEachBlock(busy.count, work: work) { index in
      let (expert, start, count) = place(busy[index])
      let scratch = Tensor(uninitialized: [count * max(width, hidden)])
      let (gathered, h) = (scratch.fresh, scratch.fresh)
      // snippet.forward
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
      // snippet.end
    }
    let output = combined(outer, weights)
    withExtendedLifetime((x, inner)) {}
    return (output, inner)
  }

  private func place(_ expert: Int) -> (SwiGLUFeedForward, start: Int, count: Int) {
    (experts[expert], order.starts[expert], order.loads[expert])
  }

  /// Copies the rows of one expert next to each other.
  private func gather(
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
  private func combined(_ sorted: Tensor, _ weights: Tensor?) -> Tensor {
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

  // MARK: Backward

  /// What the inputs get back, and what the weights' gradients are made of.
  struct Shares {
    let x, weights: Tensor
    /// The gradients of gate and up, side by side in sorted order: [slots, 2 · hidden].
    let gatesAndUps: Tensor
    /// The inner row of each slot times its weight: [slots, hidden].
    let weighed: Tensor
  }

  /// The gradients of the rows and of their weights.
  func inputShares(_ upstream: Tensor, _ weights: Tensor, gatesAndUps: Tensor) -> Shares {
    let inner = Tensor(uninitialized: [slots, 2 * hidden])
    let weighed = Tensor(uninitialized: [slots, hidden])
    let outer = Tensor(uninitialized: [slots, width])
    let gates = Tensor(shape: weights.shape)
    nonisolated(unsafe) let (dy, w, gu) = (
      upstream.address, weights.address, gatesAndUps.address
    )
    nonisolated(unsafe) let (dgu, wh, dx, dw) = (
      inner.fresh, weighed.fresh, outer.fresh, gates.fresh
    )
    Threads.forEachBlock(busy.count, work: 2 * work) { index in
      let (expert, start, count) = place(busy[index])
      let scratch = Tensor(uninitialized: [count * (width + hidden)])
      let (gathered, z) = (scratch.fresh, scratch.fresh + count * width)
      // snippet.backward
      gather(start, count, from: dy, into: gathered)
      MatrixProductKernel.serial(
        count, Operand(gathered, row: width, column: 1), expert.down.weight.packed(.none),
        into: Result(z, row: hidden))
      for row in 0..<count {
        let place = start + row
        let slot = Int(order.slots[place])
        dw[slot] = MixtureRows.gatePullback(
          hidden, gu + place * 2 * hidden, z + row * hidden, weight: w[slot],
          into: dgu + place * 2 * hidden, weighed: wh + place * hidden)
      }
      let corner = dgu + start * 2 * hidden
      let target = Result(dx + start * width, row: width)
      MatrixProductKernel.serial(
        count, Operand(corner, row: 2 * hidden, column: 1), expert.gate.weight.packed(.none),
        into: target)
      MatrixProductKernel.serial(
        count, Operand(corner + hidden, row: 2 * hidden, column: 1),
        expert.up.weight.packed(.none), into: target, accumulating: true)
      // snippet.end
    }
    let x = combined(outer, nil)
    withExtendedLifetime((upstream, weights, gatesAndUps)) {}
    return Shares(x: x, weights: gates, gatesAndUps: inner, weighed: weighed)
  }

  /// The gradients of one expert's three weights, each computed when it is wanted.
  func weightShares(
    _ expert: Int, _ x: Tensor, _ upstream: Tensor, _ shares: Shares
  ) -> [Share] {
    let (start, count) = (order.starts[expert], order.loads[expert])
    // Both products are with the same rows of x.
    lazy var packed = rows.withUnsafeBufferPointer { rows in
      PackedColumns(
        rows: UnsafeBufferPointer(rebasing: rows[start..<start + count]), of: x.address,
        width: width)
    }
    let product = { (column: Int) in
      let result = Tensor(uninitialized: [hidden, width])
      let corner = shares.gatesAndUps.address + start * 2 * hidden + column
      MatrixProductKernel.multiply(
        hidden, Operand(corner, row: 1, column: 2 * hidden), packed,
        into: Result(result.fresh, row: width))
      withExtendedLifetime((shares, x)) {}
      return result
    }
    return [
      .later { product(0) }, .later { product(hidden) },
      .later { downShare(start, count, upstream, shares.weighed) },
    ]
  }

  private func downShare(
    _ start: Int, _ count: Int, _ upstream: Tensor, _ weighed: Tensor
  ) -> Tensor {
    let gathered = Tensor(uninitialized: [count, width])
    let result = Tensor(uninitialized: [width, hidden])
    gather(start, count, from: upstream.address, into: gathered.fresh)
    MatrixProductKernel.multiply(
      width, hidden, count, Operand(gathered.address, row: 1, column: width),
      Operand(weighed.address + start * hidden, row: hidden, column: 1),
      into: Result(result.fresh, row: hidden))
    withExtendedLifetime((upstream, weighed, gathered)) {}
    return result
  }
}
