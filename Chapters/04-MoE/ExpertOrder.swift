import Tensors

/// The rows of a pass in the order of the experts that they go to.
///
/// A slot is one of the `active` choices of a token: slot s belongs to token s / active. Slots are
/// sorted by expert, and within an expert by token, so the rows of one expert lie together and make
/// one matrix.
public struct ExpertOrder: Sendable {
  /// The slots of each token.
  public let active: Int
  /// The rows of each expert.
  public let loads: [Int]
  /// Where the rows of each expert begin.
  public let starts: [Int]
  /// The slot at each place.
  public let slots: [Int32]
  /// The place of each slot; −1 for one that was dropped.
  public let places: [Int32]

  // snippet.counting-sort
  /// Sorts choices by expert: count, add up, place.
  /// - Parameters:
  ///   - experts: the expert of each slot.
  ///   - isKept: whether each slot is served at all; without it, all are.
  public init(_ experts: [Int], of count: Int, active: Int, isKept: [Bool]? = nil) {
    var loads = [Int](repeating: 0, count: count)
    for (slot, expert) in experts.enumerated() where isKept?[slot] ?? true {
      loads[expert] += 1
    }
    var starts: [Int] = []
    var total = 0
    for load in loads {
      starts.append(total)
      total += load
    }
    var next = starts
    var slots = [Int32](repeating: 0, count: total)
    var places = [Int32](repeating: -1, count: experts.count)
    for (slot, expert) in experts.enumerated() where isKept?[slot] ?? true {
      slots[next[expert]] = Int32(slot)
      places[slot] = Int32(next[expert])
      next[expert] += 1
    }
    (self.active, self.loads, self.starts) = (active, loads, starts)
    (self.slots, self.places) = (slots, places)
  }
  // snippet.end

  /// The number of tokens.
  public var tokens: Int { places.count / active }

  /// The experts that have anything to do.
  public var busy: [Int] { loads.indices.filter { loads[$0] > 0 } }

  /// The token at each place.
  public var rows: [Int32] { slots.map { $0 / Int32(active) } }
}
