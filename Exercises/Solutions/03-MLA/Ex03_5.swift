/// The answer to exercise 3.5.
///
/// Why this way: W^UK does not turn keys into anything here; its transpose takes the query down to
/// the latents, before the kernel, and W^UV takes the mean of the latents up to the values, behind it.
/// So both are used once for a new token, however long the cache is. The kernel sees 576 entries, but
/// the scale is that of the heads as they were trained, 192 wide; a kernel that derives its scale from
/// the width that it sees is wrong for latent attention.
public func decode(
  contents: [[Double]], rotaries: [[Double]], expansion: [[Double]], valueWidth: Int,
  scale: Double, kernel: (_ queries: [[Double]], _ scale: Double) throws -> [[Double]]
) throws -> [[Double]] {
  let heads = contents.indices
  let own = heads.map { h -> ArraySlice<[Double]> in
    let height = contents[h].count + valueWidth
    return expansion[h * height..<(h + 1) * height]
  }
  let queries = heads.map { h in
    down(contents[h], through: own[h].prefix(contents[h].count)) + rotaries[h]
  }
  let means = try kernel(queries, scale)
  return heads.map { h in own[h].suffix(valueWidth).map { dot($0, means[h]) } }
}

/// The product of a transposed matrix and a column.
private func down(_ content: [Double], through rows: ArraySlice<[Double]>) -> [Double] {
  var sum = [Double](repeating: 0, count: rows.first?.count ?? 0)
  for (x, row) in zip(content, rows) {
    for c in row.indices { sum[c] += x * row[c] }
  }
  return sum
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

/// Wrong answers to exercise 3.5.
public enum Mutants3_5 {
  /// Multi-query attention over a cache that only it can see.
  public typealias Kernel = ([[Double]], Double) throws -> [[Double]]

  /// Takes a head's values to be in front of its keys.
  public static func swapsRows(
    _ contents: [[Double]], _ rotaries: [[Double]], _ expansion: [[Double]], _ width: Int,
    _ scale: Double, _ kernel: Kernel
  ) throws -> [[Double]] {
    let height = contents[0].count + width
    let swapped = contents.indices.flatMap { h -> [[Double]] in
      let own = expansion[h * height..<(h + 1) * height]
      return Array(own.suffix(contents[h].count) + own.prefix(width))
    }
    return try decode(
      contents: contents, rotaries: rotaries, expansion: swapped, valueWidth: width,
      scale: scale, kernel: kernel)
  }

  /// Takes all heads' keys to be in front of all heads' values.
  public static func swapsHeads(
    _ contents: [[Double]], _ rotaries: [[Double]], _ expansion: [[Double]], _ width: Int,
    _ scale: Double, _ kernel: Kernel
  ) throws -> [[Double]] {
    let (keys, behind) = (contents[0].count, contents.count * contents[0].count)
    let swapped = contents.indices.flatMap { h -> [[Double]] in
      Array(
        expansion[h * keys..<(h + 1) * keys]
          + expansion[behind + h * width..<behind + (h + 1) * width])
    }
    return try decode(
      contents: contents, rotaries: rotaries, expansion: swapped, valueWidth: width,
      scale: scale, kernel: kernel)
  }

  /// Puts the rotary part in front.
  public static func swapsQuery(
    _ contents: [[Double]], _ rotaries: [[Double]], _ expansion: [[Double]], _ width: Int,
    _ scale: Double, _ kernel: Kernel
  ) throws -> [[Double]] {
    try decode(
      contents: contents, rotaries: rotaries, expansion: expansion, valueWidth: width,
      scale: scale
    ) { queries, scale in
      let rank = expansion[0].count
      return try kernel(queries.map { Array($0[rank...] + $0[..<rank]) }, scale)
    }
  }

  /// Scales by the width that the kernel sees.
  public static func scalesByRank(
    _ contents: [[Double]], _ rotaries: [[Double]], _ expansion: [[Double]], _ width: Int,
    _ scale: Double, _ kernel: Kernel
  ) throws -> [[Double]] {
    let seen = expansion[0].count + rotaries[0].count
    return try decode(
      contents: contents, rotaries: rotaries, expansion: expansion, valueWidth: width,
      scale: 1 / Double(seen).squareRoot(), kernel: kernel)
  }

  /// Forgets to transpose W^UK, which nobody notices at once if it is square.
  public static func forgetsTransposing(
    _ contents: [[Double]], _ rotaries: [[Double]], _ expansion: [[Double]], _ width: Int,
    _ scale: Double, _ kernel: Kernel
  ) throws -> [[Double]] {
    try decode(
      contents: contents, rotaries: rotaries, expansion: expansion, valueWidth: width,
      scale: scale
    ) { queries, scale in
      let (rank, height) = (expansion[0].count, contents[0].count + width)
      guard rank == contents[0].count else { return try kernel(queries, scale) }
      let wrong = contents.indices.map { h in
        (0..<rank).map { dot(expansion[h * height + $0], contents[h]) } + rotaries[h]
      }
      return try kernel(wrong, scale)
    }
  }
}
