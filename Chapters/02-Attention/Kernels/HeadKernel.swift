import Foundation
import Tensors

/// Where one head of one sequence lies in a matrix of rows.
package struct Head: @unchecked Sendable {
  package let base: UnsafePointer<Float>
  package let row: Int

  package init(_ base: UnsafePointer<Float>, row: Int) {
    self.base = base
    self.row = row
  }

  /// The rows from one on, as an operand.
  func rows(from first: Int) -> Operand { Operand(base + first * row, row: row, column: 1) }
}

/// Where the result of one head is written.
package struct WritableHead: @unchecked Sendable {
  package let base: UnsafeMutablePointer<Float>
  package let row: Int

  package init(_ base: UnsafeMutablePointer<Float>, row: Int) {
    self.base = base
    self.row = row
  }

  func rows(from first: Int) -> Result { Result(base + first * row, row: row) }
}

/// Memory for the work on one head, cut into pieces.
private struct Scratch {
  private let tensor: Tensor
  private let base: UnsafeMutablePointer<Float>
  private var used = 0

  init(_ count: Int) {
    tensor = Tensor(uninitialized: [count])
    base = tensor.fresh
  }

  mutating func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    defer { used += count }
    return base + used
  }

  func keepAlive() { withExtendedLifetime(tensor) {} }
}

/// Causal attention of one head of one sequence, by tiles of queries and keys.
///
/// Operands lie wherever the caller has them: a row may hold other heads, or other things.
package struct HeadKernel: Sendable {
  /// The queries of a tile: four rows of the product's own tile.
  private static let queries = 24
  /// The keys that a tile of queries meets at once going forward; a multiple of 24 and of 16.
  private static let keys = 240
  /// The keys of a tile going back, where two tiles of weights must stay in the cache.
  private static let keysBack = 96
  /// Where a tile of keys may begin; the product wants a multiple of 16 and of 24.
  private static let step = 48

  let length, keyWidth, valueWidth: Int
  let scale: Float
  /// Where the document of each row begins; nil when it is all one document.
  let starts: ArraySlice<Int>?

  package init(
    length: Int, keyWidth: Int, valueWidth: Int, scale: Float, starts: ArraySlice<Int>? = nil
  ) {
    self.starts = starts
    self.length = length
    self.keyWidth = keyWidth
    self.valueWidth = valueWidth
    self.scale = scale
  }

  /// The first key that a query sees.
  private func start(of query: Int) -> Int {
    guard let starts else { return 0 }
    return starts[starts.startIndex + query]
  }

  /// How many of the first keys of a tile are of documents before a query's own.
  private func hidden(from query: Int, behind first: Int, of visible: Int) -> Int {
    max(0, min(start(of: query) - first, visible))
  }

  /// The query behind the last one that sees a key: the end of the key's document.
  private func end(of key: Int) -> Int {
    guard let starts else { return length }
    return starts[(starts.startIndex + key)...].firstIndex { $0 > key }
      .map { $0 - starts.startIndex } ?? length
  }

  private func pack(_ head: Head, _ width: Int, into memory: UnsafeMutablePointer<Float>)
    -> Panels
  {
    MatrixProductKernel.pack(length, width, head.rows(from: 0), into: memory)
  }

  // MARK: Forward

  /// Writes the output, and for each row the logarithm of the sum of its exponentials.
  package func forward(
    _ q: Head, _ k: Head, _ v: Head, into o: WritableHead,
    normalizers: UnsafeMutablePointer<Float>
  ) {
    let (all, valueColumns) = (
      MatrixProductKernel.padded(length), MatrixProductKernel.padded(valueWidth)
    )
    let width = min(Self.keys, all)
    var scratch = Scratch(all * keyWidth + length * valueColumns + Self.queries * (width + 2))
    let keyColumns = MatrixProductKernel.pack(
      keyWidth, length, k.rows(from: 0).transposed, into: scratch.take(all * keyWidth))
    let values = pack(v, valueWidth, into: scratch.take(length * valueColumns))
    let s = scratch.take(Self.queries * width)
    let (maxima, sums) = (scratch.take(Self.queries), scratch.take(Self.queries))
    for i in stride(from: 0, to: length, by: Self.queries) {
      let queries = min(Self.queries, length - i)
      let first = start(of: i) / Self.step * Self.step
      for j in stride(from: first, through: i, by: Self.keys) {
        let keys = min(Self.keys, i + queries - j)
        let columns = MatrixProductKernel.padded(keys)
        MatrixProductKernel.multiply(
          queries, columns, keyWidth, q.rows(from: i), keyColumns.columns(from: j),
          into: Result(s, row: width))
        // snippet.online-softmax
        for r in 0..<queries {
          let (row, visible) = (s + r * width, min(i + r + 1 - j, keys))
          let out = o.base + (i + r) * o.row
          (row + visible).update(repeating: -.infinity, count: columns - visible)
          row.update(repeating: -.infinity, count: hidden(from: i + r, behind: j, of: visible))
          // A finite bound, for a row may see no key of this tile.
          var maximum = max(RowKernel.maximum(columns, row), -.greatestFiniteMagnitude)
          var rescale: Float = 0
          if j > first {
            maximum = max(maxima[r], maximum)
            rescale = exp((maxima[r] - maximum) * scale)
            if rescale != 1 { RowKernel.scale(valueWidth, out, by: rescale) }
          }
          let sum = exponentials(columns, row, minus: maximum)
          sums[r] = j > first ? sums[r] * rescale + sum : sum
          maxima[r] = maximum
        }
        MatrixProductKernel.multiply(
          queries, valueWidth, keys, Operand(s, row: width, column: 1), values.rows(from: j),
          into: o.rows(from: i), accumulating: j > first)
        // snippet.end
      }
      for r in 0..<queries {
        RowKernel.scale(valueWidth, o.base + (i + r) * o.row, by: 1 / sums[r])
        normalizers[i + r] = maxima[r] * scale + Float(log(Double(sums[r])))
      }
    }
    scratch.keepAlive()
  }

  /// Replaces each score by e to the power of τ (score − maximum), and returns the sum.
  @inline(__always)
  private func exponentials(
    _ n: Int, _ x: UnsafeMutablePointer<Float>, minus maximum: Float
  ) -> Float {
    let (shift, factor) = (Lanes(repeating: maximum), Lanes(repeating: scale))
    var sums = Lanes.zero
    var c = 0
    while c < n {
      let powers = RowKernel.vanishing((load(x + c) - shift) * factor)
      store(powers, x + c)
      sums += powers
      c &+= 8
    }
    return total(sums)
  }

  // MARK: Pullback

  /// What the pullback of a head reads: the operands, the output and its gradient, and L.
  package struct Known {
    package let q, k, v, output, upstream: Head
    package let normalizers: UnsafePointer<Float>

    package init(
      q: Head, k: Head, v: Head, output: Head, upstream: Head,
      normalizers: UnsafePointer<Float>
    ) {
      (self.q, self.k, self.v) = (q, k, v)
      (self.output, self.upstream, self.normalizers) = (output, upstream, normalizers)
    }
  }

  /// Writes the gradients of queries, keys and values.
  ///
  /// The weights P are computed again from the normalizers; with D = Σ ō ∘ o along each row,
  /// v̄ = Pᵀ ō, S̄ = P ∘ (ō vᵀ − D), q̄ = τ S̄ k and k̄ = τ S̄ᵀ q.
  /// - Parameter adding: whether another head has written to the gradients of keys and values.
  package func pullback(
    _ known: Known, _ dq: WritableHead, _ dk: WritableHead, _ dv: WritableHead, adding: Bool
  ) {
    let (keyColumns, valueColumns) = (
      MatrixProductKernel.padded(keyWidth), MatrixProductKernel.padded(valueWidth)
    )
    let width = min(Self.keysBack, MatrixProductKernel.padded(length))
    let chunk = min(Self.keys, length)
    var scratch = Scratch(
      (length + width) * (keyColumns + valueColumns) + width * keyColumns + length
        + 2 * chunk * width)
    let queries = pack(known.q, keyWidth, into: scratch.take(length * keyColumns))
    let upstream = pack(known.upstream, valueWidth, into: scratch.take(length * valueColumns))
    let packedKeys = scratch.take(width * keyColumns)
    let (columnsOfK, columnsOfV) = (
      scratch.take(width * keyColumns), scratch.take(width * valueColumns)
    )
    let d = scratch.take(length)
    let (p, ds) = (scratch.take(chunk * width), scratch.take(chunk * width))
    for row in 0..<length {
      d[row] = MatrixProductKernel.dot(
        valueWidth, known.output.base + row * known.output.row,
        known.upstream.base + row * known.upstream.row)
    }
    // What sees no key of the first tile is added to later.
    if starts != nil {
      for row in 0..<length { (dq.base + row * dq.row).update(repeating: 0, count: keyWidth) }
    }
    for j in stride(from: 0, to: length, by: Self.keysBack) {
      let keys = min(Self.keysBack, length - j)
      let k = known.k.rows(from: j)
      let tile = Tile(
        first: j, count: keys, width: width, p: p, ds: ds, inner: d,
        keys: MatrixProductKernel.pack(keys, keyWidth, k, into: packedKeys),
        keyColumns: MatrixProductKernel.pack(keyWidth, keys, k.transposed, into: columnsOfK),
        valueColumns: MatrixProductKernel.pack(
          valueWidth, keys, known.v.rows(from: j).transposed, into: columnsOfV))
      let end = end(of: j + keys - 1)
      for i in stride(from: j, to: end, by: Self.keys) {
        let rows = i..<min(i + Self.keys, end)
        weigh(tile, rows, known, dq)
        // Queries before a key do not see it.
        for c in stride(from: 0, to: keys, by: Self.queries) {
          let (count, first) = (min(Self.queries, keys - c), max(i, j + c))
          let column = (first - i) * width + c
          MatrixProductKernel.multiply(
            count, valueWidth, rows.upperBound - first,
            Operand(p + column, row: 1, column: width), upstream.rows(from: first),
            into: dv.rows(from: j + c), accumulating: adding || i > j)
          MatrixProductKernel.multiply(
            count, keyWidth, rows.upperBound - first,
            Operand(ds + column, row: 1, column: width), queries.rows(from: first),
            into: dk.rows(from: j + c), accumulating: adding || i > j)
        }
      }
    }
    scratch.keepAlive()
  }

  /// Some keys on the way back, and the weights that the rows of a chunk give them.
  private struct Tile {
    let first, count, width: Int
    let p, ds: UnsafeMutablePointer<Float>
    let inner: UnsafePointer<Float>
    let keys, keyColumns, valueColumns: Panels
  }

  /// Fills a tile with weights P and gradients of scores τ S̄, and adds τ S̄ k to those of queries.
  private func weigh(_ tile: Tile, _ rows: Range<Int>, _ known: Known, _ dq: WritableHead) {
    for i in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.queries) {
      let queries = min(Self.queries, rows.upperBound - i)
      let seen = min(tile.count, i + queries - tile.first)
      let columns = MatrixProductKernel.padded(seen)
      let offset = (i - rows.lowerBound) * tile.width
      let (p, ds) = (tile.p + offset, tile.ds + offset)
      MatrixProductKernel.multiply(
        queries, columns, keyWidth, known.q.rows(from: i), tile.keyColumns,
        into: Result(p, row: tile.width))
      MatrixProductKernel.multiply(
        queries, columns, valueWidth, known.upstream.rows(from: i), tile.valueColumns,
        into: Result(ds, row: tile.width))
      for r in 0..<queries {
        let visible = min(i + r + 1 - tile.first, seen)
        let row = p + r * tile.width
        (row + visible).update(repeating: -.infinity, count: columns - visible)
        row.update(
          repeating: -.infinity, count: hidden(from: i + r, behind: tile.first, of: visible))
        differentiate(
          columns, row, ds + r * tile.width, normalizer: known.normalizers[i + r],
          inner: tile.inner[i + r])
      }
      MatrixProductKernel.multiply(
        queries, keyWidth, seen, Operand(ds, row: tile.width, column: 1), tile.keys,
        into: dq.rows(from: i), accumulating: starts != nil || tile.first > 0)
    }
  }

  /// Turns one row of scores into weights, and of their gradients into those of the scores.
  @inline(__always)
  private func differentiate(
    _ n: Int, _ p: UnsafeMutablePointer<Float>, _ ds: UnsafeMutablePointer<Float>,
    normalizer: Float, inner: Float
  ) {
    let (factor, shift) = (Lanes(repeating: scale), Lanes(repeating: -normalizer))
    let mean = Lanes(repeating: inner)
    var c = 0
    while c < n {
      // snippet.slope-of-scores
      let weight = RowKernel.vanishing(adding(shift, load(p + c), factor))
      store(weight, p + c)
      store(weight * (load(ds + c) - mean) * factor, ds + c)
      // snippet.end
      c &+= 8
    }
  }
}
