import Attention
import Checkpoints
import Tensors

/// Sends each token to the few experts whose affinity is highest.
///
/// All of it is computed in single precision, also where products with weights are not: a rounded
/// affinity sends a token elsewhere.
/// Papers: DeepSeekMoE eq. 9–11; V2 eq. 20–22; V3 eq. 12–16.
public struct Router: Module {
  /// How it chooses.
  public let sizes: ExpertSizes
  /// A row e for each expert; the logit of a token x is e · x.
  public let weight: Parameter
  /// b, which steers the choice and nothing else; no gradient reaches it.
  public let bias: Parameter?

  /// Creates a router with normally distributed weights and, for V3, a bias of zero.
  public init(
    _ sizes: ExpertSizes, width: Int, deviation: Float,
    using generator: inout some RandomNumberGenerator
  ) {
    self.init(
      sizes,
      weight: Parameter(
        .normal(shape: [sizes.count, width], deviation: deviation, using: &generator)),
      bias: sizes.selection == .biased ? Parameter(Tensor(shape: [sizes.count])) : nil)
  }

  /// Creates a router from its weights.
  public init(_ sizes: ExpertSizes, weight: Parameter, bias: Parameter? = nil) {
    insist(sizes.fault == nil, "Router: \(sizes.fault ?? "")")
    self.sizes = sizes
    self.weight = weight
    self.bias = bias
  }

  /// The weights under their checkpoint names.
  public var parts: KeyValuePairs<String, any Part> {
    ["weight": weight, "e_score_correction_bias": bias]
  }

  /// What identifies this router among those of a model.
  public var identity: Parameter { bias ?? weight }

  // snippet.route
  /// Where each row goes, and with what weight.
  /// - Shape: [tokens, width] → [tokens, active]
  public func callAsFunction(_ x: Variable) -> Routing {
    let logits = x.matmul(x.tape[weight], transposing: .right)
    let affinities = sizes.affinities(logits)
    let experts = sizes.choice(affinities.value, bias: bias?.value)
    let weights = affinities.gateWeights(
      at: experts, normalized: sizes.normalizes, scale: Float(sizes.scale))
    return Routing(affinities: affinities, experts: experts, weights: weights)
  }
  // snippet.end
}

/// The decision of a router about the tokens of a pass.
public struct Routing {
  /// s, the affinity of each token to each expert: [tokens, experts].
  public let affinities: Variable
  /// The experts of each token, the best first, token by token.
  public let experts: [Int]
  /// g, by which the outputs of these experts are multiplied: [tokens, active].
  public let weights: Variable

  /// Joins the parts of a decision.
  public init(affinities: Variable, experts: [Int], weights: Variable) {
    self.affinities = affinities
    self.experts = experts
    self.weights = weights
  }
}
