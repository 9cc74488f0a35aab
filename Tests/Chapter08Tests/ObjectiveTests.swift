import Attention
import Checkpoints
import Foundation
import RL
import Tensors
import TestSupport
import Testing

@Suite struct `A policy gradient` {
  private let model = DecoderConfiguration.dense.policy()

  private static let objectives: [Objective] = [
    .grpo, .deepSeekR1AsPrinted, .drGRPO(budget: 12), .dapo, .reinforce,
    .reinforceWithBaseline, .rft,
  ]

  /// Groups of another policy, so that no ratio is one, with a reference that differs as well.
  private func groups(for objective: Objective) -> [ResponseGroup] {
    let sampler = DecoderConfiguration.dense.policy()
    sampler.shake(by: 0.01)
    let reference = Reference(of: sampler, in: DecoderConfiguration.dense.policy(seed: 9))
    sampler.shake(by: 0.01)
    return reference.scored(sampledGroups(sampler), for: objective)
  }

  @Test(arguments: objectives) func `is the sum over tokens of weight, coefficient and slope`(
    _ objective: Objective
  ) {
    let groups = groups(for: objective)
    let update = model.policyGradient(of: objective, on: groups)
    let head = model.headWeight
    let place = 7
    let expected = difference(at: place, of: head, by: 2e-2) {
      model.policyGradient(of: objective, on: groups).loss
    }
    let found = Double(update.gradients[head]?.scalars[place] ?? 0)
    let scale = update.gradients.all(of: model).map { abs($0) }.max() ?? 0
    #expect(abs(found) > scale * 1e-3)
    #expect(abs(found - expected) < 0.02 * abs(found) + 2e-3 * scale)
  }

  private func difference(
    at place: Int, of parameter: Parameter, by step: Float, _ loss: () -> Double
  ) -> Double {
    let before = parameter.value
    func moved(_ amount: Float) -> Double {
      var scalars = before.scalars
      scalars[place] += amount
      parameter.value = Tensor(scalars, shape: before.shape)
      return loss()
    }
    defer { parameter.value = before }
    return (moved(step) - moved(-step)) / Double(2 * step)
  }

  @Test(arguments: objectives) func `does not depend on the order of responses and groups`(
    _ objective: Objective
  ) {
    let groups = groups(for: objective)
    let shuffled = groups.reversed().map { group in
      ResponseGroup(
        prompt: group.prompt, responses: group.responses.reversed(),
        rewards: group.rewards.reversed())
    }
    expectSame(
      model.policyGradient(of: objective, on: groups),
      model.policyGradient(of: objective, on: Array(shuffled)))
  }

  @Test(arguments: objectives, [1, 3, 16])
  func `does not depend on how groups are split`(_ objective: Objective, _ shards: Int) {
    let groups = groups(for: objective)
    expectSame(
      model.policyGradient(of: objective, on: groups),
      model.policyGradient(of: objective, on: groups, shards: shards))
  }

  private func expectSame(
    _ one: PolicyGradient, _ other: PolicyGradient,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let (found, expected) = (one.gradients.all(of: model), other.gradients.all(of: model))
    #expect(found.contains { $0 != 0 }, sourceLocation: sourceLocation)
    expectClose(
      found.map { Float($0) }, expected, .model, sourceLocation: sourceLocation)
    #expect(abs(one.loss - other.loss) < 1e-5, sourceLocation: sourceLocation)
    #expect(one.statistics.tokens == other.statistics.tokens, sourceLocation: sourceLocation)
    #expect(
      abs(one.statistics.entropy - other.statistics.entropy) < 1e-5,
      sourceLocation: sourceLocation)
  }

  // Trap 2: what stands behind the stop token has no part in anything.
  @Test(arguments: [0, 5]) func `does not depend on the padding`(_ padding: Int) {
    let texts = [([1, 2, 3], [4, 0]), ([4], [7, 8, 9, 2, 2, 0])]
    func gradient(_ rows: ResponseRows) -> (loss: Float, gradients: [Double]) {
      var tokens = PolicyTokens()
      for (index, text) in texts.enumerated() {
        tokens.append(
          Response(
            tokens: text.1, logProbabilities: text.1.map { _ in -2 }, isTruncated: false),
          advantage: index == 0 ? 1 : -1, weight: 0.1)
      }
      let tape = Tape()
      let (loss, _) = rows.hidden(of: model, on: tape)
        .policyLoss(head: tape[model.headWeight], of: tokens, .dapo)
      return (loss.value.scalar, tape.gradients(of: loss).all(of: model))
    }
    let plain = gradient(ResponseRows(texts))
    let padded = gradient(ResponseRows(texts, padding: padding, length: 21))
    #expect(abs(plain.loss - padded.loss) < 1e-6)
    expectClose(padded.gradients.map { Float($0) }, plain.gradients, .model)
  }

  @Test func `is exactly zero at the rows of the prompt and behind the response`() {
    let rows = ResponseRows([([1, 2, 3], [4, 5, 0]), ([4], [7, 8, 9, 2, 2, 0])])
    let tape = Tape()
    let hidden = tape.variable(.test(rows.sequences.rows, 3))
    var tokens = PolicyTokens()
    for text in [[4, 5, 0], [7, 8, 9, 2, 2, 0]] {
      tokens.append(
        Response(tokens: text, logProbabilities: text.map { _ in -2 }, isTruncated: false),
        advantage: 1, weight: 0.1)
    }
    let (loss, _) = hidden.gathered(at: rows.places)
      .policyLoss(head: tape.constant(.test(11, 3)), of: tokens, .reinforce)
    let gradient = tape.gradients(of: loss)[hidden]?.scalars ?? []
    // Six rows each. The first text has read two tokens before the row that predicts the first of
    // its response, and has one row of padding.
    let touched = (0..<12).map { row in gradient[row * 3..<row * 3 + 3].contains { $0 != 0 } }
    #expect(
      touched == [false, false, true, true, true, false] + Array(repeating: true, count: 6))
  }

  @Test func `is exactly zero where the weight is`() {
    let sampled = Chapter08.sampled(
      .grpo, ratios: [1, 1, 1, 1, 1, 1], toReference: [2, 2, 2, 2, 2, 2],
      advantages: [1, 1, -1, -1, -1, -1])
    var tokens = sampled.tokens
    tokens.weights = [0.5, 0.5, 0, 0, 0, 0]
    let tape = Tape()
    let x = tape.variable(sampled.hidden)
    let (loss, statistics) = x.policyLoss(head: tape.constant(sampled.head), of: tokens, .grpo)
    let gradient = tape.gradients(of: loss)[x]?.scalars ?? []
    #expect(gradient[..<6].contains { $0 != 0 })
    #expect(gradient[6...].allSatisfy { $0 == 0 })
    #expect(statistics.tokens == 2)
  }

  // Trap 4: the penalty of a dead group would go on pulling.
  @Test func `of dead groups is nothing, penalty and all`() {
    let groups = groups(for: .grpo).map {
      ResponseGroup(
        prompt: $0.prompt, responses: $0.responses,
        rewards: $0.rewards.map { _ in 1 })
    }
    let update = model.policyGradient(of: .grpo, on: groups)
    #expect(update.statistics.tokens == 0 && update.loss == 0)
    #expect(update.gradients.parameters.isEmpty)
    #expect(!groups.contains(where: Objective.grpo.isLive))
  }

  @Test(arguments: [DecoderConfiguration.dense, .mixture])
  func `has the same bits on any number of threads`(_ sizes: DecoderConfiguration) {
    let model = sizes.policy()
    let groups = sampledGroups(model, samples: 8)
    func run(_ threads: Int) -> PolicyGradient {
      Threads.with(threads) { model.policyGradient(of: .dapo, on: groups) }
    }
    let one = run(1)
    for threads in [2, 5] {
      let other = run(threads)
      #expect(other.gradients.all(of: model) == one.gradients.all(of: model))
      #expect(other.loss == one.loss && other.statistics == one.statistics)
    }
  }

  @Test func `of experts leaves the balance and the bias of the router alone`() {
    let model = DecoderConfiguration.mixture.policy()
    let groups = sampledGroups(model)
    let bias = model.namedParameters.filter { $0.name.hasSuffix("e_score_correction_bias") }
    #expect(!bias.isEmpty)
    let before = bias.map(\.parameter.value)
    let update = model.policyGradient(of: .dapo, on: groups)
    #expect(bias.map(\.parameter.value) == before)
    #expect(bias.allSatisfy { update.gradients[$0.parameter] == nil })
    // Groups that teach nothing leave no balance loss behind either.
    let dead = groups.map {
      ResponseGroup(
        prompt: $0.prompt, responses: $0.responses, rewards: $0.rewards.map { _ in 0 })
    }
    #expect(model.policyGradient(of: .reinforce, on: dead).gradients.parameters.isEmpty)
  }

  @Test func `on fresh samples is that of REINFORCE with the same advantages`() {
    let groups = sampledGroups(model)
    let clipped = Objective(
      advantage: .centred, weight: .sequenceSum, clip: Clip(low: 0.2, high: 0.28))
    let printed = Objective(
      advantage: .centred, weight: .sequenceSum, ratio: .sequence, clip: Clip(10))
    let plain = model.policyGradient(of: .reinforceWithBaseline, on: groups)
    for objective in [clipped, printed] {
      let update = model.policyGradient(of: objective, on: groups)
      expectClose(
        update.gradients.all(of: model).map { Float($0) }, plain.gradients.all(of: model),
        .model)
    }
  }

  @Test func `of accepted answers is that of learning them by heart`() {
    let group = sampledGroups(model)[0]
    let accepted = zip(group.responses, group.rewards).filter { $1 >= 0.5 }.map(\.0)
    #expect(accepted.count > 0 && accepted.count < 4)
    let update = model.policyGradient(of: .rft, on: [group])
    let tape = Tape()
    let losses = accepted.map { response in
      let rows = ResponseRows([(group.prompt, response.tokens)])
      return rows.hidden(of: model, on: tape)
        .crossEntropy(head: tape[model.headWeight], targets: rows.tokens)
    }
    let loss = losses.dropFirst().reduce(losses[0]) { $0 + $1 } * Float(0.25)
    #expect(abs(Double(loss.value.scalar) - update.loss) < 1e-5)
    expectClose(
      update.gradients.all(of: model).map { Float($0) },
      tape.gradients(of: loss).all(of: model), .model)
  }
}

extension Module {
  /// Moves every weight a little.
  func shake(by deviation: Float) {
    var generator = SplitMix64(seed: 77)
    for parameter in parameters {
      let noise = Tensor.normal(
        shape: parameter.shape, deviation: deviation, using: &generator)
      parameter.value = Tensor(
        zip(parameter.value.scalars, noise.scalars).map { $0 + $1 }, shape: parameter.shape)
    }
  }
}
