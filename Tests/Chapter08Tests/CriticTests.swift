import Attention
import Checkpoints
import Foundation
import RL
import Tensors
import TestSupport
import Testing

@Suite struct `A critic` {
  @Test func `with full traces leaves what the reward exceeds its expectation by`() {
    let values = [0.2, 0.9, -0.4, 0.6]
    let found = GeneralizedAdvantage()(rewards: [0, 0, 0, 1], values: values)
    expectClose(found.map { Float($0) }, values.map { 1 - $0 })
  }

  @Test func `tells which token was the good one`() {
    // Guesses of .2, .5 and .9 before the three tokens of a right answer.
    let found = GeneralizedAdvantage(discount: 1, trace: 0.95)(
      rewards: [0, 0, 1], values: [0.2, 0.5, 0.9])
    expectClose(found.map { Float($0) }, [0.77025, 0.495, 0.1])
  }

  @Test(arguments: [(2, 0.95, 0.475), (22, 0.95, 0.5 * 0.3406), (22, 1, 0.5)])
  func `that knows nothing on the way lets a first token hear less of a distant reward`(
    _ length: Int, _ trace: Double, _ heard: Double
  ) {
    var rewards = [Double](repeating: 0, count: length)
    rewards[length - 1] = 1
    let found = GeneralizedAdvantage(discount: 1, trace: trace)(
      rewards: rewards, values: [Double](repeating: 0.5, count: length))
    #expect(abs(found[0] - heard) < 1e-4)
    #expect(abs(found[length - 1] - 0.5) < 1e-12, "the last token hears all of it")
  }

  @Test func `without traces believes its next expectation`() {
    let found = GeneralizedAdvantage(discount: 0.5, trace: 0)(
      rewards: [0, 0.25, 1], values: [0.5, 1, 0.75])
    #expect(found == [0, -0.375, 0.25])
  }

  @Test func `sums discounted surprises`() {
    let (rewards, values) = ([0.3, -0.2, 0, 1], [0.1, 0.4, -0.3, 0.8])
    let (discount, trace) = (0.9, 0.7)
    let surprises = rewards.indices.map { t in
      rewards[t] + discount * (t < 3 ? values[t + 1] : 0) - values[t]
    }
    let expected = rewards.indices.map { t in
      (t..<4).reduce(0.0) { $0 + pow(discount * trace, Double($1 - t)) * surprises[$1] }
    }
    let found = GeneralizedAdvantage(discount: discount, trace: trace)(
      rewards: rewards, values: values)
    expectClose(found.map { Float($0) }, expected)
  }

  // Trap 7: a penalty belongs into the reward or into the loss, never into both.
  @Test func `is charged for departing token by token`() {
    let response = Response(
      tokens: [3, 1, 0], logProbabilities: [-1, -0.5, -2], isTruncated: false,
      referenceLogProbabilities: [-2, -0.5, -1])
    let method = ProximalPolicy(charge: 0.1)
    expectClose(
      method.rewards(of: response, reward: 1).map { Float($0) }, [-0.1, 0, 1.1])
    #expect(method.policy.penalty.weight == 0)
    #expect(ProximalPolicy().rewards(of: response, reward: 1) == [0, 0, 1])
  }

  private let model = DecoderConfiguration.dense.policy()

  @Test func `that expects the group's mean makes PPO the same step as a group`() {
    let groups = sampledGroups(model)
    let values = groups.map { group in
      let mean = Float(group.rewards.reduce(0, +) / 4)
      return group.responses.map { [Float](repeating: mean, count: $0.length) }
    }
    let method = ProximalPolicy(
      advantage: GeneralizedAdvantage(), valueWeight: 0)
    let ppo = model.policyGradient(
      of: method, critic: Critic(width: 16), on: groups, values: values)
    let centred = Objective(advantage: .centred, weight: .batchTokens, clip: Clip(0.2))
    let grouped = model.policyGradient(of: centred, on: groups)
    expectClose(
      ppo.gradients.all(of: model).map { Float($0) }, grouped.gradients.all(of: model), .model)
  }

  @Test(arguments: [false, true]) func `learns what the rewards are`(_ movesPolicy: Bool) {
    let critic = Critic(width: 16)
    let groups = sampledGroups(model).map {
      ResponseGroup(
        prompt: $0.prompt, responses: $0.responses, rewards: $0.rewards.map { _ in 0.8 })
    }
    let method = ProximalPolicy(
      advantage: GeneralizedAdvantage(), valueWeight: 1, valueClip: nil,
      criticMovesPolicy: movesPolicy)
    for _ in 0..<300 {
      let values = critic.values(of: groups, under: model)
      let update = model.policyGradient(of: method, critic: critic, on: groups, values: values)
      for parameter in critic.parameters {
        guard let gradient = update.gradients[parameter] else { continue }
        parameter.value = Tensor(
          zip(parameter.value.scalars, gradient.scalars).map { $0 - 0.05 * $1 },
          shape: parameter.shape)
      }
    }
    let values = critic.values(of: groups, under: model).flatMap { $0 }.flatMap { $0 }
    #expect(values.count > 40)
    let square = values.reduce(0) { $0 + ($1 - 0.8) * ($1 - 0.8) } / Float(values.count)
    #expect(square < 0.01)
  }

  @Test func `moves the model under it only when told to`() {
    let groups = sampledGroups(model)
    let critic = Critic(width: 16)
    critic.shake(by: 0.3)
    let values = critic.values(of: groups, under: model)
    var method = ProximalPolicy(valueWeight: 5, valueClip: nil)
    func gradient() -> [Double] {
      model.policyGradient(of: method, critic: critic, on: groups, values: values)
        .gradients.all(of: model)
    }
    let apart = gradient()
    method.valueWeight = 0
    expectClose(gradient().map { Float($0) }, apart, .model)
    method.valueWeight = 5
    method.criticMovesPolicy = true
    let together = gradient()
    let moved = zip(apart, together).map { abs($0 - $1) }.max() ?? 0
    #expect(moved > 1e-3)
  }

  @Test func `reads each value from the row that predicts the token`() {
    let critic = Critic(width: 16)
    critic.shake(by: 0.3)
    let group = sampledGroups(model)[0]
    let values = critic.values(of: [group], under: model)[0][1]
    let response = group.responses[1]
    // After the prompt and one token the next is predicted: the value of that state alone.
    let text = group.prompt + response.tokens.prefix(1)
    let pass = Pass(Sequences(count: 1, length: text.count), on: Tape(recording: false))
    let hidden = model.hidden(text, in: pass)
    let last = critic(hidden).value.scalars[text.count - 1]
    #expect(response.length > 1)
    #expect(abs(values[1] - last) < 1e-5)
  }
}
