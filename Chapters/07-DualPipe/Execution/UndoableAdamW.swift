import Foundation
import Tensors

/// AdamW that can take its last step back, without a copy of the weights.
///
/// The step of chapter 1 can be solved for what was before it:
///
///     w ← (w + η m̂ / (√v̂ + ε)) / (1 − η λ)
///     m ← (m − (1 − β₁) g) / β₁,   v ← max(0, (v − (1 − β₂) g²) / β₂)
///
/// Only real numbers come back exactly; Float comes back up to a few roundings.
/// Paper: Zero bubble §4, appendix C.
public struct UndoableAdamW: Sendable {
  /// η, the learning rate.
  public let rate: Float
  /// λ, the decay of matrices.
  public let decay: Float
  /// β₁, how much of the mean gradient is kept.
  public let beta1: Float
  /// β₂, how much of the mean square is kept.
  public let beta2: Float
  /// ε, which keeps a weight without gradient where it is.
  public let epsilon: Float
  private var weights: [Weight]

  private struct Weight {
    let parameter: Parameter
    var steps = 0
    var first: [Float]
    var second: [Float]
  }

  /// Creates an optimizer for the weights of one stage.
  public init(
    _ parameters: [Parameter], rate: Float, decay: Float = 0.1, beta1: Float = 0.9,
    beta2: Float = 0.95, epsilon: Float = 1e-8
  ) {
    (self.rate, self.decay) = (rate, decay)
    (self.beta1, self.beta2, self.epsilon) = (beta1, beta2, epsilon)
    weights = parameters.map {
      let zeros = [Float](repeating: 0, count: $0.count)
      return Weight(parameter: $0, first: zeros, second: zeros)
    }
  }

  /// Moves every weight that has a gradient, by the gradient times a factor.
  public mutating func step(_ gradients: Gradients, scaledBy factor: Float = 1) {
    for index in weights.indices {
      guard let gradient = gradients[weights[index].parameter]?.scalars else { continue }
      weights[index].steps += 1
      change(index) { w, m, v, place, numbers in
        let g = gradient[place] * factor
        m = numbers.beta1 * m + (1 - numbers.beta1) * g
        v = numbers.beta2 * v + (1 - numbers.beta2) * g * g
        w = numbers.keep * w - numbers.move(m, v)
      }
    }
  }

  /// Takes back the last step, which must have had these gradients and no factor.
  public mutating func undo(_ gradients: Gradients) {
    for index in weights.indices {
      guard let gradient = gradients[weights[index].parameter]?.scalars else { continue }
      insist(weights[index].steps > 0, "UndoableAdamW: there is no step to take back")
      change(index) { w, m, v, place, numbers in
        let g = gradient[place]
        w = (w + numbers.move(m, v)) / numbers.keep
        m = (m - (1 - numbers.beta1) * g) / numbers.beta1
        v = max(0, (v - (1 - numbers.beta2) * g * g) / numbers.beta2)
      }
      weights[index].steps -= 1
    }
  }

  /// What all entries of a weight share in one step.
  private struct Numbers {
    let keep, rate, beta1, beta2, root, epsilon: Float

    func move(_ m: Float, _ v: Float) -> Float {
      rate * m / (v.squareRoot() * root + epsilon)
    }
  }

  private func numbers(_ weight: Weight) -> Numbers {
    let steps = Double(weight.steps)
    let corrections = (
      first: 1 - pow(Double(beta1), steps), second: 1 - pow(Double(beta2), steps)
    )
    let decays = weight.parameter.shape.count > 1
    return Numbers(
      keep: decays ? Float(1 - Double(rate) * Double(decay)) : 1,
      rate: Float(Double(rate) / corrections.first), beta1: beta1, beta2: beta2,
      root: Float(1 / corrections.second.squareRoot()), epsilon: epsilon)
  }

  /// Visits each entry of a weight with its two moments.
  private mutating func change(
    _ index: Int,
    _ body: (inout Float, inout Float, inout Float, _ place: Int, Numbers) -> Void
  ) {
    var weight = weights[index]
    let numbers = numbers(weight)
    weight.parameter.update { tensor in
      tensor.withMutableScalars { scalars in
        for place in scalars.indices {
          body(
            &scalars[place], &weight.first[place], &weight.second[place], place, numbers)
        }
      }
    }
    weights[index] = weight
  }
}
