import Checkpoints
import DualPipe
import FP8
import Tensors
import Testing

@Suite struct `The traffic of a routing` {
  private static func sizes(limited: Bool) -> ExpertSizes {
    ExpertSizes(
      count: 256, active: 8, shared: 0, width: 2048, groups: 8, activeGroups: limited ? 4 : 8,
      scoring: .sigmoid, selection: .biased, normalizes: true, scale: 2.5)
  }

  /// 4 096 tokens, spread over the 64 ranks.
  private static func choices(limited: Bool) -> [ExpertChoices] {
    var generator = SplitMix64(seed: 11)
    return (0..<64).map { _ in
      .random(tokens: 64, sizes(limited: limited), using: &generator)
    }
  }

  @Test func `visits 5.29 of eight nodes when nothing limits it`() {
    let expected = Fabric.v3.expectedNodes(active: 8, of: 256)
    #expect(abs(expected - 5.2947) < 5e-5)
    let distribution = Fabric.v3.nodeDistribution(active: 8, of: 256)
    #expect(abs(distribution.reduce(0, +) - 1) < 1e-12)
    let mean = distribution.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
    #expect(abs(mean - expected) < 1e-12)
    #expect(abs(distribution[...4].reduce(0, +) - 0.175) < 5e-4, "few visit four or fewer")
    let traffic = RoutingTraffic(Self.choices(limited: false), over: .v3)
    #expect(abs(traffic.nodesPerToken - expected) < 0.05)
    // One in eight of the visits is at home.
    let between = Double(traffic.rowsBetween) / Double(traffic.tokens)
    #expect(abs(between - expected * 7 / 8) < 0.06)
  }

  @Test func `visits at most four nodes when limited to four`() {
    let choices = Self.choices(limited: true)
    for choices in choices {
      let layout = DispatchLayout(choices, over: .v3)
      #expect(layout.tokensPerNode.reduce(0, +) <= 4 * choices.tokens)
    }
    let limited = RoutingTraffic(choices, over: .v3)
    let free = RoutingTraffic(Self.choices(limited: false), over: .v3)
    #expect(limited.nodesPerToken <= 4 && limited.nodesPerToken > 3.5)
    #expect(Double(limited.rowsBetween) < 0.8 * Double(free.rowsBetween))
    #expect(limited.tokens == 4096)
  }

  @Test func `crosses more often when every expert gets a copy of its own`() {
    let choices = Self.choices(limited: true)
    let ways = RoutingTraffic.Way.allCases.map { RoutingTraffic(choices, over: .v3, $0) }
    // Eight copies, of which one in eight stays in its node.
    let naive = Double(ways[0].rowsBetween) / 4096
    #expect(abs(naive - 7) < 0.1)
    #expect(ways[1].rowsBetween < ways[0].rowsBetween, "experts of one rank share a copy")
    #expect(ways[2].rowsBetween < ways[1].rowsBetween, "and ranks of one node do")
    #expect(Double(ways[2].rowsBetween) / 4096 <= 4)
    // Each rank hears only from its twins and its own node.
    for (from, row) in ways[2].rows.enumerated() {
      for (to, count) in row.enumerated() where count > 0 {
        #expect(
          Fabric.v3.areNeighbours(from, to)
            || Fabric.v3.place(of: from) == Fabric.v3.place(of: to))
      }
    }
  }

  @Test func `takes the time of its busiest link`() {
    let fabric = Fabric(nodes: 2, ranksPerNode: 2)
    // Ten tokens of rank 0 want expert 3, on rank 3: to twin 2 and from there inside.
    let some = ExpertChoices(Array(repeating: 3, count: 10), active: 1, of: 4)
    let nothing = ExpertChoices([], active: 1, of: 4)
    let traffic = RoutingTraffic([some, nothing, nothing, nothing], over: fabric)
    #expect(traffic.rowsBetween == 10 && traffic.rowsInside == 10)
    let speeds = LinkSpeeds(inside: 100, between: 50)
    #expect(traffic.seconds(bytesPerRow: 5, speeds) == 1)
    let slow = LinkSpeeds(inside: 10, between: 50)
    #expect(traffic.seconds(bytesPerRow: 5, slow) == 5)
  }

  @Test func `lets a token use thirteen experts at the price of four nodes`() {
    #expect(LinkSpeeds.h800.copiesPerArrival == 3.2)
    #expect(LinkSpeeds.h800.expertsForFree(nodes: 4) == 12.8)
    #expect(LinkSpeeds.h800.expertsForFree(nodes: 4).rounded() == 13)
  }

  @Test func `takes 7 392 bytes to an expert and 14 336 back`() {
    #expect(RowFormat.eightBit.bytes(width: 7168) == 7168 + 56 * 4)
    #expect(RowFormat.brain.bytes(width: 7168) == 14_336)
    #expect(PublishedLatency.dispatchRow == 7408 && PublishedLatency.combineRow == 14_336)
    let row = BlockScaled(.test(1, 7168), by: .tile, scales: .powerOfTwo)
    #expect(row.byteCount == RowFormat.eightBit.bytes(width: 7168))
  }

  @Test func `has the published bandwidths, row by row`() {
    #expect(PublishedLatency.rows * PublishedLatency.dispatchRow == 7_585_792)
    #expect(PublishedLatency.rows * PublishedLatency.combineRow == 14_680_064)
    for row in PublishedLatency.firstRelease + PublishedLatency.laterRelease {
      let (dispatch, combine) = row.recomputed
      #expect(abs(dispatch / row.dispatch.gigabytesPerSecond - 1) < 0.03, "\(row.ranks)")
      #expect(abs(combine / row.combine.gigabytesPerSecond - 1) < 0.03, "\(row.ranks)")
    }
    let wide = PublishedLatency.firstRelease.first { $0.ranks == 128 }
    #expect(abs((wide?.recomputed.dispatch ?? 0) - 39.5) < 0.05)
  }
}
