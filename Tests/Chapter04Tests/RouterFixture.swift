import Attention
import Checkpoints
import MoE
import Tensors
import TestSupport
import Testing

extension ExpertSizes {
  /// Eight experts in four groups of two, of which two of each are active.
  static func worked(_ selection: Selection) -> ExpertSizes {
    let isV3 = selection == .biased
    return ExpertSizes(
      count: 8, active: 2, shared: 1, width: 4, groups: 4, activeGroups: 2,
      scoring: isV3 ? .sigmoid : .softmax, selection: selection, normalizes: isV3,
      scale: isV3 ? 2.5 : 16)
  }
}

extension Router {
  /// A router whose weight is the identity, so that a row is its own logits.
  static func identity(_ sizes: ExpertSizes, bias: [Float]? = nil) -> Router {
    let n = sizes.count
    let rows = (0..<n * n).map { Float($0 / n == $0 % n ? 1 : 0) }
    return Router(
      sizes, weight: Parameter(Tensor(rows, shape: [n, n])),
      bias: bias.map { Parameter(Tensor($0, shape: [n])) })
  }

  /// The decision about logits, one row a token.
  func route(_ logits: [Float]) -> (experts: [Int], weights: [Float]) {
    let rows = Tensor(logits, shape: [logits.count / sizes.count, sizes.count])
    let routing = self(Tape(recording: false).constant(rows))
    return (routing.experts, routing.weights.value.scalars)
  }
}

/// What a kind of router has, for tests that run through all of them.
struct RouterCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let sizes: ExpertSizes

  static let all: [RouterCase] = [
    RouterCase(
      testDescription: "DeepSeekMoE, greedy",
      sizes: ExpertSizes(count: 8, active: 3, shared: 1, width: 4)),
    RouterCase(
      testDescription: "V2, groups by their best",
      sizes: ExpertSizes(
        count: 12, active: 3, shared: 2, width: 4, groups: 4, activeGroups: 2,
        selection: .groupLimitedGreedy, scale: 16)),
    RouterCase(
      testDescription: "V3, groups by their two best",
      sizes: ExpertSizes(
        count: 16, active: 4, shared: 1, width: 4, groups: 4, activeGroups: 2,
        scoring: .sigmoid, selection: .biased, normalizes: true, scale: 2.5)),
    RouterCase(
      testDescription: "V3 without groups",
      sizes: ExpertSizes(
        count: 6, active: 2, shared: 0, width: 4, scoring: .sigmoid, selection: .biased,
        normalizes: true, scale: 1)),
  ]
}
