import Attention
import Checkpoints
import Foundation
import MTP
import RL
import Tensors
import TestSupport
import Testing

@Suite struct `Responses` {
  static let models = [DecoderConfiguration.dense, .mixture]
  static let stops: Set<Int> = [0]

  // Trap 1, 2 and 3 in one assertion: a shifted row, a wrong mask or another temperature miss it.
  @Test(arguments: models, [1, 0.7, 1.4])
  func `have the probabilities that the whole text gives them`(
    _ sizes: DecoderConfiguration, _ temperature: Double
  ) {
    let model = sizes.policy()
    let groups = sampledGroups(model, temperature: temperature)
    let read = model.logProbabilities(of: groups, temperature: temperature)
    let errors = zip(groups, read).flatMap { group, lists in
      zip(group.responses, lists).flatMap { response, list in
        zip(response.logProbabilities, list).map { abs($0 - $1) }
      }
    }
    #expect(errors.count > 60)
    #expect((errors.max() ?? 1) < 1e-4)
    let otherwise = model.logProbabilities(of: groups, temperature: temperature + 0.1)
    #expect(abs(otherwise[0][0][0] - read[0][0][0]) > 1e-3)
  }

  // snippet.ratio
  @Test(arguments: models) func `have a ratio of one in the first update`(
    _ sizes: DecoderConfiguration
  ) {
    let model = sizes.policy()
    let update = model.policyGradient(of: .dapo, on: sampledGroups(model))
    #expect(update.statistics.tokens > 40)
    #expect(update.statistics.largestLogRatio < 1e-4)
    #expect(abs(update.statistics.ratio - 1) < 1e-4)
    #expect(update.statistics.clipShare == 0)
  }

  @Test func `a score that is shifted by one token is far from a ratio of one`() {
    let model = DecoderConfiguration.dense.policy()
    let groups = sampledGroups(model).map { group in
      ResponseGroup(
        prompt: Array(group.prompt), responses: group.responses.map(\.shifted),
        rewards: group.rewards)
    }
    let update = model.policyGradient(of: .dapo, on: groups)
    #expect(update.statistics.largestLogRatio > 0.1)
  }
  // snippet.end

  @Test(arguments: models) func `end with the stop token or are counted as truncated`(
    _ sizes: DecoderConfiguration
  ) {
    let rollout = Rollout(samples: 40, budget: 6, stops: Self.stops)
    let all = sizes.policy().responses(to: prompts, rollout, seed: 3).flatMap { $0 }
    #expect(all.count == 160)
    for response in all {
      let stop = response.tokens.firstIndex(of: 0)
      #expect(response.length <= 6 && response.length > 0)
      #expect(response.isTruncated == (stop == nil))
      #expect(response.isTruncated ? response.length == 6 : stop == response.length - 1)
      #expect(response.logProbabilities.count == response.length)
    }
    #expect(all.contains { $0.isTruncated } && all.contains { $0.length < 4 })
  }

  @Test(arguments: models) func `of the greedy kind are what generation writes`(
    _ sizes: DecoderConfiguration
  ) {
    let model = sizes.policy(seed: 4)
    let responses = model.responses(
      to: prompts, .greedy(budget: 10, stops: Self.stops), seed: 0)
    let written = model.generate(
      prompts, count: 10, sampling: .greedy, seed: 0, stops: Self.stops)
    #expect(responses.map { $0[0].tokens } == written)
  }

  @Test func `come as often as their probabilities say`() {
    let model = DecoderConfiguration.dense.policy()
    let rollout = Rollout(samples: 8000, budget: 1, stops: Self.stops, temperature: 1.5)
    let drawn = model.responses(to: [[2, 7]], rollout, seed: 11)[0]
    let logits = model.nextLogits([2, 7], cache: model.makeCache(sequences: 1))[0]
    let powers = logits.map { exp(Double($0) / 1.5) }
    let expected = powers.map { $0 / powers.reduce(0, +) }
    let distance = expected.indices.reduce(0.0) { sum, token in
      let share = Double(drawn.count { $0.tokens == [token] }) / 8000
      return sum + abs(share - expected[token]) / 2
    }
    #expect(distance < 0.02)
  }

  @Test(arguments: models) func `have the same bits on any number of threads`(
    _ sizes: DecoderConfiguration
  ) {
    let model = sizes.policy()
    let rollout = Rollout(samples: 24, budget: 8, stops: Self.stops)
    func run(_ threads: Int) -> [[Response]] {
      Threads.with(threads) { model.responses(to: prompts, rollout, seed: 1) }
    }
    let one = run(1)
    #expect(run(2) == one)
    #expect(run(5) == one)
    #expect(model.responses(to: prompts, rollout, seed: 2) != one)
  }

  @Test func `of a row do not depend on what other rows draw`() {
    let model = DecoderConfiguration.dense.policy()
    func tokens(_ samples: Int, _ prompts: [[Int]]) -> [[Int]] {
      let rollout = Rollout(samples: samples, budget: 8, stops: Self.stops)
      return model.responses(to: prompts, rollout, seed: 9)[0].map(\.tokens)
    }
    let few = tokens(4, [[1, 2, 3]])
    #expect(Array(tokens(50, prompts)[..<4]) == few)
    #expect(Set(few).count > 1)
  }

  @Test func `of copies of one prompt differ from each other`() {
    let model = DecoderConfiguration.dense.policy()
    let rollout = Rollout(samples: 3, budget: 8, stops: Self.stops)
    let all = model.responses(to: [[1, 2], [1, 2]], rollout, seed: 9)
    #expect(all[0] != all[1])
    #expect(all[0][0] != all[0][1])
  }

  @Test func `begin with a forced token and never with a forbidden one`() {
    let model = DecoderConfiguration.dense.policy()
    let free = Rollout(samples: 60, budget: 4, stops: Self.stops)
    var forced = free
    forced.firstToken = .forced(7)
    var forbidden = free
    forbidden.firstToken = .forbidden(7)
    func first(_ rollout: Rollout) -> [Response] {
      model.responses(to: [[1, 2, 3]], rollout, seed: 2)[0]
    }
    #expect(first(free).contains { $0.tokens[0] == 7 })
    #expect(first(free).contains { $0.tokens[0] != 7 })
    #expect(first(forced).allSatisfy { $0.tokens[0] == 7 })
    #expect(first(forbidden).allSatisfy { $0.tokens[0] != 7 })
    // What is recorded is the policy's own probability, so reading again agrees.
    for rollout in [forced, forbidden] {
      let group = ResponseGroup(
        prompt: [1, 2, 3], responses: first(rollout),
        rewards: [Double](repeating: 0, count: 60))
      let read = model.logProbabilities(of: [group])[0]
      for (response, list) in zip(group.responses, read) {
        #expect(zip(response.logProbabilities, list).allSatisfy { abs($0 - $1) < 1e-4 })
      }
    }
  }
}

extension Response {
  /// The same response with the log-probabilities of its neighbours, as in the commonest mistake.
  fileprivate var shifted: Response {
    Response(
      tokens: tokens,
      logProbabilities: Array(logProbabilities.dropFirst()) + [logProbabilities[0]],
      isTruncated: isTruncated)
  }
}
