import Tensors

/// Bytes that one card has to send to another.
public struct Flow: Sendable, Equatable {
  /// The sender.
  public let source: Int
  /// The receiver.
  public let destination: Int
  /// How much.
  public let bytes: Double

  /// Describes a flow.
  public init(from source: Int, to destination: Int, bytes: Double) {
    (self.source, self.destination, self.bytes) = (source, destination, bytes)
  }
}

extension [Flow] {
  /// Every card sends as much to every other.
  public static func allToAll(_ cards: [Int], bytes: Double) -> [Flow] {
    // In the order of the distance, as programs send: all to the next card, all to the one after.
    (1..<Swift.max(cards.count, 1)).flatMap { step in
      cards.indices.map { index in
        Flow(from: cards[index], to: cards[(index + step) % cards.count], bytes: bytes)
      }
    }
  }

  /// Every card sends to one other, which no other sends to.
  public static func permutation(
    _ cards: [Int], bytes: Double, using generator: inout some RandomNumberGenerator
  ) -> [Flow] {
    // One cycle through all cards in a random order, so that nobody sends to itself.
    var order = cards
    for place in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(place, Int(generator.uniform() * Double(place + 1)))
    }
    return order.indices.map {
      Flow(from: order[$0], to: order[($0 + 1) % order.count], bytes: bytes)
    }
  }

  /// Many cards send to one at once.
  public static func incast(_ sources: [Int], to destination: Int, bytes: Double) -> [Flow] {
    sources.map { Flow(from: $0, to: destination, bytes: bytes) }
  }
}

/// How a network chooses among shortest ways.
public enum Routing: Sendable, Equatable {
  /// By a hash of the flow, for as long as it lasts, whatever else goes there: ECMP.
  case hashed(seed: UInt64)
  /// By what the fullest link of each way has been given so far, for as long as the flow lasts.
  case leastLoaded
  /// All ways at once, packet by packet.
  case sprayed
}

/// The part of a flow that goes over a lane, which is one direction of a link.
struct LaneShare: Sendable {
  let lane: Int
  let share: Double
}

/// Why flows cannot be sent.
public enum FlowError: Error, Equatable, CustomStringConvertible {
  /// There is no way between two cards.
  case unreachable(from: Int, to: Int)

  /// One sentence that names the place and the rule.
  public var description: String {
    switch self {
    case .unreachable(let from, let to):
      "There is no way from card \(from) to card \(to): links are cut."
    }
  }
}

/// Finds the ways of flows through a network.
struct Router {
  private let graph: NetworkGraph
  private let neighbours: [[(link: Int, vertex: Int)]]
  private let routing: Routing
  /// The bytes that each lane has been given.
  private var given: [Double]
  private var distances: [Int: [Int]] = [:]

  init(_ graph: NetworkGraph, _ routing: Routing) {
    (self.graph, self.routing) = (graph, routing)
    neighbours = graph.neighbours
    given = [Double](repeating: 0, count: 2 * graph.links.count)
  }

  /// The lanes of a flow, in the order of its way.
  mutating func way(of flow: Flow, number: Int) throws(FlowError) -> [LaneShare] {
    if distances[flow.destination] == nil {
      distances[flow.destination] = graph.distances(from: flow.destination, neighbours)
    }
    let left = distances[flow.destination] ?? []
    guard left[flow.source] >= 0 else {
      throw .unreachable(from: flow.source, to: flow.destination)
    }
    let result = way(of: flow, number, left)
    for part in result { given[part.lane] += part.share * flow.bytes }
    return result
  }

  private func way(of flow: Flow, _ number: Int, _ left: [Int]) -> [LaneShare] {
    switch routing {
    case .sprayed: return spread(flow, left)
    case .hashed(let seed):
      var generator = SplitMix64(seed: seed).branch(UInt64(number))
      return follow(flow, left) { next in
        next[Int(generator.next() % UInt64(next.count))]
      }
    case .leastLoaded:
      let loads = leastLoads(flow, left)
      return follow(flow, left) { next in
        next.min { worse($0, loads) < worse($1, loads) } ?? next[0]
      }
    }
  }

  /// A way of one choice after the other.
  private func follow(
    _ flow: Flow, _ left: [Int],
    _ choose: ([(lane: Int, vertex: Int)]) -> (lane: Int, vertex: Int)
  ) -> [LaneShare] {
    var result: [LaneShare] = []
    var vertex = flow.source
    while vertex != flow.destination {
      let choice = choose(nearer(vertex, left))
      result.append(LaneShare(lane: choice.lane, share: 1))
      vertex = choice.vertex
    }
    return result
  }

  /// What the fullest lane from each vertex to the destination holds, by the best way.
  private func leastLoads(_ flow: Flow, _ left: [Int]) -> [Int: Double] {
    var layers: [[Int]] = [[flow.source]]
    for _ in 0..<left[flow.source] {
      layers.append(
        Set(layers[layers.count - 1].flatMap { nearer($0, left).map(\.vertex) }).sorted())
    }
    var result: [Int: Double] = [flow.destination: 0]
    for vertex in layers.reversed().joined() where vertex != flow.destination {
      result[vertex] = nearer(vertex, left).map { worse($0, result) }.min()
    }
    return result
  }

  /// What the fullest lane of a way holds that begins with a step.
  private func worse(_ step: (lane: Int, vertex: Int), _ loads: [Int: Double]) -> Double {
    max(given[step.lane], loads[step.vertex] ?? .infinity)
  }

  /// The lanes that lead nearer to the destination.
  private func nearer(_ vertex: Int, _ left: [Int]) -> [(lane: Int, vertex: Int)] {
    neighbours[vertex].filter { left[$0.vertex] == left[vertex] - 1 }.map { link, other in
      (2 * link + (graph.links[link].ends.0 == vertex ? 0 : 1), other)
    }
  }

  /// Equal parts at every fork.
  private func spread(_ flow: Flow, _ left: [Int]) -> [LaneShare] {
    var result: [LaneShare] = []
    var layer: [(vertex: Int, share: Double)] = [(flow.source, 1)]
    for _ in 0..<left[flow.source] {
      var next: [(vertex: Int, share: Double)] = []
      for (vertex, share) in layer {
        let ways = nearer(vertex, left)
        for way in ways {
          let part = share / Double(ways.count)
          result.append(LaneShare(lane: way.lane, share: part))
          if let place = next.firstIndex(where: { $0.vertex == way.vertex }) {
            next[place].share += part
          } else {
            next.append((way.vertex, part))
          }
        }
      }
      layer = next
    }
    return result
  }
}
