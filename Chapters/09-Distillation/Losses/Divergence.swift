import Tensors

/// How far a student's next token lies from its teacher's, at one position.
///
/// With T = softmax(teacher / τ) and S = softmax(student / τ), and times τ² so that the gradients
/// of different temperatures have one size (Hinton et al., 2015, §2):
///
/// | kind | ℓ | ∂ℓ/∂z, at τ = 1 |
/// |---|---|---|
/// | sequence | −log S(y), y the teacher's token | S − onehot(y) |
/// | forward | KL(T ‖ S) = Σ T log(T / S) | S − T |
/// | reverse | KL(S ‖ T) = Σ S log(S / T) | S (log(S / T) − KL(S ‖ T)) |
/// | Jensen–Shannon | β KL(T ‖ M) + (1 − β) KL(S ‖ M) | (1 − β) S (log(S / M) − KL(S ‖ M)) |
///
/// M = β T + (1 − β) S. Paper: Agarwal et al., "On-policy distillation of language models", §2 – 3.
public struct Divergence: Sendable, Equatable, Codable {
  /// What is measured.
  public enum Kind: Sendable, Equatable, Codable {
    /// The surprise at the teacher's token: what a text alone can teach.
    case sequence
    /// KL(T ‖ S): the student must cover everything that the teacher may say.
    case forward
    /// KL(S ‖ T): the student must say nothing that the teacher would not.
    case reverse
    /// Between the two, through a mixture of both.
    case jensenShannon(beta: Double)
  }

  /// What is measured.
  public let kind: Kind
  /// τ, by which both models' logits are divided.
  public let temperature: Double
  /// Whether a Jensen–Shannon divergence is divided by β (1 − β).
  ///
  /// Undivided it tends to 0 at both ends, although its direction tends to that of the forward and
  /// of the reverse divergence; divided it tends to those two themselves.
  public let isScaled: Bool

  /// Describes a divergence.
  public init(_ kind: Kind, temperature: Double = 1, isScaled: Bool = false) {
    insist(
      temperature > 0 && temperature.isFinite,
      "Divergence: the temperature \(temperature) must be a positive number")
    if case .jensenShannon(let beta) = kind {
      insist(
        beta > 0 && beta < 1,
        "Divergence: β is \(beta); at 0 and at 1 the mixture is one of the two, so use forward "
          + "or reverse")
    }
    self.kind = kind
    self.temperature = temperature
    self.isScaled = isScaled
  }

  /// −log S(y).
  public static let sequence = Divergence(.sequence)
  /// KL(T ‖ S).
  public static let forward = Divergence(.forward)
  /// KL(S ‖ T).
  public static let reverse = Divergence(.reverse)

  /// β KL(T ‖ M) + (1 − β) KL(S ‖ M).
  public static func jensenShannon(
    _ beta: Double = 0.5, isScaled: Bool = false
  ) -> Divergence {
    Divergence(.jensenShannon(beta: beta), isScaled: isScaled)
  }

  /// Whether the teacher's distribution is needed, and not its text alone.
  public var needsTeacher: Bool { kind != .sequence }

  /// What the kernel's divergence is multiplied by: τ², and 1 / (β (1 − β)) if wanted.
  var scale: Double {
    guard case .jensenShannon(let beta) = kind, isScaled else {
      return temperature * temperature
    }
    return temperature * temperature / (beta * (1 - beta))
  }
}
