import Tensors

/// Causal attention over all heads of all sequences: which head of which matrix goes where.
package struct FlashAttentionKernel: Sendable {
  let shape: AttentionShape
  let layout: Sequences
  private var sequences: Int { layout.count }
  private var length: Int { layout.length }

  package init(_ shape: AttentionShape, _ layout: Sequences) {
    self.shape = shape
    self.layout = layout
  }

  /// Stops unless the operands have the shapes that the sizes ask for.
  package func check(_ q: [Int], _ k: [Int], _ v: [Int]) {
    let rows = sequences * length
    insist(
      q == [rows, shape.heads * shape.keyWidth]
        && k == [rows, shape.keyValueHeads * shape.keyWidth]
        && v == [rows, shape.keyValueHeads * shape.valueWidth],
      "flashAttention: q \(q), k \(k), v \(v) do not fit \(rows) rows of \(shape)")
  }

  private func one(of sequence: Int) -> HeadKernel {
    HeadKernel(
      length: length, keyWidth: shape.keyWidth, valueWidth: shape.valueWidth,
      scale: shape.scale, starts: layout.starts(of: sequence))
  }

  /// One head of one sequence in a matrix that holds heads side by side.
  private func head(
    _ base: UnsafePointer<Float>, _ index: Int, of heads: Int, _ width: Int, _ sequence: Int
  ) -> Head {
    let row = heads * width
    return Head(base + sequence * length * row + index * width, row: row)
  }

  private func head(
    _ base: UnsafeMutablePointer<Float>, _ index: Int, of heads: Int, _ width: Int,
    _ sequence: Int
  ) -> WritableHead {
    let row = heads * width
    return WritableHead(base + sequence * length * row + index * width, row: row)
  }

  /// The output, and for each row and head the logarithm of the sum of its exponentials.
  package func forward(
    _ q: Tensor, _ k: Tensor, _ v: Tensor
  ) -> (output: Tensor, normalizers: Tensor) {
    let output = Tensor(uninitialized: [sequences * length, shape.heads * shape.valueWidth])
    let normalizers = Tensor(uninitialized: [sequences, shape.heads, length])
    nonisolated(unsafe) let (qs, ks, vs) = (q.address, k.address, v.address)
    nonisolated(unsafe) let (os, ls) = (output.fresh, normalizers.fresh)
    let work =
      sequences * shape.heads * length * length * (shape.keyWidth + shape.valueWidth)
    Threads.forEachBlock(sequences * shape.heads, work: work) { index in
      let (sequence, h) = (index / shape.heads, index % shape.heads)
      let pair = h / shape.group
      one(of: sequence).forward(
        head(qs, h, of: shape.heads, shape.keyWidth, sequence),
        head(ks, pair, of: shape.keyValueHeads, shape.keyWidth, sequence),
        head(vs, pair, of: shape.keyValueHeads, shape.valueWidth, sequence),
        into: head(os, h, of: shape.heads, shape.valueWidth, sequence),
        normalizers: ls + index * length)
    }
    withExtendedLifetime((q, k, v)) {}
    return (output, normalizers)
  }

  /// The gradients of queries, keys and values.
  package func pullback(
    _ upstream: Tensor, _ output: Tensor, _ normalizers: Tensor, _ q: Tensor, _ k: Tensor,
    _ v: Tensor
  ) -> (q: Tensor, k: Tensor, v: Tensor) {
    let (dq, dk) = (Tensor(uninitialized: q.shape), Tensor(uninitialized: k.shape))
    let dv = Tensor(uninitialized: v.shape)
    nonisolated(unsafe) let (qs, ks, vs) = (q.address, k.address, v.address)
    nonisolated(unsafe) let (os, ls, gs) = (
      output.address, normalizers.address, upstream.address
    )
    nonisolated(unsafe) let (dqs, dks, dvs) = (dq.fresh, dk.fresh, dv.fresh)
    let work =
      5 * sequences * shape.heads * length * length * (shape.keyWidth + shape.valueWidth) / 2
    Threads.forEachBlock(sequences * shape.keyValueHeads, work: work) { index in
      let (sequence, pair) = (index / shape.keyValueHeads, index % shape.keyValueHeads)
      let one = one(of: sequence)
      // The query heads of a group add to one key head, in order.
      for h in pair * shape.group..<(pair + 1) * shape.group {
        one.pullback(
          HeadKernel.Known(
            q: head(qs, h, of: shape.heads, shape.keyWidth, sequence),
            k: head(ks, pair, of: shape.keyValueHeads, shape.keyWidth, sequence),
            v: head(vs, pair, of: shape.keyValueHeads, shape.valueWidth, sequence),
            output: head(os, h, of: shape.heads, shape.valueWidth, sequence),
            upstream: head(gs, h, of: shape.heads, shape.valueWidth, sequence),
            normalizers: ls + (sequence * shape.heads + h) * length),
          head(dqs, h, of: shape.heads, shape.keyWidth, sequence),
          head(dks, pair, of: shape.keyValueHeads, shape.keyWidth, sequence),
          head(dvs, pair, of: shape.keyValueHeads, shape.valueWidth, sequence),
          adding: h > pair * shape.group)
      }
    }
    withExtendedLifetime((q, k, v, upstream, output, normalizers)) {}
    return (dq, dk, dv)
  }
}
