import Tensors

/// Decides which experts get a copy and on which rank every copy lives, so that all ranks have
/// about the same to do.
///
/// DeepSeek's EPLB: groups of experts that are chosen together stay on one node where groups
/// fit to nodes (hierarchical, for prefilling); else all is one group on one node (global, for
/// decoding). V3 §3.4; github.com/deepseek-ai/EPLB.
public struct LoadBalancer: Sendable, Equatable {
  /// The slots for experts on all ranks.
  public let slots: Int
  /// The groups of experts.
  public let groups: Int
  /// The nodes.
  public let nodes: Int
  /// The ranks.
  public let ranks: Int

  /// Describes where experts can go.
  public init(slots: Int, groups: Int, nodes: Int, ranks: Int) {
    insist(
      groups > 0 && nodes > 0 && ranks.isMultiple(of: nodes) && slots.isMultiple(of: ranks),
      "LoadBalancer: \(slots) slots on \(ranks) ranks of \(nodes) nodes, \(groups) groups")
    (self.slots, self.groups, self.nodes, self.ranks) = (slots, groups, nodes, ranks)
  }

  /// Whether groups stay on nodes.
  public var isHierarchical: Bool { groups.isMultiple(of: nodes) }

  /// Finds a placement for experts with known loads.
  public func placement(of loads: [Float]) -> ExpertPlacement {
    insist(
      loads.count.isMultiple(of: groups) && slots >= loads.count,
      "LoadBalancer: \(loads.count) experts in \(groups) groups for \(slots) slots")
    let (groups, nodes) = isHierarchical ? (groups, nodes) : (1, 1)
    let order = orderByNode(loads, groups, nodes)
    let (perNode, slotsPerNode) = (loads.count / nodes, slots / nodes)
    let placed = (0..<nodes).flatMap { node -> [(expert: Int, copy: Int)] in
      let experts = Array(order[node * perNode..<(node + 1) * perNode])
      let local = Self.replicate(experts.map { loads[$0] }, slots: slotsPerNode)
      let slotLoads = local.map { slot in
        loads[experts[slot.expert]] / Float(local.count { $0.expert == slot.expert })
      }
      let packs = Self.balancedPacking(slotLoads, packs: ranks / nodes)
      return packs.joined().map { (experts[local[$0].expert], local[$0].copy) }
    }
    return ExpertPlacement(placed, experts: loads.count, ranks: ranks)
  }

  /// The experts in the order of the nodes to which their groups are packed.
  private func orderByNode(_ loads: [Float], _ groups: Int, _ nodes: Int) -> [Int] {
    let size = loads.count / groups
    let groupLoads = (0..<groups).map { group in
      loads[group * size..<(group + 1) * size].reduce(0, +)
    }
    return Self.balancedPacking(groupLoads, packs: nodes).joined().flatMap { group in
      group * size..<(group + 1) * size
    }
  }

  /// Packs items so that every pack holds as many as the others and weighs about as much.
  ///
  /// The heaviest item first, each into the lightest pack that is not full; of equals the
  /// first.
  /// - Returns: the items of each pack, in the order in which they came.
  public static func balancedPacking(_ weights: [Float], packs: Int) -> [[Int]] {
    insist(
      packs > 0 && weights.count.isMultiple(of: packs),
      "balancedPacking: \(weights.count) items into \(packs) packs")
    let size = weights.count / packs
    guard size > 1 else { return weights.indices.map { [$0] } }
    var result = [[Int]](repeating: [], count: packs)
    var sums = [Float](repeating: 0, count: packs)
    let order = weights.indices.sorted { (-weights[$0], $0) < (-weights[$1], $1) }
    for item in order {
      let open = result.indices.filter { result[$0].count < size }
      guard let pack = open.min(by: { (sums[$0], $0) < (sums[$1], $1) }) else { break }
      result[pack].append(item)
      sums[pack] += weights[item]
    }
    return result
  }

  // snippet.replicate
  /// Gives every expert a slot, and each further slot to the expert whose copies have most to
  /// do.
  /// - Returns: the expert of each slot, and which of its copies it is.
  public static func replicate(
    _ loads: [Float], slots: Int
  ) -> [(expert: Int, copy: Int)] {
    var counts = [Int](repeating: 1, count: loads.count)
    var result = loads.indices.map { (expert: $0, copy: 0) }
    for _ in loads.count..<max(slots, loads.count) {
      var busiest = 0
      for expert in loads.indices
      where loads[expert] / Float(counts[expert]) > loads[busiest] / Float(counts[busiest]) {
        busiest = expert
      }
      result.append((busiest, counts[busiest]))
      counts[busiest] += 1
    }
    return result
  }
  // snippet.end
}
