import Foundation
import Tensors

/// Causal attention over tiles of 64 queries by 64 keys.
package struct FlashAttentionKernel: Sendable {
  static let tile = 64

  let shape: AttentionShape
  let sequences, length: Int

  package init(_ shape: AttentionShape, sequences: Int, length: Int) {
    self.shape = shape
    self.sequences = sequences
    self.length = length
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

  /// Where one head of one sequence lies in a matrix of rows.
  struct Head {
    let base: UnsafePointer<Float>
    let row: Int

    /// The rows from one on, as an operand.
    func rows(from first: Int) -> Operand { Operand(base + first * row, row: row, column: 1) }
  }

  struct WritableHead {
    let base: UnsafeMutablePointer<Float>
    let row: Int

    func rows(from first: Int) -> Result { Result(base + first * row, row: row) }
  }

  private func head(
    _ base: UnsafePointer<Float>, _ index: Int, of heads: Int, _ width: Int, _ sequence: Int
  ) -> Head {
    let row = heads * width
    return Head(base: base + sequence * length * row + index * width, row: row)
  }

  private func head(
    _ base: UnsafeMutablePointer<Float>, _ index: Int, of heads: Int, _ width: Int,
    _ sequence: Int
  ) -> WritableHead {
    let row = heads * width
    return WritableHead(base: base + sequence * length * row + index * width, row: row)
  }

  // MARK: Forward

  /// The output, and for each row and head the logarithm of the sum of its exponentials.
  package func forward(
    _ q: Tensor, _ k: Tensor, _ v: Tensor
  ) -> (output: Tensor, normalizers: Tensor) {
    let output = Tensor(uninitialized: [sequences * length, shape.heads * shape.valueWidth])
    let normalizers = Tensor(uninitialized: [sequences, shape.heads, length])
    nonisolated(unsafe) let (qs, ks, vs) = (q.address, k.address, v.address)
    nonisolated(unsafe) let (os, ls) = (output.fresh, normalizers.fresh)
    let work =
      2 * sequences * shape.heads * length * length * (shape.keyWidth + shape.valueWidth)
    Threads.forEachBlock(sequences * shape.heads, work: work) { index in
      let (sequence, h) = (index / shape.heads, index % shape.heads)
      forward(
        head(qs, h, of: shape.heads, shape.keyWidth, sequence),
        head(ks, h / shape.group, of: shape.keyValueHeads, shape.keyWidth, sequence),
        head(vs, h / shape.group, of: shape.keyValueHeads, shape.valueWidth, sequence),
        head(os, h, of: shape.heads, shape.valueWidth, sequence), ls + index * length)
    }
    withExtendedLifetime((q, k, v)) {}
    return (output, normalizers)
  }

  private func forward(
    _ q: Head, _ k: Head, _ v: Head, _ o: WritableHead, _ l: UnsafeMutablePointer<Float>
  ) {
    let tile = min(Self.tile, length)
    let scratch = Tensor(uninitialized: [tile * tile + 2 * tile])
    let s = scratch.fresh
    let (maxima, sums) = (s + tile * tile, s + tile * tile + tile)
    for i in stride(from: 0, to: length, by: tile) {
      let queries = min(tile, length - i)
      maxima.update(repeating: -.infinity, count: queries)
      sums.update(repeating: 0, count: queries)
      for j in stride(from: 0, through: i, by: tile) {
        let keys = min(tile, length - j)
        MatrixProductKernel.serial(
          queries, keys, shape.keyWidth, q.rows(from: i), k.rows(from: j).transposed,
          into: Result(s, row: keys))
        // snippet.online-softmax
        for r in 0..<queries {
          let (row, visible) = (s + r * keys, i == j ? r + 1 : keys)
          let out = o.base + (i + r) * o.row
          RowKernel.scale(visible, row, by: shape.scale)
          let maximum = max(maxima[r], RowKernel.maximum(visible, row))
          let rescale = j == 0 ? 0 : exp(maxima[r] - maximum)
          let sum = RowKernel.exponentials(visible, row, minus: maximum, into: row)
          (row + visible).update(repeating: 0, count: keys - visible)
          sums[r] = sums[r] * rescale + sum
          maxima[r] = maximum
          if j > 0 && rescale != 1 { RowKernel.scale(shape.valueWidth, out, by: rescale) }
        }
        MatrixProductKernel.serial(
          queries, shape.valueWidth, keys, Operand(s, row: keys, column: 1), v.rows(from: j),
          into: o.rows(from: i), accumulating: j > 0)
        // snippet.end
      }
      for r in 0..<queries {
        RowKernel.scale(shape.valueWidth, o.base + (i + r) * o.row, by: 1 / sums[r])
        l[i + r] = maxima[r] + Float(log(Double(sums[r])))
      }
    }
    withExtendedLifetime(scratch) {}
  }

  // MARK: Pullback

  /// The gradients of queries, keys and values.
  ///
  /// The weights P are computed again from the normalizers; with D = Σ ō ∘ o along each row,
  /// v̄ = Pᵀ ō, S̄ = P ∘ (ō vᵀ − D), q̄ = τ S̄ k and k̄ = τ S̄ᵀ q.
  package func pullback(
    _ upstream: Tensor, _ output: Tensor, _ normalizers: Tensor, _ q: Tensor, _ k: Tensor,
    _ v: Tensor
  ) -> (q: Tensor, k: Tensor, v: Tensor) {
    let (dq, dk, dv) = (Tensor(shape: q.shape), Tensor(shape: k.shape), Tensor(shape: v.shape))
    nonisolated(unsafe) let (qs, ks, vs) = (q.address, k.address, v.address)
    nonisolated(unsafe) let (os, ls, gs) = (
      output.address, normalizers.address, upstream.address
    )
    nonisolated(unsafe) let (dqs, dks, dvs) = (dq.fresh, dk.fresh, dv.fresh)
    let work =
      5 * sequences * shape.heads * length * length * (shape.keyWidth + shape.valueWidth)
    Threads.forEachBlock(sequences * shape.keyValueHeads, work: work) { index in
      let (sequence, pair) = (index / shape.keyValueHeads, index % shape.keyValueHeads)
      // The query heads of a group add to one key head, in order.
      for h in pair * shape.group..<(pair + 1) * shape.group {
        pullback(
          head(qs, h, of: shape.heads, shape.keyWidth, sequence),
          head(ks, pair, of: shape.keyValueHeads, shape.keyWidth, sequence),
          head(vs, pair, of: shape.keyValueHeads, shape.valueWidth, sequence),
          head(os, h, of: shape.heads, shape.valueWidth, sequence),
          head(gs, h, of: shape.heads, shape.valueWidth, sequence),
          ls + (sequence * shape.heads + h) * length,
          head(dqs, h, of: shape.heads, shape.keyWidth, sequence),
          head(dks, pair, of: shape.keyValueHeads, shape.keyWidth, sequence),
          head(dvs, pair, of: shape.keyValueHeads, shape.valueWidth, sequence))
      }
    }
    withExtendedLifetime((q, k, v, upstream, output, normalizers)) {}
    return (dq, dk, dv)
  }

  private func pullback(
    _ q: Head, _ k: Head, _ v: Head, _ o: Head, _ g: Head, _ l: UnsafePointer<Float>,
    _ dq: WritableHead, _ dk: WritableHead, _ dv: WritableHead
  ) {
    let tile = min(Self.tile, length)
    let scratch = Tensor(uninitialized: [2 * tile * tile + length])
    let p = scratch.fresh
    let (ds, d) = (p + tile * tile, p + 2 * tile * tile)
    for row in 0..<length {
      d[row] = MatrixProductKernel.dot(
        shape.valueWidth, o.base + row * o.row, g.base + row * g.row)
    }
    for j in stride(from: 0, to: length, by: tile) {
      let keys = min(tile, length - j)
      for i in stride(from: j, to: length, by: tile) {
        let queries = min(tile, length - i)
        let tileOfP = Operand(p, row: keys, column: 1)
        let tileOfDS = Operand(ds, row: keys, column: 1)
        MatrixProductKernel.serial(
          queries, keys, shape.keyWidth, q.rows(from: i), k.rows(from: j).transposed,
          into: Result(p, row: keys))
        MatrixProductKernel.serial(
          queries, keys, shape.valueWidth, g.rows(from: i), v.rows(from: j).transposed,
          into: Result(ds, row: keys))
        for r in 0..<queries {
          let visible = i == j ? r + 1 : keys
          differentiate(
            visible, keys, p + r * keys, ds + r * keys, normalizer: l[i + r], inner: d[i + r])
        }
        MatrixProductKernel.serial(
          keys, shape.valueWidth, queries, tileOfP.transposed, g.rows(from: i),
          into: dv.rows(from: j), accumulating: true)
        MatrixProductKernel.serial(
          queries, shape.keyWidth, keys, tileOfDS, k.rows(from: j),
          into: dq.rows(from: i), accumulating: true)
        MatrixProductKernel.serial(
          keys, shape.keyWidth, queries, tileOfDS.transposed, q.rows(from: i),
          into: dk.rows(from: j), accumulating: true)
      }
    }
    withExtendedLifetime(scratch) {}
  }

  /// Turns one row of scores into weights, and of their gradients into those of the scores.
  @inline(__always)
  private func differentiate(
    _ visible: Int, _ keys: Int, _ p: UnsafeMutablePointer<Float>,
    _ ds: UnsafeMutablePointer<Float>, normalizer: Float, inner: Float
  ) {
    // snippet.slope-of-scores
    RowKernel.scale(visible, p, by: shape.scale)
    _ = RowKernel.exponentials(visible, p, minus: normalizer, into: p)
    for c in 0..<visible { ds[c] = p[c] * (ds[c] - inner) * shape.scale }
    // snippet.end
    (p + visible).update(repeating: 0, count: keys - visible)
    (ds + visible).update(repeating: 0, count: keys - visible)
  }
}
