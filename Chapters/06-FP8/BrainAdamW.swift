import Tensors

/// AdamW that keeps its two moments in brain floating point: half the memory, the same formula.
///
/// The weights themselves stay in single precision: a step changes them by a thousandth, which is
/// less than half of brain floating point's last bit, 2⁻⁹. The moments can do with fewer bits
/// because each step mixes in a larger part of the new: 1 − β₁ = 0.1 and 1 − β₂ = 0.05. With
/// β₂ = 0.999, v would stop falling where 0.001 v no longer reaches half a bit.
///
/// Paper: DeepSeek-V3 §3.3.3.
public struct BrainAdamW: Optimizer {
  /// The rule without weights: rate, decay and betas.
  private let rule: AdamW
  private var weights: [Weight]

  fileprivate struct Weight {
    let name: String
    let parameter: Parameter
    let decays: Bool
    var steps = 0
    var first: BrainTensor
    var second: BrainTensor
  }

  /// Creates an optimizer that remembers nothing yet.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], rate: Float, decay: Float = 0.1,
    beta1: Float = 0.9, beta2: Float = 0.95, epsilon: Float = 1e-8
  ) {
    rule = AdamW(
      [], rate: rate, decay: decay, beta1: beta1, beta2: beta2, epsilon: epsilon)
    weights = withoutRepetition(parameters).map { name, parameter in
      let role = WeightRole(name: name, shape: parameter.shape)
      return Weight(
        name: name, parameter: parameter, decays: role == .matrix || role == .head,
        first: BrainTensor(shape: parameter.shape), second: BrainTensor(shape: parameter.shape))
    }
  }

  /// η, the learning rate at a factor of 1.
  public var rate: Float { rule.rate }

  /// The bytes of the moments.
  public var byteCount: Int {
    weights.reduce(0) { $0 + $1.first.byteCount + $1.second.byteCount }
  }

  /// Moves every weight that has a gradient.
  public mutating func step(_ gradients: Gradients, factor: Float = 1) {
    for index in weights.indices {
      guard let gradient = gradients[weights[index].parameter] else { continue }
      let constants = rule.constants(
        step: weights[index].steps + 1, factor: factor, decays: weights[index].decays)
      weights[index].move(along: gradient, constants)
    }
  }
}

extension BrainAdamW.Weight {
  /// Takes one step with the weight and with what is remembered of it.
  fileprivate mutating func move(
    along gradient: Tensor, _ constants: OptimizerKernel.AdamWStep
  ) {
    insist(
      gradient.shape == parameter.shape,
      "BrainAdamW: the gradient of \(name) is \(gradient.shape), the weight \(parameter.shape)")
    steps += 1
    parameter.update {
      BrainOptimizerKernel.adamW(&$0, &first, &second, gradient, constants)
    }
  }
}

extension BrainAdamW {
  /// For each weight "….first_moment" (m), "….second_moment" (v) and "….steps" (t), widened.
  public var state: [(name: String, tensor: Tensor)] {
    weights.flatMap { weight in
      [
        ("\(weight.name).first_moment", weight.first.tensor),
        ("\(weight.name).second_moment", weight.second.tensor),
        ("\(weight.name).steps", Tensor(Float(weight.steps))),
      ]
    }
  }

  /// Takes back what `state` gave; numbers that brain floating point has are not changed by it.
  public mutating func restore(_ saved: [String: Tensor]) throws(OptimizerStateError) {
    let tensors = try tensors(from: saved)
    var restored = weights
    for index in weights.indices {
      restored[index].first = BrainTensor(rounding: tensors[3 * index])
      restored[index].second = BrainTensor(rounding: tensors[3 * index + 1])
      restored[index].steps = try steps(
        tensors[3 * index + 2], name: "\(weights[index].name).steps")
    }
    weights = restored
  }
}
