/// The answer to exercise 1.6.
///
/// Why this way: the loops may be nested in any order, as long as, for one entry, p only grows and
/// every product is added to the one running sum in `c`. A sum of its own for each block, added at
/// the end, rounds at other places: the bits would tell how large a block was. The tile of the
/// chapter makes that choice knowingly, once, with panels of 256, and never changes it.
public func blockedProduct(
  _ a: [Float], _ b: [Float], rows m: Int, columns n: Int, inner k: Int, block: Int
) throws -> [Float] {
  var c = [Float](repeating: 0, count: m * n)
  for i0 in stride(from: 0, to: m, by: block) {
    for p0 in stride(from: 0, to: k, by: block) {
      for j0 in stride(from: 0, to: n, by: block) {
        for i in i0..<min(i0 + block, m) {
          for p in p0..<min(p0 + block, k) {
            let factor = a[i * k + p]
            for j in j0..<min(j0 + block, n) {
              let product = factor * b[p * n + j]
              c[i * n + j] += product
            }
          }
        }
      }
    }
  }
  return c
}

/// Wrong answers to exercise 1.6.
public enum Mutants1_6 {
  /// Gives each block of p a sum of its own, so the block decides the last bits.
  public static func sumsBlocksApart(
    _ a: [Float], _ b: [Float], rows m: Int, columns n: Int, inner k: Int, block: Int
  ) throws -> [Float] {
    var c = [Float](repeating: 0, count: m * n)
    for i in 0..<m {
      for j in 0..<n {
        for p0 in stride(from: 0, to: k, by: block) {
          var sum: Float = 0
          for p in p0..<min(p0 + block, k) {
            let product = a[i * k + p] * b[p * n + j]
            sum += product
          }
          c[i * n + j] += sum
        }
      }
    }
    return c
  }

  /// Leaves out what does not fill a block.
  public static func dropsTheRest(
    _ a: [Float], _ b: [Float], rows m: Int, columns n: Int, inner k: Int, block: Int
  ) throws -> [Float] {
    var c = [Float](repeating: 0, count: m * n)
    for i in 0..<(m / block * block) {
      for p in 0..<(k / block * block) {
        for j in 0..<(n / block * block) {
          let product = a[i * k + p] * b[p * n + j]
          c[i * n + j] += product
        }
      }
    }
    return c
  }

  /// Keeps only the last block of p.
  public static func overwritesTheSum(
    _ a: [Float], _ b: [Float], rows m: Int, columns n: Int, inner k: Int, block: Int
  ) throws -> [Float] {
    var c = [Float](repeating: 0, count: m * n)
    for i in 0..<m {
      for j in 0..<n {
        for p0 in stride(from: 0, to: k, by: block) {
          c[i * n + j] = 0
          for p in p0..<min(p0 + block, k) {
            let product = a[i * k + p] * b[p * n + j]
            c[i * n + j] += product
          }
        }
      }
    }
    return c
  }
}
