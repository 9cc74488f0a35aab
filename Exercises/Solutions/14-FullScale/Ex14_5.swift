/// The answer to exercise 14.5.
///
/// Why this way: as long as all rates rise together, the next link to be full is the one with the least
/// room for each of its rising flows. Its flows have found what limits them. What they do not use on
/// their other links is there for the rest, which go on rising.
public func fairRates(ways: [[Int]], speeds: [Double]) throws -> [Double] {
  var rates = [Double](repeating: 0, count: ways.count)
  var room = speeds
  var rising = Array(ways.indices)
  while !rising.isEmpty {
    var users = [Int](repeating: 0, count: speeds.count)
    for flow in rising { for link in ways[flow] { users[link] += 1 } }
    let used = speeds.indices.filter { users[$0] > 0 }
    guard
      let next = used.min(by: { room[$0] / Double(users[$0]) < room[$1] / Double(users[$1]) })
    else { break }
    let step = room[next] / Double(users[next])
    for flow in rising { rates[flow] += step }
    for link in used { room[link] -= step * Double(users[link]) }
    rising.removeAll { ways[$0].contains(next) }
  }
  return rates
}

/// Wrong answers to exercise 14.5.
public enum Mutants14_5 {
  /// Gives each flow an equal part of its fullest link and stops: what others leave is lost.
  public static func sharesOnce(ways: [[Int]], speeds: [Double]) throws -> [Double] {
    var users = [Int](repeating: 0, count: speeds.count)
    for way in ways { for link in way { users[link] += 1 } }
    return ways.map { way in way.map { speeds[$0] / Double(users[$0]) }.min() ?? 0 }
  }

  /// Gives every flow what the slowest one gets.
  public static func slowsAll(ways: [[Int]], speeds: [Double]) throws -> [Double] {
    let least = try sharesOnce(ways: ways, speeds: speeds).min() ?? 0
    return ways.map { _ in least }
  }

  /// Looks at the first link of a way only.
  public static func looksAtOne(ways: [[Int]], speeds: [Double]) throws -> [Double] {
    try fairRates(ways: ways.map { Array($0.prefix(1)) }, speeds: speeds)
  }

  /// Serves one flow after the other, the first with all that there is.
  public static func servesInOrder(ways: [[Int]], speeds: [Double]) throws -> [Double] {
    var room = speeds
    return ways.map { way in
      let rate = way.map { room[$0] }.min() ?? 0
      for link in way { room[link] -= rate }
      return rate
    }
  }

  /// Forgets to take what has been given.
  public static func takesNothing(ways: [[Int]], speeds: [Double]) throws -> [Double] {
    var rates = [Double](repeating: 0, count: ways.count)
    var rising = Array(ways.indices)
    while !rising.isEmpty {
      var users = [Int](repeating: 0, count: speeds.count)
      for flow in rising { for link in ways[flow] { users[link] += 1 } }
      let used = speeds.indices.filter { users[$0] > 0 }
      guard
        let next = used.min(by: {
          speeds[$0] / Double(users[$0]) < speeds[$1] / Double(users[$1])
        })
      else { break }
      for flow in rising where ways[flow].contains(next) {
        rates[flow] = speeds[next] / Double(users[next])
      }
      rising.removeAll { ways[$0].contains(next) }
    }
    return rates
  }
}
