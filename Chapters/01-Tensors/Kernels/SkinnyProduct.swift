/// Products with one to three rows, as in decoding.
///
/// They are short of arithmetic: the time goes into reading `b`, so each entry of it is read once,
/// for two rows together where there are two. An entry of the result has the same bits, whatever
/// rows stand beside it: decoding two tokens at once writes what decoding them singly writes.
extension MatrixProductKernel {
  static func skinny(
    _ m: Int, _ n: Int, _ k: Int, _ a: Operand, _ b: Operand, into c: Result,
    _ accumulating: Bool
  ) {
    if b.row == 1 && a.column == 1 {
      var i = 0
      while i < m {
        let rows = min(2, m - i)
        dots(
          rows, n, k, a.base + i * a.row, a.row, b.base, b.column, into: c.base + i * c.row,
          c.row, accumulating)
        i += rows
      }
      return
    }
    for i in 0..<m {
      let out = c.base + i * c.row
      let source = a.base + i * a.row
      if !accumulating { out.update(repeating: 0, count: n) }
      for p in 0..<k {
        addScaled(n, source[p * a.column], b.base + p * b.row, b.column, to: out)
      }
    }
  }

  /// One row times four columns at a time, or two rows times two.
  private static func dots(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ row: Int,
    _ b: UnsafePointer<Float>, _ column: Int, into c: UnsafeMutablePointer<Float>, _ width: Int,
    _ accumulating: Bool
  ) {
    let columns = m == 1 ? 4 : 2
    var j = 0
    while j < n {
      // Columns that lack repeat the last and are dropped.
      let last = n - 1 - j
      let b0 = b + j * column
      let b1 = b0 + min(1, last) * column
      let sums =
        m == 1
        ? fourDots(
          k, (a, b0), (a, b1), (a, b0 + min(2, last) * column), (a, b0 + min(3, last) * column))
        : fourDots(k, (a, b0), (a, b1), (a + row, b0), (a + row, b1))
      for lane in 0..<4 {
        let (i, offset) = (lane / columns, lane % columns)
        guard offset <= last else { continue }
        let out = c + i * width + j + offset
        out.pointee = accumulating ? out.pointee + sums[lane] : sums[lane]
      }
      j += columns
    }
  }

  private typealias Pair = (a: UnsafePointer<Float>, b: UnsafePointer<Float>)

  /// Four sums of products, each in two interleaved sums of eight lanes.
  @inline(__always)
  private static func fourDots(
    _ k: Int, _ x: Pair, _ y: Pair, _ z: Pair, _ w: Pair
  ) -> SIMD4<Float> {
    var x0 = Lanes.zero, x1 = Lanes.zero, y0 = Lanes.zero, y1 = Lanes.zero
    var z0 = Lanes.zero, z1 = Lanes.zero, w0 = Lanes.zero, w1 = Lanes.zero
    var p = 0
    while p &+ 16 <= k {
      x0 = adding(x0, load(x.a + p), load(x.b + p))
      y0 = adding(y0, load(y.a + p), load(y.b + p))
      z0 = adding(z0, load(z.a + p), load(z.b + p))
      w0 = adding(w0, load(w.a + p), load(w.b + p))
      x1 = adding(x1, load(x.a + p + 8), load(x.b + p + 8))
      y1 = adding(y1, load(y.a + p + 8), load(y.b + p + 8))
      z1 = adding(z1, load(z.a + p + 8), load(z.b + p + 8))
      w1 = adding(w1, load(w.a + p + 8), load(w.b + p + 8))
      p &+= 16
    }
    if p &+ 8 <= k {
      x0 = adding(x0, load(x.a + p), load(x.b + p))
      y0 = adding(y0, load(y.a + p), load(y.b + p))
      z0 = adding(z0, load(z.a + p), load(z.b + p))
      w0 = adding(w0, load(w.a + p), load(w.b + p))
      p &+= 8
    }
    var sums = totals(x0 + x1, y0 + y1, z0 + z1, w0 + w1)
    while p < k {
      let left = SIMD4(x.a[p], y.a[p], z.a[p], w.a[p])
      let right = SIMD4(x.b[p], y.b[p], z.b[p], w.b[p])
      for lane in 0..<4 { sums[lane] = adding(sums[lane], left[lane], right[lane]) }
      p &+= 1
    }
    return sums
  }

  /// The sums over the lanes of four vectors, side by side.
  @inline(__always)
  private static func totals(
    _ x: Lanes, _ y: Lanes, _ z: Lanes, _ w: Lanes
  ) -> SIMD4<Float> {
    let first = Lanes(lowHalf: x.lowHalf + x.highHalf, highHalf: y.lowHalf + y.highHalf)
    let second = Lanes(lowHalf: z.lowHalf + z.highHalf, highHalf: w.lowHalf + w.highHalf)
    let pairs = Lanes(
      lowHalf: first.evenHalf + first.oddHalf, highHalf: second.evenHalf + second.oddHalf)
    return pairs.evenHalf + pairs.oddHalf
  }
}
