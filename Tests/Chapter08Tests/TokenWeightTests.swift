import RL
import Tensors
import TestSupport
import Testing

@Suite struct `Token weights` {
  private let pair = ResponseGroup(lengths: [2, 8], rewards: [1, 0])

  /// The rows of the table: for each rule, one over the weight of a token of each response.
  struct Row: Sendable {
    let weight: TokenWeight
    /// For one group with responses of two and eight tokens, and a budget of 16.
    let alone: [Double]
    /// The same, and beside it a group with two responses of two tokens.
    let beside: [[Double]]
  }

  static let table: [Row] = [
    Row(weight: .sequenceMean, alone: [4, 16], beside: [[8, 32], [8, 8]]),
    Row(weight: .sequenceSum, alone: [2, 2], beside: [[4, 4], [4, 4]]),
    Row(weight: .groupTokens, alone: [10, 10], beside: [[20, 20], [8, 8]]),
    Row(weight: .batchTokens, alone: [10, 10], beside: [[14, 14], [14, 14]]),
    Row(weight: .constant(16), alone: [32, 32], beside: [[64, 64], [64, 64]]),
  ]

  @Test(arguments: table) func `are those worked by hand`(_ row: Row) {
    let other = ResponseGroup(lengths: [2, 2], rewards: [1, 0])
    #expect(row.weight.weights(of: [pair]) == [row.alone.map { 1 / $0 }])
    #expect(row.weight.weights(of: [pair, other]) == row.beside.map { $0.map { 1 / $0 } })
  }

  @Test func `of the presets are the ones of their papers`() {
    #expect(Objective.grpo.weight == .sequenceMean)
    #expect(Objective.deepSeekR1AsPrinted.weight == .sequenceSum)
    #expect(Objective.dapo.weight == .groupTokens)
    #expect(Objective.drGRPO(budget: 16).weights(of: [pair]) == [[0.03125, 0.03125]])
    #expect(Objective.drGRPO(budget: 16).advantages(of: pair) == [0.5, -0.5])
    #expect(Objective.rft.weights(of: [pair]) == [[0.25, 0.0625]])
  }

  // Trap 5: a short right answer is pushed four times as hard for each token as a long one.
  @Test func `favour short right answers unless they are constant`() {
    let mean = TokenWeight.sequenceMean.weights(of: [pair])[0]
    let constant = TokenWeight.constant(16).weights(of: [pair])[0]
    #expect(mean[0] / mean[1] == 4)
    #expect(constant[0] / constant[1] == 1)
  }

  // Trap 4: a mean over live tokens alone would double the step when half of the groups are dead.
  @Test(arguments: [TokenWeight.sequenceMean, .groupTokens, .batchTokens, .constant(16)])
  func `of live groups do not grow when others are dead`(_ weight: TokenWeight) {
    let objective = Objective(advantage: .centred, weight: weight)
    let alive = ResponseGroup(lengths: [2, 8], rewards: [0, 1])
    let dead = ResponseGroup(lengths: [2, 8], rewards: [1, 1])
    let both = objective.weights(of: [pair, alive])
    let one = objective.weights(of: [pair, dead])
    #expect(one[0] == both[0])
    #expect(one[1] == [0, 0])
    #expect(objective.isLive(alive) && !objective.isLive(dead))
  }

  @Test func `of truncated responses are zero where they are left out`() {
    let group = ResponseGroup(lengths: [2, 8], rewards: [1, 0], truncated: [1])
    #expect(Objective.dapo.weights(of: [group]) == [[0.1, 0]])
    var objective = Objective.dapo
    objective.leavesOutTruncated = false
    #expect(objective.weights(of: [group]) == [[0.1, 0.1]])
  }
}
