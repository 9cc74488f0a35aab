import Attention
import Foundation
import MoE
import Tensors
import TestSupport
import Testing

/// The gradient checks of chapter 4.
enum Chapter04 {
  static let cases: [GradientCase] = weights + mixtures + balances
}

extension Chapter04 {
  @GradientCaseList private static var weights: [GradientCase] {
    gateWeights("normalised, then scaled", normalized: true)
    gateWeights("only scaled", normalized: false)
  }

  private static func gateWeights(_ note: String, normalized: Bool) -> GradientCase {
    let experts = [4, 0, 1, 3, 2, 0]
    return GradientCase("gateWeights", note, of: .positive(3, 5)) {
      $0[0].gateWeights(at: experts, normalized: normalized, scale: 2.5)
    } twin: { x in
      rows(x[0], of: 5).enumerated().flatMap { row, s in
        let chosen = experts[2 * row..<2 * row + 2].map { s[$0] }
        let sum = normalized ? chosen.reduce(0, +) : 1
        return chosen.map { 2.5 * $0 / sum }
      }
    }
  }

  @GradientCaseList private static var mixtures: [GradientCase] {
    mixture("one token, two experts", [1, 0], active: 2, of: 2, width: 3, hidden: 2)
    mixture("uneven loads", [0, 1, 0, 2, 0, 1, 0, 1], active: 2, of: 3, width: 5, hidden: 9)
    mixture(
      "a choice for each token", [1, 0, 0, 1, 1, 1, 0], active: 1, of: 2, width: 17, hidden: 4)
  }

  private static func mixture(
    _ note: String, _ choice: [Int], active: Int, of count: Int, width: Int, hidden: Int
  ) -> GradientCase {
    let tokens = choice.count / active
    let order = ExpertOrder(choice, of: count, active: active)
    let twin = MixtureTwin(width: width, hidden: hidden, active: active, choice: choice)
    var inputs: [Tensor] = [.test(tokens, width), .test(tokens, active, seed: 2)]
    for expert in 0..<UInt64(count) {
      inputs.append(.test(hidden, width, seed: 10 + expert) * 0.5)
      inputs.append(.test(hidden, width, seed: 20 + expert) * 0.5)
      inputs.append(.test(width, hidden, seed: 30 + expert) * 0.5)
    }
    return GradientCase("mixture", note, of: inputs) {
      MoE.mixture($0[0], $0[1], order, experts(of: $0.parameters))
    } twin: { x in
      twin(x[0], x[1], Array(x[2...]))
    }
  }

  private static func experts(of parameters: [Parameter]) -> [SwiGLUFeedForward] {
    stride(from: 2, to: parameters.count, by: 3).map {
      SwiGLUFeedForward(
        gate: Linear(weight: parameters[$0]), up: Linear(weight: parameters[$0 + 1]),
        down: Linear(weight: parameters[$0 + 2]))
    }
  }

  @GradientCaseList private static var balances: [GradientCase] {
    GradientCase("balance", "two runs of two rows", of: .positive(4, 5)) {
      $0[0].balance(slopes: slopes, length: 2)
    } twin: { x in
      let shares = rows(x[0], of: 5).map { row in row.map { $0 / row.reduce(0, +) } }
      let sums = shares.enumerated().map { row, shares in
        shares.indices.reduce(0.0) { $0 + Double(slopes[row / 2 * 5 + $1]) * shares[$1] }
      }
      return [sums.reduce(0, +) / 4]
    }
  }

  private static let slopes: [Float] = [2, 1.5, 0.5, 0, 1, 0.25, 3, 0, 1, 0.75]
}

@Suite struct `Every operation of the mixture` {
  @Test(arguments: Chapter04.cases)
  func `agrees with its twin in value and in gradient`(_ gradientCase: GradientCase) {
    gradientCase.check()
  }

  @Test func `has a gradient case`() throws {
    try expectCase(forEachOperationOf: 4, among: Chapter04.cases)
  }
}
