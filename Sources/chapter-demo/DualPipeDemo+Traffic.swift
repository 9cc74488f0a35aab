import Checkpoints
import CommandLine
import DualPipe
import Figures
import Tensors

extension DualPipeDemo {
  /// Adds numbers of all ranks around a ring and in a tree, and counts the bytes.
  mutating func addGradients() throws {
    Console.print("Adding 80000 numbers of 8 ranks: the bytes that a rank sends")
    let (ranks, count, seed) = (8, 80_000, seed)
    for way in Reduction.allCases {
      let cluster = Cluster(ranks: ranks)
      let sums = try cluster.run { rank in
        var generator = SplitMix64(seed: seed).branch(UInt64(100 + rank.index))
        let x = Tensor.normal(shape: [count], using: &generator)
        return try rank.everyone.allReduced(x, by: way)
      }
      let sent = cluster.traffic.map { $0.reduce(0, +) }
      let (least, most) = (sent.min() ?? 0, sent.max() ?? 0)
      let isSame = sums.allSatisfy { $0 == sums[0] }
      report(
        way == .ring ? "ring" : "tree",
        "\(least) to \(most), \(Self.digits(Double(most) / Double(4 * count), 2)) times the "
          + "numbers; \(isSame ? "the same bits" : "other bits") on every rank")
      let key = "allreduce.\(way.rawValue)"
      note("\(key).bytes-least", least)
      note("\(key).bytes", most)
      note("\(key).times", Double(most) / Double(4 * count))
      note("\(key).is-same", isSame ? 1 : 0)
    }
    Console.print()
    compareParallelism()
  }

  /// What a token sends in a layer of V3, by the way the work is cut.
  private mutating func compareParallelism() {
    Console.print("Bytes that one token sends in one layer of V3, there and back")
    let traffic = LayerTraffic(width: 7168)
    let rows: [(key: String, name: String, bytes: Double)] = [
      ("tensor", "tensors over 8", Double(traffic.tensorParallel(ranks: 8))),
      ("expert-8", "experts, 8 copies", traffic.expertParallel(copies: 8)),
      ("expert-4", "experts, 4 copies", traffic.expertParallel(copies: 4)),
      ("pipeline", "pipeline of 16", traffic.pipelineParallel(layersPerStage: 61.0 / 16)),
    ]
    for row in rows {
      report(row.name, "\(Self.digits(row.bytes / 1000, 1)) kB")
      note("layer.\(row.key).bytes", row.bytes)
    }
    Console.print()
    draw(
      "traffic",
      BarChart(
        title: "What a token sends in one layer, by the way the work is cut",
        description:
          "Kilobytes a token and layer, forward and backward, at V3's width. Cutting tensors over 8 "
          + "ranks sends most, then experts with 8 copies, then experts with 4; a pipeline of 16 "
          + "stages sends least.",
        valueLabel: "kB a token and layer", groups: rows.map(\.name),
        series: [.init("", rows.map { $0.bytes / 1000 }, ink: .expert)]))
  }

  /// Routes tokens of 64 ranks to experts on 8 nodes, with V3's limit of 4 nodes and without.
  mutating func routeToNodes() {
    Console.print(
      "Tokens of 64 ranks to 8 of 256 experts on 8 nodes: what crosses between nodes")
    let fabric = Fabric.v3
    var limited = ExpertSizes(
      count: 256, active: 8, shared: 1, width: 2048, scoring: .sigmoid, selection: .biased,
      normalizes: true)
    (limited.groups, limited.activeGroups) = (8, 4)
    var free = limited
    (free.groups, free.activeGroups) = (1, 1)
    var bars: [(name: String, dispatch: Double, combine: Double)] = []
    let cases: [(key: String, name: String, sizes: ExpertSizes, way: RoutingTraffic.Way)] = [
      ("free.expert", "any, by expert", free, .perExpert),
      ("free.node", "any, by node", free, .perNode),
      ("limited.node", "4 nodes, by node", limited, .perNode),
    ]
    for entry in cases {
      var generator = SplitMix64(seed: seed).branch(7)
      let choices = (0..<fabric.ranks).map { _ in
        ExpertChoices.random(tokens: 64, entry.sizes, using: &generator)
      }
      let traffic = RoutingTraffic(choices, over: fabric, entry.way)
      let rows = Double(traffic.rowsBetween) / Double(traffic.tokens)
      let inside = Double(traffic.rowsInside) / Double(traffic.tokens)
      let eight = Double(RowFormat.eightBit.bytes(width: 7168))
      let sixteen = Double(RowFormat.brain.bytes(width: 7168))
      let (dispatch, combine) = (rows * eight, rows * sixteen)
      let seconds = traffic.seconds(bytesPerRow: Int(eight), .h800)
      report(
        entry.name,
        "\(Self.digits(traffic.nodesPerToken, 2)) nodes; between them "
          + "\(Self.digits(dispatch / 1000, 1)) kB there in FP8, "
          + "\(Self.digits(combine / 1000, 1)) kB back in BF16; inside "
          + "\(Self.digits(inside * eight / 1000, 1)) and "
          + "\(Self.digits(inside * sixteen / 1000, 1)) kB")
      bars.append((entry.name, dispatch / 1000, combine / 1000))
      let key = "nodes.\(entry.key)"
      note("\(key).nodes", traffic.nodesPerToken)
      note("\(key).rows-between", rows)
      note("\(key).rows-inside", inside)
      note("\(key).dispatch-bytes-inside", inside * eight)
      note("\(key).combine-bytes-inside", inside * sixteen)
      note("\(key).dispatch-bytes", dispatch)
      note("\(key).combine-bytes", combine)
      note("\(key).microseconds-a-token", 1e6 * seconds * 64 / Double(traffic.tokens))
    }
    let expected = fabric.expectedNodes(active: 8, of: 256)
    let within = fabric.nodeDistribution(active: 8, of: 256)[0...4].reduce(0, +)
    report(
      "by counting",
      "\(Self.digits(expected, 4)) nodes are expected; \(Self.digits(100 * within, 1)) % of all "
        + "choices touch at most 4")
    note("nodes.expected", expected)
    note("nodes.within-4-share", 100 * within)
    note("nodes.experts-for-free", LinkSpeeds.h800.expertsForFree(nodes: 4))
    note("nodes.row-bytes.eight-bit", RowFormat.eightBit.bytes(width: 7168))
    note("nodes.row-bytes.brain", RowFormat.brain.bytes(width: 7168))
    Console.print()
    draw(
      "nodes",
      BarChart(
        title: "What a token sends between nodes",
        description:
          "Kilobytes a token between nodes, dispatch in FP8 and combine in BF16. With a row for each "
          + "expert it is most; a row for each node saves a third; at most four nodes save a quarter "
          + "of the rest.",
        valueLabel: "kB a token", groups: bars.map(\.name),
        series: [
          .init("dispatch, FP8", bars.map(\.dispatch), ink: .query),
          .init("combine, BF16", bars.map(\.combine), ink: .expert),
        ]))
  }
}
