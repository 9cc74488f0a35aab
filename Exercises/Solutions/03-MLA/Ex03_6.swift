/// The answer to exercise 3.6.
///
/// Why this way: the latent *is* the grouped layer's cache, all keys and then all values, and the
/// expansion copies the right entries out of it. Its rows are rows of the unit matrix, the same ones
/// for all heads of a group. So every grouped layer is a latent layer with an equal cache. The reverse
/// does not hold: a latent layer may put any numbers into its expansion and so give each head keys of
/// its own from the same latent. This is what "stronger" means in V2's table 1, before any training.
public func latentForm(
  keys: [[Double]], values: [[Double]], heads: Int, headWidth: Int
) throws -> (compression: [[Double]], expansion: [[Double]]) {
  let rank = keys.count + values.count
  let group = heads / (keys.count / headWidth)
  func copying(_ entry: Int) -> [Double] { (0..<rank).map { $0 == entry ? 1 : 0 } }
  let expansion = (0..<heads).flatMap { head -> [[Double]] in
    let first = head / group * headWidth
    let entries = Array(first..<first + headWidth)
    return entries.map { copying($0) } + entries.map { copying(keys.count + $0) }
  }
  return (keys + values, expansion)
}

/// Wrong answers to exercise 3.6.
public enum Mutants3_6 {
  /// The two matrices of a latent layer.
  public typealias Matrices = (compression: [[Double]], expansion: [[Double]])

  /// Deals the key heads out as 0, 1, 0, 1 instead of 0, 0, 1, 1.
  public static func dealsHeads(
    _ keys: [[Double]], _ values: [[Double]], _ heads: Int, _ width: Int
  ) throws -> Matrices {
    let right = try latentForm(keys: keys, values: values, heads: heads, headWidth: width)
    let groups = keys.count / width
    let expansion = (0..<heads).flatMap { head -> [[Double]] in
      let twin = head % groups * (heads / groups)
      return Array(right.expansion[twin * 2 * width..<(twin + 1) * 2 * width])
    }
    return (right.compression, expansion)
  }

  /// Lists all heads' keys and then all heads' values.
  public static func putsValuesLast(
    _ keys: [[Double]], _ values: [[Double]], _ heads: Int, _ width: Int
  ) throws -> Matrices {
    let right = try latentForm(keys: keys, values: values, heads: heads, headWidth: width)
    let (keyRows, valueRows) = (
      right.expansion.indices.filter { $0 / width % 2 == 0 },
      right.expansion.indices.filter { $0 / width % 2 == 1 }
    )
    return (right.compression, (keyRows + valueRows).map { right.expansion[$0] })
  }

  /// Keeps a copy for every query head: right, and no saving at all.
  public static func keepsCopies(
    _ keys: [[Double]], _ values: [[Double]], _ heads: Int, _ width: Int
  ) throws -> Matrices {
    let right = try latentForm(keys: keys, values: values, heads: heads, headWidth: width)
    let compression = right.expansion.map { row in
      (keys + values)[row.firstIndex(of: 1) ?? 0]
    }
    let expansion = compression.indices.map { entry in
      compression.indices.map { $0 == entry ? 1.0 : 0 }
    }
    return (compression, expansion)
  }

  /// Keeps the keys alone and takes the values to be equal to them.
  public static func keepsKeys(
    _ keys: [[Double]], _ values: [[Double]], _ heads: Int, _ width: Int
  ) throws -> Matrices {
    try latentForm(keys: keys, values: keys, heads: heads, headWidth: width)
  }
}
