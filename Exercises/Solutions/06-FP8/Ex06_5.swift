/// The answer to exercise 6.5.
///
/// Why this way: a scale can leave the sum because it is the same for all of the block's k. It
/// changes with the block, so it cannot leave the sum over blocks.
public func product(
  a: [[Float]], aScales: [[Float]], b: [[Float]], bScales: [[Float]], group: Int
) throws -> [[Float]] {
  product(a, b, group) { m, n, block in aScales[m][block] * bScales[n / group][block] }
}

/// The product with some factor for each block of a sum.
private func product(
  _ a: [[Float]], _ b: [[Float]], _ group: Int, _ scale: (Int, Int, Int) -> Float
) -> [[Float]] {
  a.indices.map { m in
    b.indices.map { n in
      var result: Float = 0
      for start in stride(from: 0, to: a[m].count, by: group) {
        var sum: Float = 0
        for k in start..<min(start + group, a[m].count) { sum += a[m][k] * b[n][k] }
        result += sum * scale(m, n, start / group)
      }
      return result
    }
  }
}

/// Wrong answers to exercise 6.5.
public enum Mutants6_5 {
  /// Divides by the scales.
  public static func divides(
    a: [[Float]], aScales: [[Float]], b: [[Float]], bScales: [[Float]], group: Int
  ) throws -> [[Float]] {
    product(a, b, group) { m, n, block in 1 / (aScales[m][block] * bScales[n / group][block]) }
  }

  /// Takes the scale of the first block for all of a row.
  public static func takesTheFirst(
    a: [[Float]], aScales: [[Float]], b: [[Float]], bScales: [[Float]], group: Int
  ) throws -> [[Float]] {
    product(a, b, group) { m, n, _ in aScales[m][0] * bScales[n / group][0] }
  }

  /// Reads the grid of the blocks transposed.
  public static func transposesTheGrid(
    a: [[Float]], aScales: [[Float]], b: [[Float]], bScales: [[Float]], group: Int
  ) throws -> [[Float]] {
    product(a, b, group) { m, n, block in
      aScales[m][block] * bScales[block % bScales.count][n / group % bScales[0].count]
    }
  }

  /// Counts columns where the grid counts blocks.
  public static func countsColumns(
    a: [[Float]], aScales: [[Float]], b: [[Float]], bScales: [[Float]], group: Int
  ) throws -> [[Float]] {
    product(a, b, group) { m, n, block in aScales[m][block] * bScales[n % bScales.count][block]
    }
  }

  /// Forgets the scales of the right operand.
  public static func forgetsOneSide(
    a: [[Float]], aScales: [[Float]], b: [[Float]], bScales: [[Float]], group: Int
  ) throws -> [[Float]] {
    product(a, b, group) { m, _, block in aScales[m][block] }
  }
}
