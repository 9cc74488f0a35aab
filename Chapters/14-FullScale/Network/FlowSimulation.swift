import Tensors

/// What a full lane does to flows that meet others behind it.
public enum Queueing: Sendable {
  /// Each flow waits for itself: virtual queues, or congestion control that slows senders down.
  case own
  /// All that comes over a lane waits in one queue, and none is dropped: when its first packet
  /// cannot go on, nothing behind it can. The worst case of lossless links.
  case shared
}

/// The end of each flow, and what the lanes carried.
public struct FlowTimes: Sendable {
  /// When each flow ends, in seconds.
  public let ends: [Double]
  /// The bytes over each link, in each direction.
  public let carried: [(there: Double, back: Double)]

  /// When the last flow ends.
  public var last: Double { ends.max() ?? 0 }
}

/// Flows on a network, as fluids.
///
/// At every moment the flows share the lanes fairly, and whenever one ends the others get its part.
/// There are no packets, no delays and no losses in it: it tells what links allow, not what a
/// protocol makes of it.
public struct FlowSimulation: Sendable {
  /// The network.
  public let graph: NetworkGraph
  /// How ways are chosen.
  public let routing: Routing
  /// What a full lane does.
  public let queueing: Queueing

  /// Describes a simulation.
  public init(_ graph: NetworkGraph, _ routing: Routing, queueing: Queueing = .own) {
    insist(
      routing != .sprayed || queueing == .own,
      "FlowSimulation: a sprayed flow has no single way on which it could block others")
    (self.graph, self.routing, self.queueing) = (graph, routing, queueing)
  }

  /// Runs flows that all begin at once.
  public func run(_ flows: [Flow]) throws(FlowError) -> FlowTimes {
    var router = Router(graph, routing)
    var ways: [[LaneShare]] = []
    for (number, flow) in flows.enumerated() {
      ways.append(
        flow.source == flow.destination ? [] : try router.way(of: flow, number: number))
    }
    let speeds = graph.links.flatMap { [$0.speed, $0.speed] }
    let sharing = FairShare(speeds: speeds, ways: ways)
    var left = flows.map(\.bytes)
    var ends = [Double](repeating: 0, count: flows.count)
    var active = flows.indices.filter { !ways[$0].isEmpty && left[$0] > 0 }
    var clock = 0.0
    while !active.isEmpty {
      let rates = rates(of: active, sharing)
      let step = active.map { left[$0] / rates[$0] }.min() ?? 0
      clock += step
      active.removeAll { flow in
        left[flow] -= step * rates[flow]
        // Those that end together, up to rounding.
        guard left[flow] <= 1e-9 * flows[flow].bytes else { return false }
        ends[flow] = clock
        return true
      }
    }
    return FlowTimes(ends: ends, carried: carried(flows, ways))
  }

  // snippet.blocking
  private func rates(of active: [Int], _ sharing: FairShare) -> [Double] {
    var limits = [Double](repeating: .infinity, count: sharing.ways.count)
    var rates = sharing.rates(of: active, limits: limits)
    guard queueing == .shared else { return rates.map(\.rate) }
    // Where on its way a flow waits behind others.
    var stuck = [Int](repeating: 0, count: sharing.ways.count)
    // What waits at a full lane fills the queues behind it, and all who come through them wait.
    while true {
      var slowest = [Double](repeating: .infinity, count: sharing.speeds.count)
      for flow in active {
        for part in sharing.ways[flow].prefix(rates[flow].bottleneck ?? stuck[flow]) {
          slowest[part.lane] = min(slowest[part.lane], rates[flow].rate)
        }
      }
      var changes = false
      for flow in active {
        let limits = sharing.ways[flow].map { slowest[$0.lane] }
        guard let limit = limits.min(), limit < rates[flow].rate * (1 - 1e-9) else { continue }
        stuck[flow] = limits.lastIndex(of: limit) ?? 0
        changes = true
      }
      guard changes else { return rates.map(\.rate) }
      for flow in active {
        limits[flow] = min(
          limits[flow], sharing.ways[flow].map { slowest[$0.lane] }.min() ?? .infinity)
      }
      rates = sharing.rates(of: active, limits: limits)
    }
  }
  // snippet.end

  private func carried(
    _ flows: [Flow], _ ways: [[LaneShare]]
  ) -> [(there: Double, back: Double)] {
    var sums = [Double](repeating: 0, count: 2 * graph.links.count)
    for (flow, way) in zip(flows, ways) {
      for part in way { sums[part.lane] += part.share * flow.bytes }
    }
    return graph.links.indices.map { (sums[2 * $0], sums[2 * $0 + 1]) }
  }
}
