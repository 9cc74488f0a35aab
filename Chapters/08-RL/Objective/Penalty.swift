import Foundation
import Tensors

/// What departing from the reference costs, estimated from the sampled token alone.
///
/// With d = log π_ref − log π: three estimators of KL(π ‖ π_ref) that agree in expectation as
/// values and not as losses.
public struct Penalty: Sendable, Equatable {
  /// The estimator.
  public enum Kind: Sendable, Equatable, CaseIterable {
    /// −d. As a loss its expected gradient is zero: it does nothing but add noise.
    case k1
    /// d² / 2. As a loss its expected gradient is that of KL(π ‖ π_ref).
    case k2
    /// eᵈ − d − 1, never negative. As a loss its expected gradient is that of KL(π_ref ‖ π).
    case k3
  }

  /// The estimator.
  public var kind: Kind
  /// β; with 0 no reference is needed.
  public var weight: Double
  /// The largest |d|; beyond it the penalty is constant, so that no exponential overflows.
  public var clamp: Double

  /// Creates a penalty.
  public init(_ kind: Kind = .k3, weight: Double, clamp: Double = 5) {
    insist(weight >= 0 && clamp > 0, "Penalty: β \(weight) and the clamp \(clamp) are sizes")
    self.kind = kind
    self.weight = weight
    self.clamp = clamp
  }

  /// None.
  public static let none = Penalty(weight: 0)

  // snippet.penalty
  /// The penalty at d, before β, and its slope along log π.
  package func callAsFunction(_ difference: Double) -> (value: Double, slope: Double) {
    let d = min(max(difference, -clamp), clamp)
    let flows: Double = d == difference ? 1 : 0
    switch kind {
    case .k1: return (-d, flows)
    case .k2: return (d * d / 2, -d * flows)
    case .k3: return (exp(d) - d - 1, (1 - exp(d)) * flows)
    }
  }
  // snippet.end
}
