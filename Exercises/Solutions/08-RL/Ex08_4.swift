/// The answer to exercise 8.4.
///
/// Why this way: all four are one over B times a size, and only the size differs. With lengths of 2 and
/// 20, `perSequence` gives a token of the long response a tenth of what one of the short response gets:
/// short right answers are pushed up hard, long wrong ones hardly down. `overGroup` and `constant` treat
/// both alike; only the constant does not change with what was sampled.
public func tokenWeights(
  lengths: [[Int]], rewards: [[Double]], budget: Int
) throws -> Mutants8_4.Weights {
  weights(lengths, rewards, constant: Double(budget))
}

/// - Parameters:
///   - groups: B; the number of groups, if nil.
///   - sum: Σ |o| in `overGroup`; that of the group, if nil.
///   - printed: what `asPrinted` divides by besides.
private func weights(
  _ lengths: [[Int]], _ rewards: [[Double]], constant: Double, groups: Int? = nil,
  sum: Int? = nil, isDead: ([Double]) -> Bool = isDead,
  printed: (_ length: Double) -> Double = { _ in 1 }
) -> Mutants8_4.Weights {
  var all: Mutants8_4.Weights = ([], [], [], [])
  let groups = Double(groups ?? lengths.count)
  for (lengths, rewards) in zip(lengths, rewards) {
    let size = Double(lengths.count)
    let tokens = Double(sum ?? lengths.reduce(0, +))
    let share = isDead(rewards) ? 0 : 1 / groups
    all.perSequence.append(lengths.map { share / (size * Double($0)) })
    all.asPrinted.append(lengths.map { share / (size * printed(Double($0))) })
    all.overGroup.append(lengths.map { _ in share / tokens })
    all.constant.append(lengths.map { _ in share / (size * constant) })
  }
  return all
}

private func isDead(_ rewards: [Double]) -> Bool {
  (rewards.max() ?? 0) - (rewards.min() ?? 0) < 1e-6
}

/// Wrong answers to exercise 8.4.
public enum Mutants8_4 {
  /// What the exercise asks for.
  public typealias Weights = (
    perSequence: [[Double]], asPrinted: [[Double]], overGroup: [[Double]], constant: [[Double]]
  )

  /// Divides by the groups that are left.
  public static func countsTheLiving(
    lengths: [[Int]], rewards: [[Double]], budget: Int
  ) throws -> Weights {
    let living = rewards.count { !isDead($0) }
    return weights(lengths, rewards, constant: Double(budget), groups: living)
  }

  /// Keeps dead groups.
  public static func keepsTheDead(
    lengths: [[Int]], rewards: [[Double]], budget: Int
  ) throws -> Weights {
    weights(lengths, rewards, constant: Double(budget), isDead: { _ in false })
  }

  /// Leaves out groups without a right answer only.
  public static func keepsTheSolved(
    lengths: [[Int]], rewards: [[Double]], budget: Int
  ) throws -> Weights {
    weights(lengths, rewards, constant: Double(budget), isDead: { $0.allSatisfy { $0 == 0 } })
  }

  /// Takes the longest response for the budget.
  public static func takesTheLongest(
    lengths: [[Int]], rewards: [[Double]], budget: Int
  ) throws -> Weights {
    weights(lengths, rewards, constant: Double(lengths.joined().max() ?? 1))
  }

  /// Sums the lengths of all groups, and divides by B besides.
  public static func sumsTheBatch(
    lengths: [[Int]], rewards: [[Double]], budget: Int
  ) throws -> Weights {
    weights(
      lengths, rewards, constant: Double(budget), sum: lengths.joined().reduce(0, +))
  }

  /// Reads DeepSeekMath's equation into R1's.
  public static func correctsThePrint(
    lengths: [[Int]], rewards: [[Double]], budget: Int
  ) throws -> Weights {
    weights(lengths, rewards, constant: Double(budget), printed: { $0 })
  }

  /// Sees one group at a time, and forgets how many there are.
  public static func forgetsTheGroups(
    lengths: [[Int]], rewards: [[Double]], budget: Int
  ) throws -> Weights {
    weights(lengths, rewards, constant: Double(budget), groups: 1)
  }
}
