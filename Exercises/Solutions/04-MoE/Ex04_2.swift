/// The answer to exercise 4.2.
///
/// Why this way: ranks and weights are different things, and they live in different arrays. The rank
/// of an excluded expert is −∞, the only number below every other. A kept expert's rank is below
/// zero as soon as its bias is below minus its affinity. And the factor is part of the weight, not
/// of the normalisation: V2 scales by 16 and normalises nothing.
public func gateWeights(
  affinities: [Double], bias: [Double], groups: Int, activeGroups: Int, active: Int,
  normalizes: Bool, scale: Double
) throws -> [Int: Double] {
  let chosen = chosen(
    ranks: zip(affinities, bias).map { $0 + $1 }, groups, activeGroups, active,
    excluded: -.infinity)
  let weights = chosen.map { affinities[$0] }
  let sum = normalizes ? weights.reduce(0, +) : 1
  return Dictionary(uniqueKeysWithValues: zip(chosen, weights.map { scale * $0 / sum }))
}

private func chosen(
  ranks: [Double], _ groups: Int, _ activeGroups: Int, _ active: Int, excluded: Double,
  counting members: Int = 2
) -> [Int] {
  var ranks = ranks
  let size = ranks.count / groups
  let groupRanks = (0..<groups).map { group in
    ranks[group * size..<(group + 1) * size].sorted(by: >).prefix(members).reduce(0, +)
  }
  let kept = best(activeGroups, of: groupRanks)
  for expert in ranks.indices where !kept.contains(expert / size) { ranks[expert] = excluded }
  return best(active, of: ranks)
}

/// The places of the largest numbers, the largest first; of equals the lower place.
private func best(_ count: Int, of numbers: [Double]) -> [Int] {
  let order = numbers.indices.sorted { (numbers[$1], $0) < (numbers[$0], $1) }
  return Array(order.prefix(count))
}

/// Wrong answers to exercise 4.2.
public enum Mutants4_2 {
  /// Is the code as it was found.
  public static func asFound(
    _ affinities: [Double], _ bias: [Double], _ groups: Int, _ activeGroups: Int,
    _ active: Int, _ normalizes: Bool, _ scale: Double
  ) throws -> [Int: Double] {
    let ranks = zip(affinities, bias).map { $0 + $1 }
    let chosen = chosen(ranks: ranks, groups, activeGroups, active, excluded: 0)
    let sum = chosen.reduce(0) { $0 + ranks[$1] }
    return weighed(chosen) { normalizes ? ranks[$0] / sum * scale : ranks[$0] }
  }

  /// Weighs by affinity and bias.
  public static func leaksBias(
    _ affinities: [Double], _ bias: [Double], _ groups: Int, _ activeGroups: Int,
    _ active: Int, _ normalizes: Bool, _ scale: Double
  ) throws -> [Int: Double] {
    let ranks = zip(affinities, bias).map { $0 + $1 }
    let chosen = chosen(ranks: ranks, groups, activeGroups, active, excluded: -.infinity)
    let sum = normalizes ? chosen.reduce(0) { $0 + ranks[$1] } : 1
    return weighed(chosen) { scale * ranks[$0] / sum }
  }

  /// Masks with 0.
  public static func masksWithZero(
    _ affinities: [Double], _ bias: [Double], _ groups: Int, _ activeGroups: Int,
    _ active: Int, _ normalizes: Bool, _ scale: Double
  ) throws -> [Int: Double] {
    let ranks = zip(affinities, bias).map { $0 + $1 }
    let chosen = chosen(ranks: ranks, groups, activeGroups, active, excluded: 0)
    let sum = normalizes ? chosen.reduce(0) { $0 + affinities[$1] } : 1
    return weighed(chosen) { scale * affinities[$0] / sum }
  }

  /// Scales only what it normalises.
  public static func scalesInsideIf(
    _ affinities: [Double], _ bias: [Double], _ groups: Int, _ activeGroups: Int,
    _ active: Int, _ normalizes: Bool, _ scale: Double
  ) throws -> [Int: Double] {
    try gateWeights(
      affinities: affinities, bias: bias, groups: groups, activeGroups: activeGroups,
      active: active, normalizes: normalizes, scale: normalizes ? scale : 1)
  }

  /// Scales first and divides the factor out again.
  public static func scalesFirst(
    _ affinities: [Double], _ bias: [Double], _ groups: Int, _ activeGroups: Int,
    _ active: Int, _ normalizes: Bool, _ scale: Double
  ) throws -> [Int: Double] {
    try gateWeights(
      affinities: affinities, bias: bias, groups: groups, activeGroups: activeGroups,
      active: active, normalizes: normalizes, scale: normalizes ? 1 : scale)
  }

  /// Ranks a group by its best expert, as V2 did.
  public static func takesMaximum(
    _ affinities: [Double], _ bias: [Double], _ groups: Int, _ activeGroups: Int,
    _ active: Int, _ normalizes: Bool, _ scale: Double
  ) throws -> [Int: Double] {
    let ranks = zip(affinities, bias).map { $0 + $1 }
    let chosen = chosen(
      ranks: ranks, groups, activeGroups, active, excluded: -.infinity, counting: 1)
    let sum = normalizes ? chosen.reduce(0) { $0 + affinities[$1] } : 1
    return weighed(chosen) { scale * affinities[$0] / sum }
  }

  private static func weighed(_ chosen: [Int], by weight: (Int) -> Double) -> [Int: Double] {
    Dictionary(uniqueKeysWithValues: chosen.map { ($0, weight($0)) })
  }
}
