import Attention
import Checkpoints
import Foundation
import Tensors

/// The critic of a run by PPO: it begins with expecting nothing, and learns from every response.
///
/// It has one weight for each channel of a hidden row, and all start at zero, so its rate is larger
/// than the policy's.
struct LearningCritic: Sendable {
  /// The rate of its optimizer, which does not fall.
  static let rate: Float = 3e-3

  /// The file of its weights and of its optimizer.
  static let file = "critic.safetensors"

  let critic: Critic
  private let method: ProximalPolicy
  private var optimizer: AdamW

  /// Creates a critic that reads hidden rows of some width.
  init(width: Int, _ method: ProximalPolicy) {
    self.method = method
    critic = Critic(width: width)
    optimizer = AdamW(
      critic.namedParameters, rate: Self.rate, decay: 0, beta1: 0.9, beta2: 0.95)
  }

  /// The gradient of PPO, for the policy and for the critic.
  func gradient(
    of policy: LanguageModel, on groups: [ResponseGroup], values: [[[Float]]]
  ) -> PolicyGradient {
    policy.policyGradient(of: method, critic: critic, on: groups, values: values)
  }

  /// Moves the critic's weights; those of the policy have an optimizer of their own.
  mutating func step(_ gradients: Gradients) { optimizer.step(gradients) }
}

extension LearningCritic {
  /// Writes weights and optimizer into a folder.
  func write(into folder: URL) throws {
    let weights = critic.namedParameters.map { NamedTensor($0.name, $0.parameter.value) }
    try SafetensorsFile.write(
      weights + optimizer.state.map { NamedTensor($0.name, $0.tensor) },
      to: folder.appending(path: Self.file))
  }

  /// Takes back what `write` gave.
  mutating func restore(_ saved: [String: Tensor], from folder: URL) throws {
    var rest = saved
    for (name, parameter) in critic.namedParameters {
      guard let value = rest.removeValue(forKey: name), value.shape == parameter.shape else {
        throw TrainingError.cannotResume(
          file: folder.appending(path: Self.file).path,
          rule: "it lacks the weight \(name) in the shape \(parameter.shape)")
      }
      parameter.value = value
    }
    try optimizer.restore(rest)
  }
}
