import CommandLine
import Figures
import FullScale
import Tensors

extension FullScaleDemo {
  /// Table 3, by formula and as graphs.
  mutating func countSwitches() {
    Console.print("Networks of switches with 64 ports: cards, switches, links between switches")
    for row in TopologyRow.published {
      report(
        row.name,
        "\(row.counted.endpoints), \(row.counted.switches), \(row.counted.links); "
          + "$\(Self.digits(row.recomputedCost, 2)) thousand a card")
      let key = "topology.\(Self.key(row.name))"
      note("\(key).endpoints", row.counted.endpoints)
      note("\(key).switches", row.counted.switches)
      note("\(key).links", row.counted.links)
      note("\(key).cost", row.recomputedCost)
    }
    Console.print()
  }

  /// How long flows take against free ways, by how the ways are chosen.
  mutating func routeFlows() throws {
    Console.print(
      "Random permutations: how many times as long as with free ways, the mean of eight")
    let networks: [NetworkGraph] = [
      .fatTree(radix: 16, leaves: 8), .fatTreeOfThree(radix: 8),
      .slimFly(q: 5, cardsPerSwitch: 4), .dragonfly(p: 2, a: 4, h: 2),
    ]
    var bars: [[Double]] = [[], [], []]
    for graph in networks {
      let key = Self.key(graph.name)
      var line: [String] = []
      for (index, way) in ["hashed", "loaded", "sprayed"].enumerated() {
        let worst = try permutations(graph, way)
        bars[index].append(worst)
        note("flows.\(key).\(way)", worst)
        line.append("\(way) \(Self.digits(worst, 2))")
      }
      let shifted = try shift(graph)
      note("flows.\(key).shifted", shifted)
      report(
        graph.name,
        "\(graph.endpoints) cards: " + line.joined(separator: ", ")
          + "; all to the next group \(Self.digits(shifted, 2))")
    }
    let tree = networks[0]
    let all = [Flow].allToAll(Array(0..<tree.endpoints), bytes: tree.links[0].speed)
    let ideal = Double(tree.endpoints - 1)
    for (key, name, routing) in [
      ("hashed", "by hash", Routing.hashed(seed: seed)),
      ("loaded", "least loaded", .leastLoaded),
      ("sprayed", "sprayed", .sprayed),
    ] {
      let time = try FlowSimulation(tree, routing).run(all).last / ideal
      report("all to all, \(name)", "\(Self.digits(time, 3)) on the first tree")
      note("all-to-all.\(key)", time)
      note("all-to-all.\(key)-loss", 100 * (time - 1))
    }
    Console.print()
    draw(
      "routing",
      BarChart(
        title: "How long a random permutation takes, by how ways are chosen",
        description:
          "Every card sends to one other; times against free ways, the mean of eight permutations, on "
          + "four networks. With a way by hash the last flow takes two to four times as long. With "
          + "the least loaded way it takes less, and sprayed over all shortest ways a fat tree takes "
          + "no longer than free ways; Slim Fly and Dragonfly do, for they have few shortest ways.",
        valueLabel: "times as long", groups: networks.map(\.name),
        series: [
          .init("by hash", bars[0], ink: .series(0)),
          .init("least loaded", bars[1], ink: .series(1)),
          .init("sprayed", bars[2], ink: .series(2)),
        ]))
  }

  /// The mean over some permutations of how much longer than alone the last flow takes.
  private func permutations(_ graph: NetworkGraph, _ way: String) throws -> Double {
    var generator = SplitMix64(seed: seed).branch(140)
    let speed = graph.links[0].speed
    var sum = 0.0
    for index in 0..<8 {
      let flows = [Flow].permutation(
        Array(0..<graph.endpoints), bytes: speed, using: &generator)
      let routing: Routing =
        switch way {
        case "hashed": .hashed(seed: seed &+ UInt64(index))
        case "loaded": .leastLoaded
        default: .sprayed
        }
      sum += try FlowSimulation(graph, routing).run(flows).last
    }
    return sum / 8
  }

  /// Every card sends to the one an eighth of the network further on, or a group of Dragonfly's.
  private func shift(_ graph: NetworkGraph) throws -> Double {
    let count = graph.endpoints
    let step = graph.name == "Dragonfly" ? 8 : count / 8
    let flows = (0..<count).map {
      Flow(from: $0, to: ($0 + step) % count, bytes: graph.links[0].speed)
    }
    return try FlowSimulation(graph, .sprayed).run(flows).last
  }

  /// Planes against rails, and planes that fail.
  mutating func failPlanes() throws {
    Console.print("All to all of 128 cards in 16 nodes, 1 MB each, sprayed")
    let planes = NetworkGraph.multiPlane(radix: 8, nodes: 16)
    let flows = [Flow].allToAll(Array(0..<128), bytes: 1e6)
    let rails = try FlowSimulation(.multiRail(radix: 16, nodes: 16), .sprayed).run(flows).last
    var points: [(x: Double, y: Double)] = []
    var first = 0.0
    for failed in 0...4 {
      let graph = (0..<failed).reduce(planes) { $0.failing(plane: $1) }
      let time = try FlowSimulation(graph, .sprayed).run(flows).last
      if failed == 0 {
        first = time
        report("8 planes", "\(Self.digits(1000 * time, 3)) ms")
        report("8 rails in one tree", "\(Self.digits(1000 * rails, 3)) ms")
        note("planes.time", 1000 * time)
        note("rails.time", 1000 * rails)
      } else {
        report("\(failed) of 8 planes lost", "\(Self.digits(time / first, 3)) times as long")
      }
      note("planes.lost.\(failed)", time / first)
      points.append((Double(failed), time / first))
    }
    Console.print()
    draw(
      "planes",
      LineChart(
        title: "All to all when planes fail",
        description:
          "How many times as long an exchange takes over the number of lost planes of eight. It grows "
          + "as 8 over what is left: 1.14 with one lost, 2 with four. Cards of a lost plane hand "
          + "their rows to neighbours in the node.",
        xLabel: "lost planes", yLabel: "times as long",
        series: [
          .init(
            "8 / what is left", (0...4).map { (Double($0), 8 / Double(8 - $0)) }, ink: .floor),
          .init("simulated", points, ink: .ours, hasMarkers: true),
        ], yIncludes: [1]))
  }

  /// Many send to one, and others have to pass.
  mutating func meetIncast() throws {
    let graph = NetworkGraph.fatTree(radix: 8)
    let bytes = graph.links[0].speed
    var generator = SplitMix64(seed: seed).branch(141)
    Console.print(
      "An incast of 14 cards in a tree of 32, and 17 flows of others beside it, hashed")
    // Two cards of each of seven leaves send to card 0; the others send among themselves.
    let senders = (1...7).flatMap { leaf in (0..<2).map { 4 * leaf + $0 } }
    let others = (1..<32).filter { !senders.contains($0) }
    let beside = [Flow].permutation(others, bytes: bytes / 4, using: &generator)
    let flows = beside + [Flow].incast(senders, to: 0, bytes: bytes / 4)
    let count = beside.count
    let routing = Routing.hashed(seed: seed)
    let alone = try FlowSimulation(graph, routing).run(beside).ends
    for (key, name, queueing) in [
      ("own", "each in its own queue", Queueing.own), ("shared", "all in one queue", .shared),
    ] {
      let ends = try FlowSimulation(graph, routing, queueing: queueing).run(flows).ends
      let slow = zip(ends, alone).map { $0 / $1 }
      let mean = slow.reduce(0, +) / Double(slow.count)
      report(
        name,
        "the others take \(Self.digits(mean, 2)) times as long as alone, at worst "
          + "\(Self.digits(slow.max() ?? 0, 2)); the incast \(Self.digits(ends[count...].max() ?? 0, 2)) s"
      )
      note("incast.\(key).mean", mean)
      note("incast.\(key).worst", slow.max() ?? 0)
      note("incast.\(key).time", ends[count...].max() ?? 0)
    }
    Console.print()
  }

  /// What a future network would change about the way to experts.
  mutating func improveExchange() {
    Console.print(
      "A token's way to its experts on a link of 50 GB/s, in both directions at once")
    let plain = ExchangeModel()
    var each = plain
    each.countsNodes = false
    var multicast = plain
    multicast.multicasts = true
    var reducing = plain
    reducing.reduces = true
    var both = multicast
    both.reduces = true
    var lossy = plain
    lossy.lost = 0.05
    // Optics in the package: the paper's hope is bandwidth; here twice.
    let optics = ExchangeModel(speed: 100e9)
    // One network for all: the links inside of nodes, everywhere.
    var unified = ExchangeModel(speed: 160e9)
    unified.movers = 0
    let layer = 4096 * 1e3 / plain.speed
    note("exchange.dispatch-ms", 4 * plain.dispatch * layer)
    note("exchange.combine-ms", 4 * plain.combine * layer)
    let cases: [(key: String, name: String, ExchangeModel)] = [
      ("each", "a row to each expert", each), ("plain", "a row to each node", plain),
      ("multicast", "switches copy", multicast), ("reducing", "switches add", reducing),
      ("both", "switches do both", both), ("lossy", "5 % sent again", lossy),
      ("optics", "links twice as fast", optics), ("unified", "one network, 160 GB/s", unified),
    ]
    for (key, name, model) in cases {
      let share = model.seconds / plain.seconds
      report(
        name,
        "\(Self.digits(1e9 * model.seconds, 0)) ns, \(Self.digits(share, 3)) of it; "
          + "\(Self.digits(100 * model.computing, 1)) % of the card computes")
      note("exchange.\(key)", 1e9 * model.seconds)
      note("exchange.\(key).share", share)
      note("exchange.\(key).computing", 100 * model.computing)
    }
    Console.print()
    draw(
      "exchange",
      BarChart(
        title: "A token's way to its experts and back, with what a network could do",
        description:
          "Nanoseconds of a link for each token. A row to each expert takes twice as long as a row to "
          + "each of four nodes. Switches that only copy or only add change nothing; with both it "
          + "is a quarter less. Links twice as fast halve it.",
        valueLabel: "ns a token", groups: cases.map(\.name),
        series: [.init("", cases.map { 1e9 * $0.2.seconds }, ink: .expert)]))
  }
}
