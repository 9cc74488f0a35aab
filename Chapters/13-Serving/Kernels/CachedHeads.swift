import MLA
import Tensors

/// Attention to what a cache keeps: some groups of heads, each with a key and a value of its own.
///
/// Latent attention in its absorbed form has a single group, whose value is the beginning of its
/// key; grouped-query attention has one for each key head.
struct CachedHeads: Sendable, Equatable {
  let keyHeads, headsPerKey: Int
  let keyWidth, valueWidth: Int
  /// Whether the value is the first part of the key's row, and not a row of its own.
  let sharesRows: Bool
  /// τ, by which scores are multiplied.
  let scale: Float

  var heads: Int { keyHeads * headsPerKey }
  var queryWidth: Int { heads * keyWidth }
  var mixedWidth: Int { heads * valueWidth }
  /// The parts of a cached row.
  var parts: [Int] {
    (0..<keyHeads).flatMap { _ in sharesRows ? [keyWidth] : [keyWidth, valueWidth] }
  }

  /// Keeps the new rows of each text, and lets them look at all rows of its cache, up to their own.
  ///
  /// A row is mixed by itself, over its whole past, so that it makes no difference whether it came
  /// alone or with its neighbours.
  /// - Shape: queries [rows, heads · keyWidth] → [rows, heads · valueWidth]
  func attend(
    _ queries: Tensor, keeping kept: Tensor, _ spans: [Span], layer: Int
  ) -> Tensor {
    let result = Tensor(uninitialized: [queries.rows, mixedWidth])
    let work = spans.reduce(0) {
      $0 + 4 * $1.tokens.count * heads * keyWidth * ($1.cache.length + $1.tokens.count)
    }
    nonisolated(unsafe) let spans = spans
    Threads.forEachBlock(spans.count, work: work) { index in
      let span = spans[index]
      let first = spans[..<index].reduce(0) { $0 + $1.tokens.count }
      span.cache.write(kept, first..<first + span.tokens.count, layer: layer)
      attend(queries, span, from: first, layer: layer, into: result)
    }
    return result
  }

  private func attend(
    _ queries: Tensor, _ span: Span, from first: Int, layer: Int, into result: Tensor
  ) {
    let new = span.tokens.count
    let count = span.cache.length + new
    for head in 0..<keyHeads {
      let part = sharesRows ? head : 2 * head
      let keys = span.cache.rows(part: part, layer: layer, new: new)
      let values = sharesRows ? keys : span.cache.rows(part: part + 1, layer: layer, new: new)
      // A text that is read alone is cut into pieces of eight tokens.
      let work = 4 * new * headsPerKey * keyWidth * count
      Threads.forEachBlock((new + 7) / 8, work: work) { piece in
        let scores = Tensor(uninitialized: [headsPerKey * count])
        for row in piece * 8..<min(new, piece * 8 + 8) {
          let place = first + row
          mix(
            queries.address + place * queryWidth + head * headsPerKey * keyWidth, keys, values,
            visible: count - new + row + 1, scores.fresh,
            into: result.fresh + place * mixedWidth + head * headsPerKey * valueWidth)
        }
        withExtendedLifetime((keys, values, scores)) {}
      }
    }
    withExtendedLifetime(queries) {}
  }

  /// The heads of one token that share a key: weights by their queries, and the mean of the values.
  private func mix(
    _ queries: UnsafePointer<Float>, _ keys: Tensor, _ values: Tensor, visible: Int,
    _ scores: UnsafeMutablePointer<Float>, into out: UnsafeMutablePointer<Float>
  ) {
    DotKernel.products(headsPerKey, visible, keyWidth, queries, keys.address, into: scores)
    for head in 0..<headsPerKey {
      let row = scores + head * visible
      RowKernel.scale(visible, row, by: scale)
      let highest = RowKernel.maximum(visible, row)
      let sum = RowKernel.exponentials(visible, row, minus: highest, into: row)
      RowKernel.scale(visible, row, by: 1 / sum)
      ValueKernel.mean(
        visible, valueWidth, row, values.address, row: values.columns,
        into: out + head * valueWidth)
    }
  }
}

/// Weighted sums of rows.
enum ValueKernel {
  /// Writes Σ weight · row over some rows, in order.
  static func mean(
    _ count: Int, _ width: Int, _ weights: UnsafePointer<Float>,
    _ rows: UnsafePointer<Float>, row: Int, into out: UnsafeMutablePointer<Float>
  ) {
    var column = 0
    while column &+ 64 <= width {
      var s0 = Sixteen.zero, s1 = Sixteen.zero, s2 = Sixteen.zero, s3 = Sixteen.zero
      var place = rows + column
      for index in 0..<count {
        let weight = Sixteen(repeating: weights[index])
        s0 = adding(s0, weight, load(place, as: Sixteen.self))
        s1 = adding(s1, weight, load(place + 16, as: Sixteen.self))
        s2 = adding(s2, weight, load(place + 32, as: Sixteen.self))
        s3 = adding(s3, weight, load(place + 48, as: Sixteen.self))
        place += row
      }
      store(s0, out + column)
      store(s1, out + column + 16)
      store(s2, out + column + 32)
      store(s3, out + column + 48)
      column &+= 64
    }
    while column &+ 8 <= width {
      var sums = Lanes.zero
      for index in 0..<count {
        sums = adding(sums, Lanes(repeating: weights[index]), load(rows + index * row + column))
      }
      store(sums, out + column)
      column &+= 8
    }
    while column < width {
      var sum: Float = 0
      for index in 0..<count { sum = adding(sum, weights[index], rows[index * row + column]) }
      out[column] = sum
      column &+= 1
    }
  }
}
