import Foundation

/// The answer to exercise 4.3.
///
/// Why this way: s̄ is σ ḡ at the chosen experts and 0 elsewhere; then the softmax spreads it,
/// ℓ̄ᵢ = sᵢ (s̄ᵢ − Σⱼ sⱼ s̄ⱼ). The mean is subtracted from every expert. So whoever was not chosen is
/// pushed down a little when the chosen are praised, and up when they are blamed: a way back that
/// V3's sigmoids do not have. With normalisation it closes here too, because the softmax of all,
/// divided by the sum over the chosen, is the softmax over the chosen.
public func logitGradients(
  _ logits: [Double], chosen: [Int], scale: Double, upstream: [Double]
) throws -> [Double] {
  let s = softmax(logits)
  var slopes = [Double](repeating: 0, count: logits.count)
  for (expert, slope) in zip(chosen, upstream) { slopes[expert] += scale * slope }
  let mean = zip(s, slopes).reduce(0) { $0 + $1.0 * $1.1 }
  return zip(s, slopes).map { $0 * ($1 - mean) }
}

private func softmax(_ logits: [Double]) -> [Double] {
  let highest = logits.max() ?? 0
  let raised = logits.map { exp($0 - highest) }
  let sum = raised.reduce(0, +)
  return raised.map { $0 / sum }
}

/// Wrong answers to exercise 4.3.
public enum Mutants4_3 {
  /// Tells only the chosen experts.
  public static func tellsTheChosen(
    _ logits: [Double], _ chosen: [Int], _ scale: Double, _ upstream: [Double]
  ) throws -> [Double] {
    let all = try logitGradients(logits, chosen: chosen, scale: scale, upstream: upstream)
    return all.indices.map { chosen.contains($0) ? all[$0] : 0 }
  }

  /// Takes each affinity for a sigmoid.
  public static func takesSigmoids(
    _ logits: [Double], _ chosen: [Int], _ scale: Double, _ upstream: [Double]
  ) throws -> [Double] {
    var result = [Double](repeating: 0, count: logits.count)
    let s = softmax(logits)
    for (expert, slope) in zip(chosen, upstream) {
      result[expert] = scale * slope * s[expert] * (1 - s[expert])
    }
    return result
  }

  /// Takes the softmax of the chosen logits alone.
  public static func forgetsTheRest(
    _ logits: [Double], _ chosen: [Int], _ scale: Double, _ upstream: [Double]
  ) throws -> [Double] {
    let part = try logitGradients(
      chosen.map { logits[$0] }, chosen: Array(chosen.indices), scale: scale,
      upstream: upstream)
    var result = [Double](repeating: 0, count: logits.count)
    for (expert, slope) in zip(chosen, part) { result[expert] = slope }
    return result
  }
}
