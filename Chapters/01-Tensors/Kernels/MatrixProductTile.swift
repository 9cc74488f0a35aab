extension MatrixProductKernel {
  /// A tile, or where vectors are wide two of them side by side, written to the result.
  ///
  /// Every product comes here. It is not inlined, so that it has all registers for itself.
  /// - Parameters:
  ///   - columns: 16 or 32.
  ///   - beside: the way from one column of `b` to that sixteen behind it.
  @inline(never)
  static func tiles(
    _ columns: Int, _ k: Int, _ a: UnsafePointer<Float>, _ row: Int, _ step: Int,
    _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ width: Int,
    _ accumulating: Bool, next: Int, height: Int, beside: Int
  ) {
    if columns > tileColumns {
      tile(k, a, row, step, b, beside: beside, next: next, height: height) {
        row, left, right in
        put(left as Sixteen, right, c + row &* width, accumulating)
      }
    } else {
      tile(k, a, row, step, b, beside: 8, next: next, height: height) { row, left, right in
        put(left as Lanes, right, c + row &* width, accumulating)
      }
    }
  }

  /// The inner loop of the book: a tile of 6 × 16 sums that never leaves the registers.
  ///
  /// Each step of `k` reads 16 numbers of `b` and 6 of `a` and does 96 fused multiply-adds; with
  /// vectors of sixteen, 32 and 192. Inlined into other modules, where the closure costs nothing.
  /// - Parameters:
  ///   - beside: the way from the left half of a row of `b` to the right half.
  ///   - next: the way from one row of `b` to the next.
  ///   - height: the rows that `a` has; those that it lacks repeat the last and are dropped.
  @inlinable @inline(__always)
  package static func tile<Vector: SIMD<Float>>(
    _ k: Int, _ a: UnsafePointer<Float>, _ row: Int, _ step: Int, _ b: UnsafePointer<Float>,
    beside: Int = 8, next: Int, height: Int,
    put: (_ row: Int, _ left: Vector, _ right: Vector) -> Void
  ) {
    let (r1, r2) = (row &* min(1, height &- 1), row &* min(2, height &- 1))
    let (r3, r4) = (row &* min(3, height &- 1), row &* min(4, height &- 1))
    let r5 = row &* min(5, height &- 1)
    var c00 = Vector.zero, c01 = Vector.zero, c10 = Vector.zero, c11 = Vector.zero
    var c20 = Vector.zero, c21 = Vector.zero, c30 = Vector.zero, c31 = Vector.zero
    var c40 = Vector.zero, c41 = Vector.zero, c50 = Vector.zero, c51 = Vector.zero
    var a = a
    var b = b
    for _ in 0..<k {
      let b0 = load(b, as: Vector.self), b1 = load(b + beside, as: Vector.self)
      let a0 = Vector(repeating: a[0])
      c00 = adding(c00, a0, b0); c01 = adding(c01, a0, b1)
      let a1 = Vector(repeating: a[r1])
      c10 = adding(c10, a1, b0); c11 = adding(c11, a1, b1)
      let a2 = Vector(repeating: a[r2])
      c20 = adding(c20, a2, b0); c21 = adding(c21, a2, b1)
      let a3 = Vector(repeating: a[r3])
      c30 = adding(c30, a3, b0); c31 = adding(c31, a3, b1)
      let a4 = Vector(repeating: a[r4])
      c40 = adding(c40, a4, b0); c41 = adding(c41, a4, b1)
      let a5 = Vector(repeating: a[r5])
      c50 = adding(c50, a5, b0); c51 = adding(c51, a5, b1)
      a += step
      b += next
    }
    put(0, c00, c01)
    if height > 1 { put(1, c10, c11) }
    if height > 2 { put(2, c20, c21) }
    if height > 3 { put(3, c30, c31) }
    if height > 4 { put(4, c40, c41) }
    if height > 5 { put(5, c50, c51) }
  }

  @inline(__always)
  private static func put<Vector: SIMD<Float>>(
    _ left: Vector, _ right: Vector, _ c: UnsafeMutablePointer<Float>, _ accumulating: Bool
  ) {
    let beside = c + Vector.scalarCount
    store(accumulating ? load(c, as: Vector.self) + left : left, c)
    store(accumulating ? load(beside, as: Vector.self) + right : right, beside)
  }

  /// The columns that are computed together, of so many that are left.
  @inline(__always)
  package static func span(_ columns: Int) -> Int {
    columns >= stripColumns ? stripColumns : min(tileColumns, columns)
  }

  /// Lays `b` out as the tile reads it: panels of 16 columns, each row by row, padded with zeros.
  static func packColumns(
    _ k: Int, _ n: Int, _ b: Operand, into panel: UnsafeMutablePointer<Float>
  ) {
    var j = 0
    while j < n {
      let columns = min(tileColumns, n - j)
      let out = panel + j * k
      let source = b.base + j * b.column
      if columns == tileColumns && b.column == 1 {
        for p in 0..<k { store(load(source + p * b.row, as: Sixteen.self), out + p * 16) }
      } else if columns == tileColumns && b.row == 1 {
        transpose(k, source, b.column, into: out, width: 16)
        transpose(k, source + 8 * b.column, b.column, into: out + 8, width: 16)
      } else {
        for p in 0..<k {
          for j in 0..<tileColumns {
            out[p * 16 + j] = j < columns ? source[p * b.row + j * b.column] : 0
          }
        }
      }
      j += tileColumns
    }
  }

  /// Lays up to six rows of `a` out column by column, padded with zeros.
  static func packRows(
    _ m: Int, _ k: Int, _ a: Operand, into out: UnsafeMutablePointer<Float>
  ) {
    if m == tileRows {
      for r in 0..<tileRows {
        let source = a.base + r * a.row
        for p in 0..<k { out[p &* tileRows &+ r] = source[p &* a.column] }
      }
    } else {
      for p in 0..<k {
        for r in 0..<tileRows {
          out[p * tileRows + r] = r < m ? a.base[r * a.row + p * a.column] : 0
        }
      }
    }
  }

  /// Writes eight rows of `k` numbers as `k` rows of eight.
  private static func transpose(
    _ k: Int, _ source: UnsafePointer<Float>, _ stride: Int,
    into out: UnsafeMutablePointer<Float>, width: Int
  ) {
    var p = 0
    while p + 8 <= k {
      let s = source + p
      let (r0, r1) = (load(s), load(s + stride))
      let (r2, r3) = (load(s + 2 * stride), load(s + 3 * stride))
      let (r4, r5) = (load(s + 4 * stride), load(s + 5 * stride))
      let (r6, r7) = (load(s + 6 * stride), load(s + 7 * stride))
      // Three rounds: neighbours within 64 bits, within 128, then the two halves.
      let (t0, t1) = interleave(r0, r1), (t2, t3) = interleave(r2, r3)
      let (t4, t5) = interleave(r4, r5), (t6, t7) = interleave(r6, r7)
      let (u0, u1) = interleavePairs(t0, t2), (u2, u3) = interleavePairs(t1, t3)
      let (u4, u5) = interleavePairs(t4, t6), (u6, u7) = interleavePairs(t5, t7)
      let (c0, c4) = exchangeHalves(u0, u4), (c1, c5) = exchangeHalves(u1, u5)
      let (c2, c6) = exchangeHalves(u2, u6), (c3, c7) = exchangeHalves(u3, u7)
      let d = out + p * width
      store(c0, d)
      store(c1, d + width)
      store(c2, d + 2 * width)
      store(c3, d + 3 * width)
      store(c4, d + 4 * width)
      store(c5, d + 5 * width)
      store(c6, d + 6 * width)
      store(c7, d + 7 * width)
      p += 8
    }
    while p < k {
      for r in 0..<8 { out[p * width + r] = source[r * stride + p] }
      p += 1
    }
  }

  // These orders of lanes are single instructions; others cost four or five.

  @inline(__always)
  private static func interleave(_ a: Lanes, _ b: Lanes) -> (Lanes, Lanes) {
    (
      Lanes(a[0], b[0], a[1], b[1], a[4], b[4], a[5], b[5]),
      Lanes(a[2], b[2], a[3], b[3], a[6], b[6], a[7], b[7])
    )
  }

  @inline(__always)
  private static func interleavePairs(_ a: Lanes, _ b: Lanes) -> (Lanes, Lanes) {
    (
      Lanes(a[0], a[1], b[0], b[1], a[4], a[5], b[4], b[5]),
      Lanes(a[2], a[3], b[2], b[3], a[6], a[7], b[6], b[7])
    )
  }

  @inline(__always)
  private static func exchangeHalves(_ a: Lanes, _ b: Lanes) -> (Lanes, Lanes) {
    (
      Lanes(lowHalf: a.lowHalf, highHalf: b.lowHalf),
      Lanes(lowHalf: a.highHalf, highHalf: b.highHalf)
    )
  }

  /// The sum of products of two runs of numbers, in four interleaved sums of eight lanes.
  @inline(__always)
  package static func dot(
    _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>
  ) -> Float {
    var s0 = Lanes.zero, s1 = Lanes.zero, s2 = Lanes.zero, s3 = Lanes.zero
    var p = 0
    while p &+ 32 <= k {
      s0 = adding(s0, load(a + p), load(b + p))
      s1 = adding(s1, load(a + p + 8), load(b + p + 8))
      s2 = adding(s2, load(a + p + 16), load(b + p + 16))
      s3 = adding(s3, load(a + p + 24), load(b + p + 24))
      p &+= 32
    }
    while p &+ 8 <= k {
      s0 = adding(s0, load(a + p), load(b + p))
      p &+= 8
    }
    var sum = total((s0 + s1) + (s2 + s3))
    while p < k {
      sum = adding(sum, a[p], b[p])
      p &+= 1
    }
    return sum
  }

  /// Adds a multiple of one run of numbers to another.
  @inline(__always)
  package static func addScaled(
    _ n: Int, _ scale: Float, _ x: UnsafePointer<Float>, _ stride: Int,
    to y: UnsafeMutablePointer<Float>
  ) {
    if stride == 1 {
      let s = Lanes(repeating: scale)
      var j = 0
      while j &+ 8 <= n {
        store(adding(load(y + j), s, load(x + j)), y + j)
        j &+= 8
      }
      while j < n {
        y[j] = adding(y[j], scale, x[j])
        j &+= 1
      }
    } else {
      for j in 0..<n { y[j] = adding(y[j], scale, x[j &* stride]) }
    }
  }
}
