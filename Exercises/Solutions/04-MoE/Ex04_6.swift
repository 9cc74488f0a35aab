/// What an expert does with all of its rows at once.
public typealias Expert = ([[Double]]) -> [[Double]]

/// The answer to exercise 4.6.
///
/// Why this way: one walk over the slots throws each into the bin of its expert, which keeps tokens
/// in order and costs tokens · active steps. Then each expert with a bin works once. What comes back
/// is added to its tokens, weight by weight. The shared expert enters with the weight 1: it was not
/// chosen, so no gate speaks about it. `ExpertOrder` does the same without bins, by counting first.
public func sparseMixture(
  _ rows: [[Double]], choices: [[Int]], weights: [[Double]], experts: [Expert], shared: Expert
) throws -> [[Double]] {
  mixture(rows, slots(choices, weights), experts, sharedOutput: shared(rows))
}

/// A token that an expert serves, and the weight that its output has there.
private typealias Slot = (expert: Int, token: Int, weight: Double)

private func slots(_ choices: [[Int]], _ weights: [[Double]]) -> [Slot] {
  choices.indices.flatMap { token in
    zip(choices[token], weights[token]).map { ($0, token, $1) }
  }
}

private func mixture(
  _ rows: [[Double]], _ slots: [Slot], _ experts: [Expert], sharedOutput: [[Double]]
) -> [[Double]] {
  var bins = [[Slot]](repeating: [], count: experts.count)
  for slot in slots { bins[slot.expert].append(slot) }
  var result = sharedOutput
  for (bin, expert) in zip(bins, experts) where !bin.isEmpty {
    let outputs = expert(bin.map { rows[$0.token] })
    for (slot, output) in zip(bin, outputs) {
      for column in output.indices {
        result[slot.token][column] += slot.weight * output[column]
      }
    }
  }
  return result
}

/// Wrong answers to exercise 4.6.
public enum Mutants4_6 {
  /// Multiplies the shared expert with the sum of the weights, which is the scaling factor.
  public static func scalesShared(
    _ rows: [[Double]], _ choices: [[Int]], _ weights: [[Double]], _ experts: [Expert],
    _ shared: Expert
  ) throws -> [[Double]] {
    let scaled = zip(shared(rows), weights).map { row, weights in
      row.map { $0 * weights.reduce(0, +) }
    }
    return mixture(rows, slots(choices, weights), experts, sharedOutput: scaled)
  }

  /// Lets every expert work on every token, and masks.
  public static func masks(
    _ rows: [[Double]], _ choices: [[Int]], _ weights: [[Double]], _ experts: [Expert],
    _ shared: Expert
  ) throws -> [[Double]] {
    var result = shared(rows)
    for (number, expert) in experts.enumerated() {
      for (token, output) in expert(rows).enumerated() {
        for (choice, weight) in zip(choices[token], weights[token]) where choice == number {
          for column in output.indices { result[token][column] += weight * output[column] }
        }
      }
    }
    return result
  }

  /// Takes the weight of the slot that stands where the sorted row stands.
  public static func forgetsToSortWeights(
    _ rows: [[Double]], _ choices: [[Int]], _ weights: [[Double]], _ experts: [Expert],
    _ shared: Expert
  ) throws -> [[Double]] {
    let sorted = slots(choices, weights).sorted {
      ($0.expert, $0.token) < ($1.expert, $1.token)
    }
    let mixed = zip(sorted, weights.joined()).map { ($0.expert, $0.token, $1) }
    return mixture(rows, mixed, experts, sharedOutput: shared(rows))
  }

  /// Calls an expert for each slot.
  public static func callsForEachSlot(
    _ rows: [[Double]], _ choices: [[Int]], _ weights: [[Double]], _ experts: [Expert],
    _ shared: Expert
  ) throws -> [[Double]] {
    slots(choices, weights).reduce(shared(rows)) { sum, slot in
      mixture(rows, [slot], experts, sharedOutput: sum)
    }
  }
}
