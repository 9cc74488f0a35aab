import FullScale
import Tensors
import Testing

/// A line of switches with some cards on each.
private func line(
  _ cards: [Int], between: Double = 1, cardSpeed: Double = 1
) -> NetworkGraph {
  var graph = NetworkGraph("line")
  let all = graph.add(cards.reduce(0, +), .endpoint)
  let switches = graph.add(cards.count, .switch(plane: 0))
  var next = all.lowerBound
  for (place, count) in cards.enumerated() {
    for _ in 0..<count {
      graph.join(next, switches.lowerBound + place, speed: cardSpeed)
      next += 1
    }
    if place > 0 {
      graph.join(switches.lowerBound + place - 1, switches.lowerBound + place, speed: between)
    }
  }
  return graph
}

@Suite struct `Flows` {
  /// Half the speed each until the first has gone, then all of it: 1 at 2, 2 at 3.
  @Test func `share a link and then get what others leave`() throws {
    let graph = line([2, 1])
    let flows = [Flow(from: 0, to: 2, bytes: 1), Flow(from: 1, to: 2, bytes: 2)]
    let times = try FlowSimulation(graph, .sprayed).run(flows)
    #expect(times.ends == [2, 3] && times.last == 3)
  }

  /// One flow over both links, one over the first, two over the second: ⅓, ⅔, ⅓, ⅓.
  @Test func `get as much as none has to pay for`() throws {
    let graph = line([2, 2, 4], cardSpeed: 9)
    let flows = [(0, 4), (1, 2), (2, 5), (3, 6)].map {
      Flow(from: $0.0, to: $0.1, bytes: 2.0 / 3)
    }
    let ends = try FlowSimulation(graph, .sprayed).run(flows).ends
    #expect(abs(ends[1] - 1) < 1e-12)
    // By then each of the others has sent ⅓ of its ⅔; then nothing has changed for them.
    for flow in [0, 2, 3] { #expect(abs(ends[flow] - 2) < 1e-12) }
  }

  @Test func `carry all of their bytes over every cut`() throws {
    let graph = NetworkGraph.fatTree(radix: 8)
    var generator = SplitMix64(seed: 3)
    let flows = [Flow].permutation(Array(0..<32), bytes: 5, using: &generator)
    for routing in [Routing.hashed(seed: 1), .leastLoaded, .sprayed] {
      let carried = try FlowSimulation(graph, routing).run(flows).carried
      // The links of cards come first; each card sends 5 and gets 5.
      for link in 0..<32 {
        #expect(abs(carried[link].there - 5) < 1e-9 && abs(carried[link].back - 5) < 1e-9)
      }
    }
  }

  /// Who is sprayed over all spines has all of their links: a fat tree loses nothing.
  @Test func `go at full speed through a fat tree when they are sprayed`() throws {
    let graph = NetworkGraph.fatTree(radix: 8, speed: 2)
    var generator = SplitMix64(seed: 1)
    for _ in 0..<4 {
      let flows = [Flow].permutation(Array(0..<32), bytes: 6, using: &generator)
      let last = try FlowSimulation(graph, .sprayed).run(flows).last
      #expect(abs(last - 3) < 1e-9)
    }
    let all = [Flow].allToAll(Array(0..<32), bytes: 2)
    #expect(abs(try FlowSimulation(graph, .sprayed).run(all).last - 31) < 1e-6)
  }

  @Test func `collide when a hash sends two over one spine, whatever is free beside it`() throws
  {
    let graph = NetworkGraph.fatTree(radix: 8, speed: 1)
    var generator = SplitMix64(seed: 2)
    var (hashed, adaptive) = (0.0, 0.0)
    for seed in 0..<8 {
      let flows = [Flow].permutation(Array(0..<32), bytes: 1, using: &generator)
      hashed += try FlowSimulation(graph, .hashed(seed: UInt64(seed))).run(flows).last
      adaptive += try FlowSimulation(graph, .leastLoaded).run(flows).last
    }
    // Twice to four times the time of free ways; with an eye on the load seldom more than twice.
    #expect(hashed / 8 >= 2 && hashed / 8 < 4)
    #expect(adaptive < 0.8 * hashed)
  }

  /// One spine of four gone: 4 cards of a leaf send 28 · 4 rows over three links.
  @Test func `of all to all slow down by the lost spine`() throws {
    let whole = NetworkGraph.fatTree(radix: 8, speed: 1)
    let spine = whole.vertices.count - 1
    let graph = whole.cutting { vertex, _ in vertex == spine }
    let times = try FlowSimulation(graph, .sprayed).run(.allToAll(Array(0..<32), bytes: 1))
    #expect(abs(times.last - 4 * 28 / 3.0) < 1e-6)
  }

  // snippet.plane
  /// Eight cards send what one cannot: seven of eight planes take 8/7 of the time.
  @Test func `of all to all in planes survive the loss of one`() throws {
    let graph = NetworkGraph.multiPlane(radix: 4, nodes: 8, speed: 1, inside: 100)
    let flows = [Flow].allToAll(Array(0..<64), bytes: 1)
    let whole = try FlowSimulation(graph, .sprayed).run(flows).last
    #expect(abs(whole - 56) < 1e-6, "to 7 other nodes of 8 cards")
    let hurt = try FlowSimulation(graph.failing(plane: 3), .sprayed).run(flows).last
    #expect(abs(hurt / whole - 8.0 / 7) < 1e-6)
    let apart = NetworkGraph.multiPlane(radix: 4, nodes: 8, speed: 1, inside: nil)
    #expect(throws: FlowError.unreachable(from: 0, to: 1)) {
      try FlowSimulation(apart, .sprayed).run([Flow(from: 0, to: 1, bytes: 1)])
    }
  }
  // snippet.end

  @Test func `of all to all in planes and over rails take as long`() throws {
    let planes = NetworkGraph.multiPlane(planes: 4, radix: 8, nodes: 8, inside: 100e9)
    let rails = NetworkGraph.multiRail(rails: 4, radix: 8, nodes: 8, inside: 100e9)
    let flows = [Flow].allToAll(Array(0..<32), bytes: 1e9)
    let times = try [planes, rails].map { try FlowSimulation($0, .sprayed).run(flows).last }
    #expect(abs(times[0] - 28e9 / 50e9) < 1e-9)
    #expect(times[1] <= times[0] * (1 + 1e-9) && times[1] > 0.8 * times[0])
  }

  /// Three cards send to one behind the same link as a fourth flow that goes elsewhere.
  @Test func `that meet an incast are slowed by it only in a shared queue`() throws {
    // Cards 0 to 3 on one switch, 4 and 5 on the other.
    let graph = line([4, 2], between: 4)
    let flows = [Flow].incast([0, 1, 2], to: 4, bytes: 1) + [Flow(from: 3, to: 5, bytes: 1)]
    let own = try FlowSimulation(graph, .leastLoaded).run(flows).ends
    let expected = [3.0, 3, 3, 1]
    #expect(zip(own, expected).allSatisfy { abs($0 - $1) < 1e-9 }, "one goes at full speed")
    let shared = try FlowSimulation(graph, .leastLoaded, queueing: .shared).run(flows).ends
    #expect(shared.allSatisfy { abs($0 - 3) < 1e-9 }, "it waits behind those who wait")
  }

  /// What waits behind an incast holds up what is behind itself.
  @Test func `that wait behind an incast block others in turn`() throws {
    // Cards 0 to 4 and 5, 6; card 3 sends past the incast and to card 4 beside it.
    let graph = line([5, 2], between: 4)
    let flows =
      [Flow].incast([0, 1, 2], to: 5, bytes: 1)
      + [Flow(from: 3, to: 6, bytes: 0.3), Flow(from: 3, to: 4, bytes: 0.3)]
    let own = try FlowSimulation(graph, .leastLoaded).run(flows).ends
    let shared = try FlowSimulation(graph, .leastLoaded, queueing: .shared).run(flows).ends
    #expect(abs(own[4] - 0.6) < 1e-12)
    #expect(abs(shared[4] - 0.9) < 1e-12, "a third of the speed, like those in front")
  }

  @Test func `from nowhere to nowhere take no time`() throws {
    let graph = line([2])
    let flows = [Flow(from: 0, to: 0, bytes: 9), Flow(from: 0, to: 1, bytes: 0)]
    #expect(try FlowSimulation(graph, .sprayed).run(flows).ends == [0, 0])
  }

  @Test func `of a seed are the same again`() throws {
    let graph = NetworkGraph.dragonfly(p: 2, a: 4, h: 2)
    let flows = [Flow].allToAll(Array(0..<graph.endpoints), bytes: 1)
    let simulation = FlowSimulation(graph, .hashed(seed: 7))
    #expect(try simulation.run(flows).ends == simulation.run(flows).ends)
  }
}
