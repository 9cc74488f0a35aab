import Foundation

/// The answer to exercise 2.6.
///
/// Why this way: D = ō · o is Σ pⱼ (ō · vⱼ), the mean of what each value would have gained, weighed by
/// attention. A score rises when its value is better than that mean and falls when it is worse. So
/// the gradients of the scores of a row add up to zero, as they must: adding a number to all scores
/// changes nothing.
public func rowPullback(
  query: [Double], keys: [[Double]], values: [[Double]], scale: Double, upstream: [Double]
) throws -> (query: [Double], keys: [[Double]], values: [[Double]]) {
  let scores = keys.map { scale * dot(query, $0) }
  let highest = scores.max() ?? 0
  let raised = scores.map { exp($0 - highest) }
  let sum = raised.reduce(0, +)
  let weights = raised.map { $0 / sum }

  let gains = values.map { dot(upstream, $0) }
  let mean = dot(weights, gains)
  let slopes = zip(weights, gains).map { scale * $0 * ($1 - mean) }
  let queryGradient = query.indices.map { i in dot(slopes, keys.map { $0[i] }) }
  return (
    queryGradient, slopes.map { slope in query.map { slope * $0 } },
    weights.map { weight in upstream.map { weight * $0 } }
  )
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

/// Wrong answers to exercise 2.6.
public enum Mutants2_6 {
  /// The gradients of a query, of keys and of values.
  public typealias Gradients = (query: [Double], keys: [[Double]], values: [[Double]])

  /// Treats the weights as if they did not sum to one.
  public static func forgetsMean(
    _ query: [Double], _ keys: [[Double]], _ values: [[Double]], _ scale: Double,
    _ upstream: [Double]
  ) throws -> Gradients {
    let right = try rowPullback(
      query: query, keys: keys, values: values, scale: scale, upstream: upstream)
    let weights = right.values.map { dot($0, upstream) / dot(upstream, upstream) }
    let slopes = zip(weights, values).map { scale * $0 * dot(upstream, $1) }
    return (
      query.indices.map { i in dot(slopes, keys.map { $0[i] }) },
      slopes.map { slope in query.map { slope * $0 } }, right.values
    )
  }

  /// Forgets the scale on the way back.
  public static func forgetsScale(
    _ query: [Double], _ keys: [[Double]], _ values: [[Double]], _ scale: Double,
    _ upstream: [Double]
  ) throws -> Gradients {
    let right = try rowPullback(
      query: query, keys: keys, values: values, scale: scale, upstream: upstream)
    return (
      right.query.map { $0 / scale }, right.keys.map { $0.map { $0 / scale } }, right.values
    )
  }

  /// Gives every value the whole gradient.
  public static func sharesNothing(
    _ query: [Double], _ keys: [[Double]], _ values: [[Double]], _ scale: Double,
    _ upstream: [Double]
  ) throws -> Gradients {
    let right = try rowPullback(
      query: query, keys: keys, values: values, scale: scale, upstream: upstream)
    return (right.query, right.keys, values.map { _ in upstream })
  }
}
