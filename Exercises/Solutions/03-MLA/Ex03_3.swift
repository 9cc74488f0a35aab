import Foundation

/// The answer to exercise 3.3.
///
/// Why this way: the two parts lie in one row because one matrix product makes both, and for no other
/// reason. The norm belongs to the latent. Over both parts, a token with a long rotary key would have
/// a short latent, and the key would be shrunk before it is turned. What is kept is finished: if the
/// norm came after the cache, it would be repeated for every token at every step.
public func kept(
  of row: [Double], normWeight: [Double], position: Int, frequencies: [Double]
) throws -> (latent: [Double], key: [Double]) {
  let rank = normWeight.count
  let meanSquare = row[..<rank].reduce(0) { $0 + $1 * $1 } / Double(rank)
  let size = (meanSquare + 1e-6).squareRoot()
  let latent = zip(row[..<rank], normWeight).map { $0 / size * $1 }
  return (latent, turned(Array(row[rank...]), position, frequencies))
}

private func turned(
  _ row: [Double], _ position: Int, _ frequencies: [Double]
) -> [Double] {
  var result = row
  for pair in 0..<row.count / 2 {
    let angle = Double(position) * frequencies[pair % frequencies.count]
    let (a, b) = (row[2 * pair], row[2 * pair + 1])
    result[2 * pair] = a * cos(angle) - b * sin(angle)
    result[2 * pair + 1] = a * sin(angle) + b * cos(angle)
  }
  return result
}

/// Wrong answers to exercise 3.3.
public enum Mutants3_3 {
  /// What is kept of a token.
  public typealias Kept = (latent: [Double], key: [Double])

  /// Is the code as it was found: the norm covers the key.
  public static func normalizesKey(
    _ row: [Double], _ weight: [Double], _ position: Int, _ frequencies: [Double]
  ) throws -> Kept {
    let meanSquare = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
    let normalized = row.map { $0 / (meanSquare + 1e-6).squareRoot() }
    let latent = zip(normalized, weight).map { $0 * $1 }
    return (latent, turned(Array(normalized[weight.count...]), position, frequencies))
  }

  /// Norms the latent by the size of the whole row, and leaves the key alone.
  public static func measuresBoth(
    _ row: [Double], _ weight: [Double], _ position: Int, _ frequencies: [Double]
  ) throws -> Kept {
    let found = try normalizesKey(row, weight, position, frequencies)
    return (found.latent, turned(Array(row[weight.count...]), position, frequencies))
  }

  /// Keeps the latent as it was before its norm.
  public static func keepsRawLatent(
    _ row: [Double], _ weight: [Double], _ position: Int, _ frequencies: [Double]
  ) throws -> Kept {
    (
      Array(row[..<weight.count]),
      turned(Array(row[weight.count...]), position, frequencies)
    )
  }

  /// Keeps the key as it was before its rotation.
  public static func keepsStillKey(
    _ row: [Double], _ weight: [Double], _ position: Int, _ frequencies: [Double]
  ) throws -> Kept {
    let right = try kept(
      of: row, normWeight: weight, position: position, frequencies: frequencies)
    return (right.latent, Array(row[weight.count...]))
  }

  /// Turns the latent too.
  public static func turnsEverything(
    _ row: [Double], _ weight: [Double], _ position: Int, _ frequencies: [Double]
  ) throws -> Kept {
    let right = try kept(
      of: row, normWeight: weight, position: position, frequencies: frequencies)
    return (turned(right.latent, position, frequencies), right.key)
  }

  /// Takes the key to be in front of the latent.
  public static func swapsParts(
    _ row: [Double], _ weight: [Double], _ position: Int, _ frequencies: [Double]
  ) throws -> Kept {
    let behind = row.count - weight.count
    return try kept(
      of: Array(row[behind...] + row[..<behind]), normWeight: weight, position: position,
      frequencies: frequencies)
  }
}
