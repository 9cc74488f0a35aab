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

  /// One row times four columns, or two rows times two: four sums at a time.
  ///
  /// The columns are read one after the other, although four at once would give the processor more
  /// to add: weights that lie in memory arrive a quarter sooner along one stream than along four.
  private static func dots(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ row: Int,
    _ b: UnsafePointer<Float>, _ column: Int, into c: UnsafeMutablePointer<Float>, _ width: Int,
    _ accumulating: Bool
  ) {
    let columns = m == 1 ? 4 : 2
    let whole = k & ~7
    var j = 0
    while j < n {
      // Columns that lack repeat the last and are dropped.
      let last = n - 1 - j
      let place: (Int) -> UnsafePointer<Float> = { b + (j + min($0, last)) * column }
      var sums: SIMD4<Float>
      if m == 1 {
        sums = totals(
          dot(whole, a, place(0)), dot(whole, a, place(1)), dot(whole, a, place(2)),
          dot(whole, a, place(3)))
      } else {
        let (x, z) = twoDots(whole, a, a + row, place(0))
        let (y, w) = twoDots(whole, a, a + row, place(1))
        sums = totals(x, y, z, w)
      }
      for lane in 0..<4 {
        let (i, offset) = (lane / columns, lane % columns)
        guard offset <= last else { continue }
        for p in whole..<k {
          sums[lane] = adding(sums[lane], a[i * row + p], place(offset)[p])
        }
        let out = c + i * width + j + offset
        out.pointee = accumulating ? out.pointee + sums[lane] : sums[lane]
      }
      j += columns
    }
  }

  /// A sum of products in two interleaved sums of eight lanes; k is a multiple of eight.
  @inline(__always)
  private static func dot(
    _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>
  ) -> Lanes {
    var sums = Sixteen.zero
    var p = 0
    while p &+ 16 <= k {
      sums = adding(sums, load(a + p, as: Sixteen.self), load(b + p, as: Sixteen.self))
      p &+= 16
    }
    let x = p < k ? adding(sums.lowHalf, load(a + p), load(b + p)) : sums.lowHalf
    return x + sums.highHalf
  }

  /// Two rows times one column, which is read once.
  @inline(__always)
  private static func twoDots(
    _ k: Int, _ a: UnsafePointer<Float>, _ other: UnsafePointer<Float>,
    _ b: UnsafePointer<Float>
  ) -> (Lanes, Lanes) {
    var x = Sixteen.zero, y = Sixteen.zero
    var p = 0
    while p &+ 16 <= k {
      let numbers = load(b + p, as: Sixteen.self)
      x = adding(x, load(a + p, as: Sixteen.self), numbers)
      y = adding(y, load(other + p, as: Sixteen.self), numbers)
      p &+= 16
    }
    var (x0, y0) = (x.lowHalf, y.lowHalf)
    if p < k {
      x0 = adding(x0, load(a + p), load(b + p))
      y0 = adding(y0, load(other + p), load(b + p))
    }
    return (x0 + x.highHalf, y0 + y.highHalf)
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
