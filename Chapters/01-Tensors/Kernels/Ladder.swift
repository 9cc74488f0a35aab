/// Five ways to multiply matrices, each faster than the last.
///
/// The first three exist to be read and measured; the model uses the last.
public enum ProductLadder: String, CaseIterable, Sendable {
  /// The definition, on arrays: for each entry, a row times a column.
  case naive
  /// The same additions in another order, so that the inner loop walks along memory.
  case reordered
  /// Tiles of 4 × 16 sums that stay in registers.
  case tiled
  /// Tiles of 6 × 16, their operands laid out as the tile reads them; one thread.
  case packed
  /// The same on every core.
  case threaded

  /// Multiplies two matrices.
  /// - Shape: [m, k] · [k, n] → [m, n]
  public func multiply(_ a: Tensor, _ b: Tensor) -> Tensor {
    insist(
      a.shape.count == 2 && b.shape.count == 2 && a.shape[1] == b.shape[0],
      "ProductLadder: \(a.shape) × \(b.shape); the inner sizes must agree")
    let (m, n, k) = (a.shape[0], b.shape[1], a.shape[1])
    switch self {
    case .naive:
      return Tensor(Ladder.naive(m, n, k, a.scalars, b.scalars), shape: [m, n])
    case .reordered:
      return Ladder.filled(m, n, a, b) { Ladder.reordered(m, n, k, $0, $1, $2) }
    case .tiled:
      return Ladder.filled(m, n, a, b) { Ladder.tiled(m, n, k, $0, $1, $2) }
    case .packed: return Threads.with(1) { a.matmul(b) }
    case .threaded: return a.matmul(b)
    }
  }
}

private enum Ladder {
  static func naive(_ m: Int, _ n: Int, _ k: Int, _ a: [Float], _ b: [Float]) -> [Float] {
    var c = [Float](repeating: 0, count: m * n)
    // snippet.naive
    for i in 0..<m {
      for j in 0..<n {
        for p in 0..<k {
          c[i * n + j] += a[i * k + p] * b[p * n + j]
        }
      }
    }
    // snippet.end
    return c
  }

  static func reordered(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) {
    // snippet.reordered
    for i in 0..<m {
      let out = c + i * n
      for p in 0..<k {
        let factor = a[i * k + p]
        let row = b + p * n
        for j in 0..<n { out[j] += factor * row[j] }
      }
    }
    // snippet.end
  }

  static func tiled(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) {
    let (rows, columns) = (m / 4 * 4, n / 16 * 16)
    for i in stride(from: 0, to: rows, by: 4) {
      for j in stride(from: 0, to: columns, by: 16) {
        tile(k, a + i * k, k, b + j, n, c + i * n + j)
      }
    }
    // What the tiles leave over: a strip on the right, and one below.
    for i in 0..<m {
      for p in 0..<k {
        let factor = a[i * k + p]
        let start = i < rows ? columns : 0
        for j in start..<n { c[i * n + j] += factor * b[p * n + j] }
      }
    }
  }

  @inline(__always)
  private static func tile(
    _ k: Int, _ a: UnsafePointer<Float>, _ row: Int, _ b: UnsafePointer<Float>, _ width: Int,
    _ c: UnsafeMutablePointer<Float>
  ) {
    // snippet.tile
    var c00 = Lanes.zero, c01 = Lanes.zero, c10 = Lanes.zero, c11 = Lanes.zero
    var c20 = Lanes.zero, c21 = Lanes.zero, c30 = Lanes.zero, c31 = Lanes.zero
    for p in 0..<k {
      let b0 = load(b + p &* width), b1 = load(b + p &* width + 8)
      let a0 = Lanes(repeating: a[p]), a1 = Lanes(repeating: a[row &+ p])
      c00 = adding(c00, a0, b0); c01 = adding(c01, a0, b1)
      c10 = adding(c10, a1, b0); c11 = adding(c11, a1, b1)
      let a2 = Lanes(repeating: a[2 &* row &+ p]), a3 = Lanes(repeating: a[3 &* row &+ p])
      c20 = adding(c20, a2, b0); c21 = adding(c21, a2, b1)
      c30 = adding(c30, a3, b0); c31 = adding(c31, a3, b1)
    }
    // snippet.end
    store(c00, c); store(c01, c + 8)
    store(c10, c + width); store(c11, c + width + 8)
    store(c20, c + 2 &* width); store(c21, c + 2 &* width + 8)
    store(c30, c + 3 &* width); store(c31, c + 3 &* width + 8)
  }

  /// A zero matrix that a loop over pointers adds into.
  static func filled(
    _ m: Int, _ n: Int, _ a: Tensor, _ b: Tensor,
    _ body: (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>
    ) -> Void
  ) -> Tensor {
    var c = Tensor(shape: [m, n])
    c.withMutableScalars { out in
      if let base = out.baseAddress { body(a.address, b.address, base) }
    }
    withExtendedLifetime((a, b)) {}
    return c
  }
}
