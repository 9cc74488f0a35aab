import Foundation
import Tensors

extension Variable {
  /// The loss of a policy on sampled tokens, from the hidden rows that predict them.
  ///
  /// −Σ w (min(ρ Â, clip(ρ) Â) − β k). With c = [not clipped] ρ Â + β (π_ref/π − 1), which is
  /// for k3, the gradient of the logits is −w c (1[j = a] − p_j) / T. Head product, softmax and
  /// loss are one operation, so that no logits are kept. DeepSeekMath eq. 3, 20 and 21.
  /// - Shape: self [tokens, width], head [vocabulary, width] → []
  public func policyLoss(
    head: Variable, of tokens: PolicyTokens, _ objective: Objective
  ) -> (loss: Variable, statistics: PolicyStatistics) {
    var loss = PolicySum(tokens, objective)
    let (x, w, ids, t) = (value, head.value, tokens.tokens, objective.temperature)
    let reading: PolicyKernel.Reading
    if objective.ratio == .sequence {
      let first = PolicyKernel.read(x, head: w, tokens: ids, temperature: t)
      let slopes = loss.slopesOfResponses(first.logProbabilities)
      reading = PolicyKernel.sweep(x, head: w, tokens: ids, temperature: t) { row, _ in
        Float(slopes[row])
      }
    } else {
      reading = PolicyKernel.sweep(x, head: w, tokens: ids, temperature: t) { row, log in
        Float(loss.slope(row, Double(log)))
      }
    }
    loss.statistics.entropies = zip(reading.entropies, tokens.weights).reduce(0.0) {
      $1.1 == 0 ? $0 : $0 + Double($1.0)
    }
    let result = tape.record("policyLoss", Tensor(Float(loss.value)), from: [self, head]) {
      upstream in
      guard let (input, weight) = reading.gradients else { return [.none, .none] }
      let factor = upstream.scalar
      return [.later { input.scaled(by: factor) }, .later { weight.scaled(by: factor) }]
    }
    return (result, loss.statistics)
  }
}

/// The running sum of a policy loss.
struct PolicySum {
  let tokens: PolicyTokens
  let objective: Objective
  private(set) var value = 0.0
  var statistics = PolicyStatistics()

  init(_ tokens: PolicyTokens, _ objective: Objective) {
    let count = tokens.tokens.count
    insist(
      [tokens.old.count, tokens.advantages.count, tokens.weights.count]
        .allSatisfy { $0 == count } && tokens.lengths.reduce(0, +) == count,
      "policyLoss: each of \(count) tokens needs one log-probability, advantage and weight")
    insist(
      tokens.reference.count == count
        || tokens.reference.isEmpty && objective.penalty.weight == 0,
      "policyLoss: a penalty needs the reference's log-probability of each token")
    self.tokens = tokens
    self.objective = objective
  }

  /// Adds a token, and returns the slope of the loss along its log π.
  mutating func slope(_ row: Int, _ log: Double) -> Double {
    let weight = tokens.weights[row]
    guard weight != 0 else { return 0 }
    let d = tokens.reference.isEmpty ? nil : Double(tokens.reference[row]) - log
    let term = PolicyTerm(
      objective, log: log, logRatio: log - Double(tokens.old[row]), toReference: d,
      advantage: tokens.advantages[row])
    statistics.count(term, tokens: 1)
    value -= weight * term.value
    return -weight * term.slope
  }

  /// Adds whole responses, and returns the slope of the loss along log π of each token.
  ///
  /// The logarithm of a response's probability is the sum of its tokens', so all have one
  /// slope.
  mutating func slopesOfResponses(_ logs: [Float]) -> [Double] {
    var slopes: [Double] = []
    for length in tokens.lengths {
      let rows = slopes.count..<slopes.count + length
      let (weight, log) = (tokens.weights[rows.lowerBound], logs.sum(rows))
      guard weight != 0 else {
        slopes += repeatElement(0, count: length)
        continue
      }
      let d = tokens.reference.isEmpty ? nil : tokens.reference.sum(rows) - log
      let term = PolicyTerm(
        objective, log: log, logRatio: log - tokens.old.sum(rows), toReference: d,
        advantage: tokens.advantages[rows.lowerBound])
      statistics.count(term, tokens: length)
      value -= weight * term.value
      slopes += repeatElement(-weight * term.slope, count: length)
    }
    return slopes
  }
}

extension [Float] {
  fileprivate func sum(_ range: Range<Int>) -> Double {
    self[range].reduce(0.0) { $0 + Double($1) }
  }
}
