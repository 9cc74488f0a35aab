import Attention
import Checkpoints
import Tensors

extension Coefficient {
  /// γ, by how much a step moves the selection bias of an expert.
  public static let biasSpeed = Coefficient("bias_speed", 0.001)
}

extension Schedule {
  /// DeepSeek-V3's course of γ: 0.001 for 14.3 of 14.8 trillion tokens, then 0 (§4.2).
  public static let biasSpeedOfV3 = Schedule(phases: [
    Phase(until: 14.3 / 14.8, at: 0.001), Phase(until: 1, at: 0),
  ])
}

extension Router {
  // snippet.bias-update
  /// Makes overloaded experts a little less likely to be chosen, and underloaded ones more.
  ///
  /// bᵢ ← bᵢ + γ sign(c̄ − cᵢ), with the loads c of the whole batch of a finished step. A load
  /// equal to the mean leaves its bias alone.
  /// - Paper: V3 §2.1.2.
  public func moveBias(by speed: Float, loads: [Int]) {
    let total = loads.reduce(0, +)
    bias?.update { bias in
      bias.withMutableScalars { bias in
        for (expert, load) in loads.enumerated() {
          bias[expert] += speed * Float((total - load * loads.count).signum())
        }
      }
    }
  }
  // snippet.end
}
