import Foundation

/// The surrogate less the penalty of one token, or of one response as printed in the R1 paper.
struct PolicyTerm {
  /// min(ρ Â, clip(ρ) Â) − β k.
  let value: Double
  /// Its derivative with respect to log π.
  let slope: Double
  let logRatio: Double
  let ratio: Double
  let isClipped: Bool
  /// k3, whatever the penalty is.
  let divergence: Double

  /// The largest |log ρ|; beyond it ρ is constant, so that no exponential overflows.
  private static let largestLogRatio = 20.0

  /// - Parameters:
  ///   - log: log π.
  ///   - logRatio: log π − log π_old.
  ///   - toReference: log π_ref − log π, if there is a reference.
  init(
    _ objective: Objective, log: Double, logRatio: Double, toReference: Double?,
    advantage: Double
  ) {
    let clamped = min(max(logRatio, -Self.largestLogRatio), Self.largestLogRatio)
    let ratio = exp(clamped)
    var (value, slope, isClipped) = (advantage * log, advantage, false)
    if objective.ratio != .none {
      let surrogate =
        objective.clip?.surrogate(ratio, advantage)
        ?? (value: ratio * advantage, isActive: true)
      isClipped = !surrogate.isActive
      value = surrogate.value
      slope = surrogate.isActive && clamped == logRatio ? ratio * advantage : 0
    }
    var divergence = 0.0
    if let d = toReference {
      let penalty = objective.penalty(d)
      value -= objective.penalty.weight * penalty.value
      slope -= objective.penalty.weight * penalty.slope
      divergence = Penalty(.k3, weight: 0, clamp: objective.penalty.clamp)(d).value
    }
    (self.value, self.slope, self.isClipped) = (value, slope, isClipped)
    (self.logRatio, self.ratio, self.divergence) = (logRatio, ratio, divergence)
  }
}

extension PolicyStatistics {
  /// Counts the tokens of a term; a whole response's count as many times.
  mutating func count(_ term: PolicyTerm, tokens count: Int) {
    tokens += count
    clipped += term.isClipped ? count : 0
    largestLogRatio = max(largestLogRatio, abs(term.logRatio))
    penalties += Double(count) * term.divergence
    ratios += Double(count) * term.ratio
  }
}
