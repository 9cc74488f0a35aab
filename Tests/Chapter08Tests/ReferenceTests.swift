import Attention
import Checkpoints
import RL
import Tensors
import TestSupport
import Testing

@Suite struct `A reference` {
  private let policy = DecoderConfiguration.mixture.policy()
  private let reference: Reference

  init() { reference = Reference(of: policy, in: DecoderConfiguration.mixture.policy(seed: 8)) }

  // Trap 6: a reference that shares its weights with the policy moves with it.
  @Test func `says the same bits after the policy has learnt`() {
    let groups = sampledGroups(policy)
    let before = reference.model.logProbabilities(of: groups)
    let own = policy.logProbabilities(of: groups)
    #expect(before == own)
    var optimizer = AdamW(policy.namedParameters, rate: 0.01)
    for _ in 0..<2 {
      optimizer.step(policy.policyGradient(of: .dapo, on: groups).gradients)
    }
    #expect(policy.logProbabilities(of: groups) != own)
    #expect(reference.model.logProbabilities(of: groups) == before)
  }

  @Test func `says what the policy says once it is refreshed`() {
    let groups = sampledGroups(policy)
    policy.shake(by: 0.01)
    #expect(
      reference.model.logProbabilities(of: groups) != policy.logProbabilities(of: groups))
    reference.refresh(from: policy)
    #expect(
      reference.model.logProbabilities(of: groups) == policy.logProbabilities(of: groups))
  }

  @Test func `is at no distance from a policy that has not moved`() {
    let groups = reference.scored(sampledGroups(policy), for: .grpo)
    let update = policy.policyGradient(of: .grpo, on: groups)
    #expect(update.statistics.tokens > 0)
    #expect(update.statistics.divergence >= 0 && update.statistics.divergence < 1e-8)
    policy.shake(by: 0.02)
    let moved = policy.policyGradient(of: .grpo, on: groups)
    #expect(moved.statistics.divergence > 1e-5)
  }

  @Test func `reads only the groups that teach something`() {
    var groups = sampledGroups(policy)
    groups[1] = ResponseGroup(
      prompt: groups[1].prompt, responses: groups[1].responses, rewards: [1, 1, 1, 1])
    let live = groups.map(Objective.grpo.isLive)
    #expect(live.contains(true) && !live[1])
    let scored = reference.scored(groups, for: .grpo)
    #expect(
      scored.map { $0.responses.map { $0.referenceLogProbabilities != nil } }
        == live.map { Array(repeating: $0, count: 4) })
    #expect(reference.scored(groups, for: .dapo) == groups)
  }

  @Test func `refuses a twin that shares its weights`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let policy = DecoderConfiguration.dense.policy()
      _ = Reference(of: policy, in: policy)
    }
    expectSaid(result, "shares weights with the policy")
  }
}
