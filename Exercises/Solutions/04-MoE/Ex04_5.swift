/// The answer to exercise 4.5.
///
/// Why this way: the order of the two loops is the lesson. All tokens of a batch are chosen for with
/// the bias that earlier batches have left; then the bias moves once. Had it moved first, the choice
/// of a token would depend on tokens that come after it in its own sequence. With c̄ = K T / N no
/// bias moves where the load is the mean; comparing c N with K T keeps that exact.
public func routeInTurn(
  _ batches: [[[Double]]], active: Int, speed: Double
) throws -> (choices: [[[Int]]], bias: [Double]) {
  var bias = [Double](repeating: 0, count: batches.first?.first?.count ?? 0)
  var choices: [[[Int]]] = []
  for batch in batches {
    let chosen = choice(batch, bias, active)
    choices.append(chosen)
    bias = moved(bias, by: speed, after: chosen, total: active * batch.count)
  }
  return (choices, bias)
}

private func choice(_ batch: [[Double]], _ bias: [Double], _ active: Int) -> [[Int]] {
  batch.map { row in
    let ranks = zip(row, bias).map { $0 + $1 }
    let order = ranks.indices.sorted { (ranks[$1], $0) < (ranks[$0], $1) }
    return Array(order.prefix(active))
  }
}

private func moved(
  _ bias: [Double], by speed: Double, after choices: [[Int]], total: Int
) -> [Double] {
  var loads = [Int](repeating: 0, count: bias.count)
  for expert in choices.joined() { loads[expert] += 1 }
  return zip(bias, loads).map { $0 + speed * Double((total - $1 * bias.count).signum()) }
}

/// Wrong answers to exercise 4.5.
public enum Mutants4_5 {
  /// The choices and the last bias.
  public typealias Course = (choices: [[[Int]]], bias: [Double])

  /// Praises the busy.
  public static func turnsSign(
    _ batches: [[[Double]]], _ active: Int, _ speed: Double
  ) throws -> Course {
    try routeInTurn(batches, active: active, speed: -speed)
  }

  /// Moves the bias by the batch that it then chooses for.
  public static func looksAhead(
    _ batches: [[[Double]]], _ active: Int, _ speed: Double
  ) throws -> Course {
    var bias = [Double](repeating: 0, count: batches.first?.first?.count ?? 0)
    var choices: [[[Int]]] = []
    for batch in batches {
      let first = choice(batch, bias, active)
      bias = moved(bias, by: speed, after: first, total: active * batch.count)
      choices.append(choice(batch, bias, active))
    }
    return (choices, bias)
  }

  /// Moves the bias after each token, so that a batch balances itself.
  public static func movesWithinBatch(
    _ batches: [[[Double]]], _ active: Int, _ speed: Double
  ) throws -> Course {
    let course = try routeInTurn(
      batches.flatMap { batch in batch.map { [$0] } }, active: active, speed: speed)
    var rest = course.choices.flatMap { $0 }[...]
    let choices = batches.map { batch in
      defer { rest = rest.dropFirst(batch.count) }
      return Array(rest.prefix(batch.count))
    }
    return (choices, course.bias)
  }

  /// Expects each token once, not `active` times.
  public static func forgetsActive(
    _ batches: [[[Double]]], _ active: Int, _ speed: Double
  ) throws -> Course {
    var bias = [Double](repeating: 0, count: batches.first?.first?.count ?? 0)
    var choices: [[[Int]]] = []
    for batch in batches {
      choices.append(choice(batch, bias, active))
      bias = moved(bias, by: speed, after: choices.last ?? [], total: batch.count)
    }
    return (choices, bias)
  }

  /// Lifts an expert whose load is the mean.
  public static func movesTheEven(
    _ batches: [[[Double]]], _ active: Int, _ speed: Double
  ) throws -> Course {
    var bias = [Double](repeating: 0, count: batches.first?.first?.count ?? 0)
    var choices: [[[Int]]] = []
    for batch in batches {
      choices.append(choice(batch, bias, active))
      bias = moved(bias, by: speed, after: choices.last ?? [], total: active * batch.count + 1)
    }
    return (choices, bias)
  }
}
