import Foundation

/// Adam with decoupled weight decay: each weight moves by its own mean gradient, measured in units
/// of its own typical gradient.
///
///     m ← β₁ m + (1 − β₁) g                      the mean of the gradient
///     v ← β₂ v + (1 − β₂) g²                     the mean of its square
///     w ← (1 − η λ) w − η m̂ / (√v̂ + ε)          m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
///
/// m and v start at zero, and the two denominators undo that start. Only matrices decay: shrinking
/// the scale of a norm or the row of a rare token serves nobody.
///
/// Paper: Kingma and Ba 2015; Loshchilov and Hutter 2019. β and λ: DeepSeek-V3 §4.2, which does not
/// give ε.
public struct AdamW: Optimizer {
  /// η, the learning rate at a factor of 1.
  public let rate: Float
  /// λ, the share of a matrix that a step with η = 1 would take away.
  public let decay: Float
  /// β₁, how much of the mean gradient is kept.
  public let beta1: Float
  /// β₂, how much of the mean square is kept.
  public let beta2: Float
  /// ε, which keeps a weight without gradient where it is.
  public let epsilon: Float
  private var weights: [Weight]

  /// A weight and what is remembered of its gradients.
  fileprivate struct Weight {
    let name: String
    let parameter: Parameter
    let decays: Bool
    var steps = 0
    var first: Tensor
    var second: Tensor
  }

  /// Creates an optimizer that remembers nothing yet.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], rate: Float, decay: Float = 0.1,
    beta1: Float = 0.9, beta2: Float = 0.95, epsilon: Float = 1e-8
  ) {
    self.rate = rate
    self.decay = decay
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    weights = withoutRepetition(parameters).map { name, parameter in
      let role = WeightRole(name: name, shape: parameter.shape)
      return Weight(
        name: name, parameter: parameter, decays: role == .matrix || role == .head,
        first: Tensor(shape: parameter.shape), second: Tensor(shape: parameter.shape))
    }
  }

  /// Moves every weight that has a gradient.
  public mutating func step(_ gradients: Gradients, factor: Float = 1) {
    for index in weights.indices {
      guard let gradient = gradients[weights[index].parameter] else { continue }
      let constants = constants(
        step: weights[index].steps + 1, factor: factor, decays: weights[index].decays)
      weights[index].move(along: gradient, constants)
    }
  }

  /// The numbers that all entries of one tensor share in one step.
  ///
  /// The steps are counted for each weight: an expert that sat out a hundred steps starts afresh.
  package func constants(
    step: Int, factor: Float, decays: Bool
  ) -> OptimizerKernel.AdamWStep {
    let rate = rate * factor
    let firstCorrection = 1 - pow(Double(beta1), Double(step))
    let secondCorrection = 1 - pow(Double(beta2), Double(step))
    return OptimizerKernel.AdamWStep(
      keep: decays ? Float(1 - Double(rate) * Double(decay)) : 1,
      rate: Float(Double(rate) / firstCorrection),
      beta1: beta1, beta2: beta2,
      root: Float(1 / secondCorrection.squareRoot()), epsilon: epsilon)
  }
}

extension AdamW.Weight {
  /// Takes one step with the weight and with what is remembered of it.
  fileprivate mutating func move(
    along gradient: Tensor, _ constants: OptimizerKernel.AdamWStep
  ) {
    insist(
      gradient.shape == parameter.shape,
      "AdamW: the gradient of \(name) is \(gradient.shape), the weight \(parameter.shape)")
    steps += 1
    parameter.update { OptimizerKernel.adamW(&$0, &first, &second, gradient, constants) }
  }
}

extension AdamW {
  /// For each weight "….first_moment" (m), "….second_moment" (v) and "….steps" (t).
  public var state: [(name: String, tensor: Tensor)] {
    weights.flatMap { weight in
      [
        ("\(weight.name).first_moment", weight.first),
        ("\(weight.name).second_moment", weight.second),
        ("\(weight.name).steps", Tensor(Float(weight.steps))),
      ]
    }
  }

  /// Takes back what `state` gave.
  public mutating func restore(_ saved: [String: Tensor]) throws(OptimizerStateError) {
    let tensors = try tensors(from: saved)
    var restored = weights
    for index in weights.indices {
      restored[index].first = tensors[3 * index]
      restored[index].second = tensors[3 * index + 1]
      restored[index].steps = try steps(
        tensors[3 * index + 2], name: "\(weights[index].name).steps")
    }
    weights = restored
  }
}
