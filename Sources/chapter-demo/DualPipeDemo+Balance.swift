import CommandLine
import DualPipe
import Figures
import Foundation
import Tensors

extension DualPipeDemo {
  /// Places experts by their loads: the example of EPLB's README, and V3's prefilling.
  mutating func balanceExperts() {
    balanceExample()
    balancePrefill()
  }

  private mutating func balanceExample() {
    Console.print("EPLB's example: 12 experts in 16 slots on 8 ranks of 2 nodes")
    let loads: [Float] = [90, 132, 40, 61, 104, 165, 39, 4, 73, 56, 183, 86]
    let balancer = LoadBalancer(slots: 16, groups: 4, nodes: 2, ranks: 8)
    let placement = balancer.placement(of: loads)
    let global = LoadBalancer(slots: 16, groups: 1, nodes: 1, ranks: 8).placement(of: loads)
    report("slots", placement.slots.map(String.init).joined(separator: " "))
    report(
      "loads of ranks",
      placement.loads(of: loads).map { Self.short(Double($0), 1) }
        .joined(separator: " "))
    report(
      "busiest / mean",
      "\(Self.digits(Double(placement.imbalance(of: loads)), 4)); "
        + "\(Self.digits(Double(global.imbalance(of: loads)), 4)) if groups may part")
    note("eplb.example.imbalance", Double(placement.imbalance(of: loads)))
    note("eplb.example.imbalance-global", Double(global.imbalance(of: loads)))
    Console.print()
  }

  /// Loads as uneven as exp(0.7 · N(0, 1)), on the 32 ranks that V3 uses for prompts.
  private mutating func balancePrefill() {
    Console.print(
      "256 experts on 32 ranks of 4 nodes, loads exp(0.7 · N(0, 1)): busiest / mean")
    var generator = SplitMix64(seed: seed).branch(9)
    let loads = Tensor.normal(shape: [256], using: &generator).scalars.map {
      Float(exp(0.7 * Double($0)))
    }
    let plain = ExpertPlacement.plain(experts: 256, ranks: 32)
    let moved = LoadBalancer(slots: 256, groups: 8, nodes: 4, ranks: 32).placement(of: loads)
    let copied = LoadBalancer(slots: 288, groups: 8, nodes: 4, ranks: 32).placement(of: loads)
    let global = LoadBalancer(slots: 288, groups: 1, nodes: 1, ranks: 32).placement(of: loads)
    let cases: [(key: String, name: String, placement: ExpertPlacement)] = [
      ("plain", "in order", plain), ("moved", "moved", moved),
      ("copied", "moved, 32 copies", copied), ("global", "the same, global", global),
    ]
    for entry in cases {
      let imbalance = Double(entry.placement.imbalance(of: loads))
      report(entry.name, Self.digits(imbalance, 3))
      note("eplb.prefill.\(entry.key).imbalance", imbalance)
    }
    Console.print()
    func sorted(_ placement: ExpertPlacement) -> [(x: Double, y: Double)] {
      let loads = placement.loads(of: loads).map { Double($0) }.sorted(by: >)
      let mean = loads.reduce(0, +) / Double(loads.count)
      return loads.enumerated().map { (Double($0 + 1), $1 / mean) }
    }
    draw(
      "eplb",
      LineChart(
        title: "The ranks' loads before and after balancing",
        description:
          "The loads of 32 ranks, the busiest first, in units of the mean. With experts in their "
          + "order the busiest has more than twice the mean. Placed by their loads, with copies "
          + "of busy experts, all ranks are within a twentieth of it.",
        xLabel: "rank, the busiest first", yLabel: "load / mean",
        series: cases.enumerated().map { index, entry in
          .init(entry.name, sorted(entry.placement), ink: .series(index))
        }, references: [.init("mean", y: 1)]))
  }
}
