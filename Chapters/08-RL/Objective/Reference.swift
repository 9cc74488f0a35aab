import Attention
import Tensors

extension Module {
  /// Takes over the weights of another module of the same parts.
  ///
  /// Tensors are values: what happens to the other's weights later does not reach these.
  public func copyWeights(from other: some Module) {
    let (own, theirs) = (namedParameters, other.namedParameters)
    insist(
      own.map(\.name) == theirs.map(\.name), "copyWeights: the two modules have unlike parts")
    for (mine, other) in zip(own, theirs) { mine.parameter.value = other.parameter.value }
  }
}

/// π_ref: a policy as it once was, from which the present one is kept near.
public struct Reference: Sendable {
  /// The frozen model.
  public let model: LanguageModel

  /// Freezes a policy.
  /// - Parameter twin: a model of the same sizes, whose weights are overwritten.
  public init(of policy: LanguageModel, in twin: LanguageModel) {
    let own = Set(twin.parameters.map(ObjectIdentifier.init))
    insist(
      policy.parameters.allSatisfy { !own.contains(ObjectIdentifier($0)) },
      "Reference: the twin shares weights with the policy, and would move with it")
    model = twin
    refresh(from: policy)
  }

  /// Freezes the policy anew: R1-Zero did so every 400 updates.
  public func refresh(from policy: LanguageModel) { model.copyWeights(from: policy) }

  /// The groups with log π_ref of their tokens, as far as an objective asks for it.
  public func scored(_ groups: [ResponseGroup], for objective: Objective) -> [ResponseGroup] {
    guard objective.penalty.weight > 0 else { return groups }
    let numbers = model.logProbabilities(of: groups, temperature: objective.temperature) {
      objective.isLive($0)
    }
    var scored = groups
    for (group, lists) in numbers.enumerated() where objective.isLive(groups[group]) {
      for (index, list) in lists.enumerated() {
        scored[group].responses[index].referenceLogProbabilities = list
      }
    }
    return scored
  }

  /// The mean of k3 over the tokens of some groups: how far their policy has gone from this one.
  ///
  /// eᵈ − d − 1 with d = log π_ref − log π_old; |d| counts as 20 at most.
  package func divergence(of groups: [ResponseGroup], temperature: Double = 1) -> Double {
    let k3 = Penalty(.k3, weight: 1, clamp: 20)
    let numbers = model.logProbabilities(of: groups, temperature: temperature)
    var (sum, count) = (0.0, 0)
    for (group, lists) in zip(groups, numbers) {
      for (response, list) in zip(group.responses, lists) {
        for (old, reference) in zip(response.logProbabilities, list) {
          sum += k3(Double(reference) - Double(old)).value
          count += 1
        }
      }
    }
    return sum / Double(max(count, 1))
  }
}
