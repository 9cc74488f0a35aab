import FullScale
import Testing

/// What is counted of a graph.
private func counts(_ graph: NetworkGraph) -> [Int] {
  [graph.endpoints, graph.switches, graph.switchLinks]
}

/// The most links between two switches.
private func diameter(_ graph: NetworkGraph) -> Int {
  let switches = graph.vertices.indices.filter { graph.vertices[$0] != .endpoint }
  return switches.map { start in
    let distances = graph.distances(from: start)
    return switches.map { distances[$0] }.max() ?? 0
  }.max() ?? 0
}

@Suite struct `A network` {
  @Test func `has the sizes of table 3, by its formula`() {
    for row in TopologyRow.published {
      #expect(row.counted == (row.printed.endpoints, row.printed.switches, row.printed.links))
      #expect(abs(row.recomputedCost - row.costPerEndpoint) < 0.06, "\(row.name)")
    }
  }

  @Test func `has the sizes of table 3, as a graph`() {
    func printed(_ row: Int) -> [Int] {
      let sizes = TopologyRow.published[row].printed
      return [sizes.endpoints, sizes.switches, sizes.links]
    }
    #expect(counts(.fatTree(radix: 64)) == printed(0))
    #expect(counts(.multiPlane(radix: 64)) == printed(1))
    #expect(counts(.fatTreeOfThree(radix: 64)) == printed(2))
    #expect(counts(.dragonfly(p: 16, a: 32, h: 16, groups: 511)) == printed(4))
  }

  /// Hoffman and Singleton's graph: fifty vertices of degree seven, and no more are possible for a
  /// diameter of two.
  @Test func `that is a Slim Fly of five is the graph of Hoffman and Singleton`() {
    let graph = NetworkGraph.slimFly(q: 5, cardsPerSwitch: 1)
    #expect(counts(graph) == [50, 50, 175])
    let counted = TopologyRow.slimFly(q: 5)
    #expect(counted.switches == 50 && counted.links == 175)
    #expect(diameter(graph) == 2)
    for start in 50..<100 {
      let near = graph.distances(from: start)[50...].count { $0 == 1 }
      #expect(near == 7)
    }
  }

  @Test(arguments: [13, 17])
  func `that is a Slim Fly has a diameter of two`(q: Int) {
    let graph = NetworkGraph.slimFly(q: q, cardsPerSwitch: 1)
    #expect(diameter(graph) == 2 && graph.switchLinks == TopologyRow.slimFly(q: q).links)
  }

  @Test func `that is a Dragonfly joins every two groups once`() {
    let (a, h) = (4, 2)
    let graph = NetworkGraph.dragonfly(p: 2, a: a, h: h)
    let first = graph.endpoints
    var joined: [Set<Int>: Int] = [:]
    var ports = [Int](repeating: 0, count: graph.switches)
    for link in graph.links where link.ends.0 >= first && link.ends.1 >= first {
      let groups = Set([link.ends.0, link.ends.1].map { ($0 - first) / a })
      guard groups.count == 2 else { continue }
      joined[groups, default: 0] += 1
      for end in [link.ends.0, link.ends.1] { ports[end - first] += 1 }
    }
    #expect(joined.count == 9 * 8 / 2 && joined.values.allSatisfy { $0 == 1 })
    #expect(ports.allSatisfy { $0 == h })
    #expect(diameter(graph) == 3)
  }

  @Test func `of trees has the diameter of its layers`() {
    #expect(diameter(.fatTree(radix: 8)) == 2)
    #expect(diameter(.fatTreeOfThree(radix: 4)) == 4)
  }

  @Test func `of trees gives every switch its ports, and no more`() {
    for graph in [NetworkGraph.fatTree(radix: 8), .fatTreeOfThree(radix: 8)] {
      var ports = [Int](repeating: 0, count: graph.vertices.count)
      for link in graph.links { for end in [link.ends.0, link.ends.1] { ports[end] += 1 } }
      #expect(ports[graph.endpoints...].allSatisfy { $0 == 8 }, "\(graph.name)")
      #expect(ports[..<graph.endpoints].allSatisfy { $0 == 1 })
    }
  }

  @Test func `of planes has no way between them but through nodes`() {
    let apart = NetworkGraph.multiPlane(planes: 2, radix: 4, nodes: 4, inside: nil)
    #expect(apart.distances(from: 0)[1] == -1 && apart.distances(from: 0)[2] > 0)
    let joined = NetworkGraph.multiPlane(planes: 2, radix: 4, nodes: 4)
    #expect(joined.distances(from: 0)[1] == 2)
    // From card 0 of node 0 to card 1 of node 3: into the node, and then by plane 1.
    #expect(joined.distances(from: 0)[7] == 2 + joined.distances(from: 1)[7])
  }

  /// Rails: card 1 of every node is under the same leaf as long as the leaf has room.
  @Test func `of rails puts the same cards of nodes under one leaf`() {
    let graph = NetworkGraph.multiRail(rails: 4, radix: 8)
    #expect(counts(graph) == [32, 12, 32])
    for node in 1..<4 { #expect(graph.distances(from: 1)[4 * node + 1] == 2) }
  }

  @Test func `that loses a plane keeps the others`() {
    let graph = NetworkGraph.multiPlane(planes: 2, radix: 4, nodes: 4).failing(plane: 0)
    let distances = graph.distances(from: 0)
    // Into the node, out by plane 1, and through the other node.
    #expect(distances[2] == 2 + graph.distances(from: 1)[3] + 2 && distances[2] > 0)
  }
}
