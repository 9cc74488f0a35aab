import Attention
import Tensors

/// What some groups of responses say about the weights of a policy.
public struct PolicyGradient: Sendable {
  /// The gradient of the loss.
  public var gradients = Gradients()
  /// −J.
  public var loss = 0.0
  /// What was seen on the way.
  public var statistics = PolicyStatistics()

  mutating func add(_ other: PolicyGradient) {
    gradients.add(other.gradients)
    loss += other.loss
    statistics.add(other.statistics)
  }
}

extension LanguageModel {
  /// The gradient of an objective on groups of responses.
  ///
  /// The responses are cut into a fixed number of shards, computed on all threads, and added in
  /// their order. What layers would add to a loss of training, such as the balance of experts,
  /// is left out, and nothing adapts: routing stays as it was while sampling.
  /// - Parameter shards: the parts; more of them need less memory.
  public func policyGradient(
    of objective: Objective, on groups: [ResponseGroup], shards: Int = 8
  ) -> PolicyGradient {
    let weights = objective.weights(of: groups)
    let advantages = groups.map(objective.advantages)
    return policyGradient(groups, shards: shards) { place in
      let pulls = advantages[place.group][place.index] != 0 || objective.penalty.weight > 0
      return pulls && weights[place.group][place.index] != 0
    } loss: { hidden, head, places in
      var tokens = PolicyTokens()
      for place in places {
        tokens.append(
          groups.response(place), advantage: advantages[place.group][place.index],
          weight: weights[place.group][place.index])
      }
      return hidden.policyLoss(head: head, of: tokens, objective)
    }
  }

  /// Reads the wanted responses by shards, and adds the gradients of a loss of their hidden
  /// rows.
  func policyGradient(
    _ groups: [ResponseGroup], shards count: Int, where isWanted: (ResponsePlace) -> Bool,
    loss:
      @Sendable (Variable, Variable, [ResponsePlace]) -> (
        loss: Variable, statistics: PolicyStatistics
      )
  ) -> PolicyGradient {
    let shards = ResponsePlace.shards(of: groups, count: count, where: isWanted)
    let parts = Threads.map(shards.count) { shard in
      let tape = Tape()
      let hidden = groups.rows(shards[shard]).hidden(of: self, on: tape)
      let (loss, statistics) = loss(hidden, tape[headWeight], shards[shard])
      return PolicyGradient(
        gradients: tape.gradients(of: loss), loss: Double(loss.value.scalar),
        statistics: statistics)
    }
    var sum = PolicyGradient()
    for part in parts { sum.add(part) }
    return sum
  }
}
