import Attention
import Checkpoints
import Foundation
import MoE
import Tensors
import TestSupport
import Testing

extension Tolerance {
  static let sixDigits = Tolerance(2e-6, "six digits are written out")
}

@Suite struct `A router` {
  static let logits: [Float] = [2, -1, 0.5, 0.4, 1.5, -3, 0, 0.1]
  static let bias: [Float] = [-0.3, 0, 0.1, 0.2, 0, 0, 0.05, 0.3]

  // snippet.claims
  @Test func `chooses by the sum of affinity and bias, and weighs by affinity alone`() {
    let router = Router.identity(.worked(.biased), bias: Self.bias)
    let (experts, weights) = router.route(Self.logits)
    #expect(experts == [7, 3], "groups 1 and 3 win; expert 0, the best of all, does not")
    expectClose(weights, [1.168005, 1.331995], .sixDigits, "did the bias leak?")
  }

  @Test func `bias steers selection but never a gate weight`() {
    var sizes = ExpertSizes.worked(.biased)
    (sizes.groups, sizes.activeGroups, sizes.active) = (1, 1, 8)
    let plain = Router.identity(sizes).route(Self.logits)
    let steered = Router.identity(sizes, bias: Self.bias).route(Self.logits)
    #expect(plain.experts != steered.experts, "another order")
    for (expert, weight) in zip(steered.experts, steered.weights) {
      let place = plain.experts.firstIndex(of: expert)
      #expect(place.map { plain.weights[$0] } == weight, "the weight of expert \(expert)")
    }
  }

  @Test func `a group that lost cannot win back, even when every kept score is negative`() {
    let bias = [Float](repeating: -2, count: 8)
    let (experts, _) = Router.identity(.worked(.biased), bias: bias).route(Self.logits)
    #expect(experts == [0, 2], "a mask of 0 would choose from groups 2 and 3")
  }

  @Test func `the scaling factor applies with and without normalisation`() {
    var sizes = ExpertSizes.worked(.biased)
    let normalized = Router.identity(sizes, bias: Self.bias).route(Self.logits).weights
    expectClose(normalized[0] + normalized[1], 2.5, .rounding, "the weights sum to the factor")
    sizes.normalizes = false
    let plain = Router.identity(sizes, bias: Self.bias).route(Self.logits).weights
    expectClose(plain, [2.5 * 0.524979, 2.5 * 0.598688], .sixDigits)
  }
  // snippet.end

  @Test func `of V2 takes the groups with the best expert, and normalises nothing`() {
    let (experts, weights) = Router.identity(.worked(.groupLimitedGreedy)).route(Self.logits)
    #expect(experts == [0, 4])
    expectClose(weights, [6.742559, 4.089569], .sixDigits)
  }

  @Test func `prefers the lower number among equals`() {
    for selection in [ExpertSizes.Selection.greedy, .groupLimitedGreedy, .biased] {
      let router = Router.identity(.worked(selection))
      #expect(router.route([Float](repeating: 0.5, count: 8)).experts == [0, 1])
      #expect(router.route([0, 1, 1, 0, 1, 1, 0, 0]).experts.first == 1)
    }
  }

  @Test(arguments: RouterCase.all)
  func `agrees with the rules in Double`(_ kind: RouterCase) {
    let sizes = kind.sizes
    let twin = RouterTwin(sizes: sizes)
    let logits = Tensor.test(50, sizes.count)
    let bias = Tensor.test(sizes.count, seed: 2).scalars.map { $0 * 0.2 }
    let usesBias = sizes.selection == .biased
    let found = Router.identity(sizes, bias: usesBias ? bias : nil).route(logits.scalars)
    var (experts, weights): ([Int], [Double]) = ([], [])
    for row in rows(logits.doubles, of: sizes.count) {
      let affinities = twin.affinities(row)
      let chosen = twin.choice(affinities, bias: bias.map { usesBias ? Double($0) : 0 })
      experts += chosen
      weights += twin.weights(affinities, chosen)
    }
    #expect(found.experts == experts)
    expectClose(found.weights, weights, .rounding)
  }

  @Test(arguments: RouterCase.all)
  func `knows experts by their logits and not by their names`(_ kind: RouterCase) {
    let sizes = kind.sizes
    let logits = Tensor.test(20, sizes.count).scalars
    // Whole groups change places, and experts within them.
    let size = sizes.count / sizes.groups
    let order = (0..<sizes.count).map {
      (sizes.groups - 1 - $0 / size) * size + ($0 % size + 1) % size
    }
    let moved = (0..<20).flatMap { row in order.map { logits[row * sizes.count + $0] } }
    let (plain, other) = (
      Router.identity(sizes).route(logits), Router.identity(sizes).route(moved)
    )
    #expect(other.experts.map { order[$0] } == plain.experts)
    expectClose(other.weights, plain.weights.map { Double($0) }, .rounding)
  }

  @Test func `chooses distinct experts even of numbers that are none`() {
    let router = Router.identity(.worked(.biased))
    let logits = [Float](repeating: .nan, count: 8)
    let experts = router.route(logits).experts
    #expect(Set(experts).count == 2 && experts.allSatisfy { (0..<8).contains($0) })
  }

  @Test func `refuses sizes that leave a token without enough experts`() async {
    await #expect(processExitsWith: .failure) {
      var sizes = ExpertSizes.worked(.biased)
      sizes.active = 5
      _ = Router.identity(sizes)
    }
  }
}

@Suite struct `The gradient of a router` {
  // snippet.gradient-claims
  @Test func `reaches the affinities that were picked, and no bias`() {
    let router = Router.identity(.worked(.biased), bias: `A router`.bias)
    let tape = Tape()
    let x = tape.variable(Tensor(`A router`.logits, shape: [1, 8]))
    let weights = router(x).weights
    let gradients = tape.gradients(
      of: (weights * tape.constant(Tensor([3, 1], shape: [1, 2]))).sum())
    let slopes = gradients[x]?.scalars ?? []
    #expect(slopes.indices.filter { slopes[$0] != 0 } == [3, 7])
    // g = 2.5 s / (s₃ + s₇) with ḡ₇ = 3 and ḡ₃ = 1; then σ′ = s (1 − s).
    let (s3, s7) = (0.598688, 0.524979)
    let common = 2.5 * 2 / ((s3 + s7) * (s3 + s7))
    expectClose(
      [slopes[3], slopes[7]],
      [-common * s7 * s3 * (1 - s3), common * s3 * s7 * (1 - s7)], .gradient)
    #expect(router.bias.flatMap { gradients[$0] } == nil)
  }
  // snippet.end
}
