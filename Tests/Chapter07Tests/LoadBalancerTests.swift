import DualPipe
import Tensors
import Testing

/// EPLB, with the example of its README.
@Suite struct `Copies of busy experts` {
  private static let loads: [[Float]] = [
    [90, 132, 40, 61, 104, 165, 39, 4, 73, 56, 183, 86],
    [20, 107, 104, 64, 19, 197, 187, 157, 172, 86, 16, 27],
  ]
  private static let hierarchical = LoadBalancer(slots: 16, groups: 4, nodes: 2, ranks: 8)

  @Test func `are placed as in the published example`() {
    let first = Self.hierarchical.placement(of: Self.loads[0])
    #expect(first.slots == [5, 6, 5, 7, 8, 4, 3, 4, 10, 9, 10, 2, 0, 1, 11, 1])
    #expect(first.counts == [1, 2, 1, 1, 2, 2, 1, 1, 1, 1, 2, 1])
    #expect(
      first.copies == [
        [12], [15, 13], [11], [6], [7, 5], [0, 2], [1], [3], [4], [9], [8, 10], [14],
      ])
    #expect(
      first.loads(of: Self.loads[0]) == [121.5, 86.5, 125, 113, 147.5, 131.5, 156, 152])
    #expect(abs(first.imbalance(of: Self.loads[0]) - 1.2081) < 5e-5)

    let second = Self.hierarchical.placement(of: Self.loads[1])
    #expect(second.slots == [7, 10, 6, 8, 6, 11, 8, 9, 2, 4, 5, 1, 5, 0, 3, 1])
    #expect(second.counts == [1, 2, 1, 1, 1, 2, 2, 1, 2, 1, 1, 1])
    #expect(
      second.loads(of: Self.loads[1]) == [173, 179.5, 120.5, 172, 123, 152, 118.5, 117.5])
    #expect(abs(second.imbalance(of: Self.loads[1]) - 1.2422) < 5e-5)
  }

  /// One group on one node, or three groups that cannot be shared out to two nodes.
  @Test(arguments: [1, 2]) func `go anywhere when groups do not fit to nodes`(nodes: Int) {
    let groups = nodes == 1 ? 1 : 3
    let balancer = LoadBalancer(slots: 16, groups: groups, nodes: nodes, ranks: 8)
    let placements = Self.loads.map(balancer.placement)
    #expect(placements[0].slots == [10, 6, 10, 7, 0, 2, 11, 4, 5, 9, 5, 4, 8, 3, 1, 1])
    #expect(placements[1].slots == [1, 10, 2, 4, 5, 11, 5, 0, 6, 7, 6, 3, 8, 8, 9, 7])
    #expect(abs(placements[0].imbalance(of: Self.loads[0]) - 1.0726) < 5e-5)
    #expect(abs(placements[1].imbalance(of: Self.loads[1]) - 1.1903) < 5e-5)
  }

  @Test func `are packed heaviest first, and of equals the first`() {
    #expect(
      LoadBalancer.balancedPacking([262, 330, 116, 325], packs: 2) == [[1, 2], [3, 0]])
    #expect(
      LoadBalancer.balancedPacking([1, 1, 1, 1, 1, 1], packs: 3) == [[0, 3], [1, 4], [2, 5]])
    #expect(
      LoadBalancer.balancedPacking([1, 9, 5], packs: 3) == [[0], [1], [2]],
      "one item a pack stays in order")
    let full = LoadBalancer.balancedPacking([10, 1, 1, 1], packs: 2)
    #expect(
      full == [[0, 3], [1, 2]], "the lightest pack is full, so the heavy one gets the last")
  }

  @Test func `are made of the expert whose copies have most to do`() {
    let slots = LoadBalancer.replicate([10, 40, 30], slots: 7)
    #expect(slots.map(\.expert) == [0, 1, 2, 1, 2, 1, 2])
    #expect(slots.map(\.copy) == [0, 0, 0, 1, 1, 2, 2])
  }

  /// Loads as uneven as the frequencies of words, in random order.
  private static func zipf(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    var loads = (1...count).map { Float(10_000 / $0) }
    for last in stride(from: count - 1, to: 0, by: -1) {
      loads.swapAt(last, Int(generator.next() % UInt64(last + 1)))
    }
    return loads
  }

  @Test(arguments: 0..<20)
  func `keep every expert, fill every rank alike and stay with their group`(seed: UInt64) {
    let loads = Self.zipf(64, seed: seed)
    for balancer in [
      LoadBalancer(slots: 80, groups: 8, nodes: 4, ranks: 16),
      LoadBalancer(slots: 80, groups: 8, nodes: 5, ranks: 10),
      LoadBalancer(slots: 64, groups: 1, nodes: 1, ranks: 64),
    ] {
      let placement = balancer.placement(of: loads)
      #expect(placement.slots.count == balancer.slots)
      #expect(Set(placement.slots).count == 64 && placement.counts.allSatisfy { $0 >= 1 })
      #expect(
        (0..<balancer.ranks).allSatisfy {
          placement.experts(on: $0).count == balancer.slots / balancer.ranks
        })
      for (expert, slots) in placement.copies.enumerated() {
        #expect(slots.allSatisfy { placement.slots[$0] == expert })
      }
      let sum = placement.loads(of: loads).reduce(0, +)
      #expect(abs(sum - loads.reduce(0, +)) < 1)
      guard balancer.isHierarchical, balancer.nodes > 1 else { continue }
      let slotsPerNode = balancer.slots / balancer.nodes
      for group in 0..<8 {
        let nodes = placement.slots.indices.filter { placement.slots[$0] / 8 == group }
          .map { $0 / slotsPerNode }
        #expect(Set(nodes).count == 1, "group \(group) lives on one node")
      }
    }
  }

  /// 256 experts on the 32 ranks of V3's prefilling unit: 8 + 1 slots each.
  @Test func `make the busiest rank much less busy with 32 more slots`() {
    let balancers = [
      LoadBalancer(slots: 288, groups: 8, nodes: 4, ranks: 32),
      LoadBalancer(slots: 288, groups: 1, nodes: 1, ranks: 32),
    ]
    #expect(balancers[0].slots / 32 == 9)
    for seed in UInt64(0)..<5 {
      let loads = Self.zipf(256, seed: seed)
      let before = ExpertPlacement.plain(experts: 256, ranks: 32).imbalance(of: loads)
      let packedOnly = LoadBalancer(slots: 256, groups: 1, nodes: 1, ranks: 32)
        .placement(of: loads).imbalance(of: loads)
      let after = balancers.map { $0.placement(of: loads).imbalance(of: loads) }
      #expect(before > 4)
      #expect(packedOnly > 3, "no packing helps while one expert alone is too much for a rank")
      #expect(after[0] < before / 2, "\(before) → \(after)")
      #expect(after[1] < 1.1, "\(before) → \(after)")
    }
  }
}
