/// The rates of flows that share lanes: none can grow without another, no faster one, shrinking.
///
/// Max-min fairness by filling: all rates rise together until a lane is full; its flows stay as they
/// are, and the others go on.
struct FairShare {
  /// The lanes' speeds, in bytes a second.
  let speeds: [Double]
  /// The lanes of each flow.
  let ways: [[LaneShare]]

  /// The result for one flow.
  struct Rate {
    /// Bytes a second.
    var rate = 0.0
    /// The place, in its way, of the lane that was full; nil if its own limit came first.
    var bottleneck: Int?
  }

  // snippet.filling
  /// The rates of some flows.
  /// - Parameter limits: what each flow may have at most.
  func rates(of active: [Int], limits: [Double]) -> [Rate] {
    var rates = [Rate](repeating: Rate(), count: ways.count)
    var room = speeds
    var weight = [Double](repeating: 0, count: speeds.count)
    for flow in active { for part in ways[flow] { weight[part.lane] += part.share } }
    var rising = active
    var level = 0.0
    while !rising.isEmpty {
      var step = Double.infinity
      for lane in room.indices where weight[lane] > 1e-9 {
        step = min(step, room[lane] / weight[lane])
      }
      for flow in rising { step = min(step, limits[flow] - level) }
      step = max(step, 0)
      level += step
      for lane in room.indices where weight[lane] > 1e-9 { room[lane] -= step * weight[lane] }
      var stays: [Int] = []
      for flow in rising {
        let full = ways[flow].firstIndex { room[$0.lane] <= 1e-9 * speeds[$0.lane] }
        guard full != nil || level >= limits[flow] else {
          stays.append(flow)
          continue
        }
        rates[flow] = Rate(rate: level, bottleneck: level >= limits[flow] ? nil : full)
        for part in ways[flow] { weight[part.lane] -= part.share }
      }
      rising = stays
    }
    return rates
  }
  // snippet.end
}
