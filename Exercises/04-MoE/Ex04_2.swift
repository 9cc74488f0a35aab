import ExerciseKit

/// Exercise 4.2 ●● Repair a router with three faults (15 minutes).
///
/// The code below is a router by the rules of V3: affinities (already through the sigmoid) and biases
/// come in, the chosen experts with their weights go out. It has the three faults of a port that
/// many people use. On most tokens none of them shows much.
///
/// Uncomment it, run the test, and repair it; three lines are to blame. The rules are (4.4) to (4.6),
/// and `scale` is due with and without normalisation.
///
/// Change only the body.    Try it: `swift test --filter "Exercise 4.2"`
public func gateWeights(
  affinities: [Double], bias: [Double], groups: Int, activeGroups: Int, active: Int,
  normalizes: Bool, scale: Double
) throws -> [Int: Double] {
  throw Unfinished("4.2")  // TODO: replace this line by the repaired lines below
  // var ranks = zip(affinities, bias).map { $0 + $1 }
  // let size = ranks.count / groups
  // let groupRanks = (0..<groups).map { group in
  //   ranks[group * size..<(group + 1) * size].sorted(by: >).prefix(2).reduce(0, +)
  // }
  // let kept = best(activeGroups, of: groupRanks)
  // for expert in ranks.indices where !kept.contains(expert / size) { ranks[expert] = 0 }
  // let chosen = best(active, of: ranks)
  // var weights = chosen.map { ranks[$0] }
  // if normalizes {
  //   let sum = weights.reduce(0, +)
  //   weights = weights.map { $0 / sum * scale }
  // }
  // return Dictionary(uniqueKeysWithValues: zip(chosen, weights))
}

/// The places of the largest numbers, the largest first; of equals the lower place.
private func best(_ count: Int, of numbers: [Double]) -> [Int] {
  let order = numbers.indices.sorted { (numbers[$1], $0) < (numbers[$0], $1) }
  return Array(order.prefix(count))
}
