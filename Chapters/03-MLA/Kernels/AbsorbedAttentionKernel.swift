import Attention
import Checkpoints
import Tensors

/// Latent attention in its absorbed form, in which what is cached is never expanded.
///
/// Queries go down to the latents, and the mean latents come up to the values.
struct AbsorbedAttentionKernel: Sendable {
  let shape: LatentShape
  /// The new tokens of each sequence.
  let new: Int
  /// The tokens whose scores are held at a time.
  private static let block = 8

  init(_ shape: LatentShape, new: Int) {
    self.shape = shape
    self.new = new
  }

  private var sizes: LatentAttentionSizes { shape.sizes }
  private var rank: Int { sizes.keyValueRank }
  private var absorbedRow: Int { shape.heads * shape.cachedWidth }

  /// The rows of kv_b_proj that make the content keys of a head, W^UK, or its values, W^UV.
  private func slice(
    _ expansion: Tensor, head: Int, values: Bool
  ) -> Operand {
    let first = head * shape.expandedWidth + (values ? sizes.contentWidth : 0)
    return Operand(expansion.address + first * rank, row: rank, column: 1)
  }

  /// Lets the newest rows of each sequence look at all of its rows.
  func attend(_ queries: Tensor, to caches: [GrowingRows], expansion: Tensor) -> Tensor {
    let rows = caches.count * new
    insist(
      queries.shape == [rows, shape.heads * shape.keyWidth],
      "LatentCache: queries of shape \(queries.shape) for \(caches.count) sequences of \(new)")
    let absorbed = absorb(queries, expansion)
    let means = Tensor(uninitialized: [rows, shape.heads * rank])
    nonisolated(unsafe) let (qs, ms) = (absorbed.address, means.fresh)
    let work = caches.reduce(0) { $0 + 4 * new * shape.heads * shape.cachedWidth * $1.count }
    Threads.forEachBlock(caches.count, work: work) { sequence in
      let first = sequence * new
      mix(
        qs + first * absorbedRow, caches[sequence], into: ms + first * shape.heads * rank)
    }
    withExtendedLifetime(absorbed) {}
    return expand(means, expansion)
  }

  // snippet.absorb
  /// Takes the queries' content parts through W^UK: q̃_i = q^C_iᵀ W^UK_i, with q^R_i behind it.
  /// - Shape: [rows, heads · keyWidth] → [rows, heads · cachedWidth]
  private func absorb(_ queries: Tensor, _ expansion: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [queries.rows, absorbedRow])
    let (q, out) = (queries.address, result.fresh)
    for h in 0..<shape.heads {
      let (from, to) = (q + h * shape.keyWidth, out + h * shape.cachedWidth)
      MatrixProductKernel.serial(
        queries.rows, rank, sizes.contentWidth, Operand(from, row: queries.columns, column: 1),
        slice(expansion, head: h, values: false), into: Result(to, row: absorbedRow))
      for row in 0..<queries.rows {
        (to + row * absorbedRow + rank).update(
          from: from + row * queries.columns + sizes.contentWidth, count: sizes.rotaryWidth)
      }
    }
    withExtendedLifetime((queries, expansion)) {}
    return result
  }

  /// Takes the mean latents through W^UV: o_i = W^UV_i õ_i.
  /// - Shape: [rows, heads · keyValueRank] → [rows, heads · valueWidth]
  private func expand(_ means: Tensor, _ expansion: Tensor) -> Tensor {
    let columns = shape.heads * sizes.valueWidth
    let result = Tensor(uninitialized: [means.rows, columns])
    let (from, to) = (means.address, result.fresh)
    for h in 0..<shape.heads {
      MatrixProductKernel.serial(
        means.rows, sizes.valueWidth, rank,
        Operand(from + h * rank, row: means.columns, column: 1),
        slice(expansion, head: h, values: true).transposed,
        into: Result(to + h * sizes.valueWidth, row: columns))
    }
    withExtendedLifetime((means, expansion)) {}
    return result
  }
  // snippet.end

  // snippet.mix
  /// Writes õ_i = Σ_j softmax_j(τ (q̃_i · c_j + q^R_i · k^R_j)) c_j for the new rows.
  ///
  /// All heads share one key, as in multi-query attention, so that heads are rows like any
  /// others.
  private func mix(
    _ queries: UnsafePointer<Float>, _ cache: GrowingRows,
    into means: UnsafeMutablePointer<Float>
  ) {
    let (rows, width) = (cache.tensor.address, shape.cachedWidth)
    let most = min(Self.block, new) * shape.heads
    let scores = Tensor(uninitialized: [most * cache.count])
    let s = scores.fresh
    for i in stride(from: 0, to: new, by: Self.block) {
      let count = min(Self.block, new - i)
      let seen = cache.count - new + i + count
      let (heads, first) = (count * shape.heads, i * shape.heads)
      DotKernel.products(
        heads, seen, width, queries + first * width, rows, into: s)
      for r in 0..<heads {
        let visible = seen - count + r / shape.heads + 1
        weigh(visible, of: seen, s + r * seen)
      }
      combine(heads, seen, s, rows, into: means + first * rank)
    }
    withExtendedLifetime((scores, cache)) {}
  }
  // snippet.end

  /// Turns the first scores of a row into weights that sum to one, and the others into zeros.
  private func weigh(_ visible: Int, of count: Int, _ row: UnsafeMutablePointer<Float>) {
    RowKernel.scale(visible, row, by: shape.scale)
    let maximum = RowKernel.maximum(visible, row)
    let sum = RowKernel.exponentials(visible, row, minus: maximum, into: row)
    RowKernel.scale(visible, row, by: 1 / sum)
    (row + visible).update(repeating: 0, count: count - visible)
  }

  /// Multiplies weights by the latents, which are the first entries of the cached rows.
  private func combine(
    _ m: Int, _ count: Int, _ weights: UnsafePointer<Float>, _ rows: UnsafePointer<Float>,
    into means: UnsafeMutablePointer<Float>
  ) {
    let (a, width) = (Operand(weights, row: count, column: 1), shape.cachedWidth)
    if MatrixProductKernel.padded(rank) <= width {
      MatrixProductKernel.multiply(
        m, rank, count, a, Panels(inPlace: rows, row: width), into: Result(means, row: rank))
    } else {
      MatrixProductKernel.serial(
        m, rank, count, a, Operand(rows, row: width, column: 1),
        into: Result(means, row: rank))
    }
  }
}
