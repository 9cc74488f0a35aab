import Tensors

/// Products of a few rows with many, in place: each of the many is read once for four of the few.
package enum DotKernel {
  /// Writes the product of each row of `a` with each row of `b`.
  /// - Shape: a [m, k], b [n, k] → [m, n]
  package static func products(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>
  ) {
    // So many rows of b stay in the first-level cache while all rows of a pass by.
    let block = max(2, 4096 / max(k, 1) / 2 * 2)
    for first in stride(from: 0, to: n, by: block) {
      let last = min(first + block, n)
      var i = 0
      while i < m {
        let height = min(4, m - i)
        var j = first
        while j < last {
          let width = min(2, last - j)
          tile(height, width, k, a + i * k, b + j * k, k, into: c + i * n + j, n)
          j += 2
        }
        i += 4
      }
    }
  }

  /// Four rows by two; those that lack repeat the last and are dropped.
  @inline(__always)
  private static func tile(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ row: Int, into c: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    let (a1, a2) = (a + row * min(1, m - 1), a + row * min(2, m - 1))
    let a3 = a + row * min(3, m - 1)
    let b1 = b + row * min(1, n - 1)
    var s00 = Lanes.zero, s01 = Lanes.zero, s10 = Lanes.zero, s11 = Lanes.zero
    var s20 = Lanes.zero, s21 = Lanes.zero, s30 = Lanes.zero, s31 = Lanes.zero
    var p = 0
    while p &+ 8 <= k {
      let (left, right) = (load(b + p), load(b1 + p))
      let x0 = load(a + p)
      s00 = adding(s00, x0, left); s01 = adding(s01, x0, right)
      let x1 = load(a1 + p)
      s10 = adding(s10, x1, left); s11 = adding(s11, x1, right)
      let x2 = load(a2 + p)
      s20 = adding(s20, x2, left); s21 = adding(s21, x2, right)
      let x3 = load(a3 + p)
      s30 = adding(s30, x3, left); s31 = adding(s31, x3, right)
      p &+= 8
    }
    var sums = (
      total(s00), total(s01), total(s10), total(s11), total(s20), total(s21), total(s30),
      total(s31)
    )
    while p < k {
      let (left, right) = (b[p], b1[p])
      sums.0 = adding(sums.0, a[p], left); sums.1 = adding(sums.1, a[p], right)
      sums.2 = adding(sums.2, a1[p], left); sums.3 = adding(sums.3, a1[p], right)
      sums.4 = adding(sums.4, a2[p], left); sums.5 = adding(sums.5, a2[p], right)
      sums.6 = adding(sums.6, a3[p], left); sums.7 = adding(sums.7, a3[p], right)
      p &+= 1
    }
    let isWide = n > 1
    put(sums.0, sums.1, isWide, c)
    if m > 1 { put(sums.2, sums.3, isWide, c + width) }
    if m > 2 { put(sums.4, sums.5, isWide, c + 2 * width) }
    if m > 3 { put(sums.6, sums.7, isWide, c + 3 * width) }
  }

  @inline(__always)
  private static func put(
    _ left: Float, _ right: Float, _ isWide: Bool, _ c: UnsafeMutablePointer<Float>
  ) {
    c[0] = left
    if isWide { c[1] = right }
  }
}
