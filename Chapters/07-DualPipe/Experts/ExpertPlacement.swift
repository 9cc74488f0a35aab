/// Which expert sits in which slot.
public struct ExpertPlacement: Sendable, Equatable {
  /// The expert in each slot, rank by rank.
  public let slots: [Int]
  /// The slots of each expert's copies.
  public let copies: [[Int]]
  /// The number of ranks.
  public let ranks: Int

  init(_ placed: [(expert: Int, copy: Int)], experts: Int, ranks: Int) {
    slots = placed.map(\.expert)
    var copies = Array(repeating: [(copy: Int, slot: Int)](), count: experts)
    for (slot, place) in placed.enumerated() { copies[place.expert].append((place.copy, slot)) }
    self.copies = copies.map { $0.sorted { $0.copy < $1.copy }.map(\.slot) }
    self.ranks = ranks
  }

  /// The copies of each expert.
  public var counts: [Int] { copies.map(\.count) }

  /// The experts on one rank.
  public func experts(on rank: Int) -> ArraySlice<Int> {
    let size = slots.count / ranks
    return slots[rank * size..<(rank + 1) * size]
  }

  /// What each rank has to do, when the copies of an expert share its load equally.
  public func loads(of experts: [Float]) -> [Float] {
    (0..<ranks).map { rank in
      self.experts(on: rank).reduce(0) { $0 + experts[$1] / Float(copies[$1].count) }
    }
  }

  /// The load of the busiest rank, divided by the mean; all wait for the busiest.
  public func imbalance(of experts: [Float]) -> Float {
    let loads = loads(of: experts)
    let mean = loads.reduce(0, +) / Float(ranks)
    return mean > 0 ? (loads.max() ?? 0) / mean : 1
  }

  /// Experts in their order, without copies: where balancing begins.
  public static func plain(experts: Int, ranks: Int) -> ExpertPlacement {
    ExpertPlacement((0..<experts).map { ($0, 0) }, experts: experts, ranks: ranks)
  }
}
