import Distillation
import Foundation
import Tensors
import TestSupport
import Testing

private let kinds: [Divergence] = [.sequence, .forward, .reverse, .jensenShannon()]

/// The loss of logits and its gradient.
private func loss(
  _ student: Tensor, _ teacher: Tensor?, _ targets: [Int], _ divergence: Divergence,
  divisor: Int? = nil
) -> (value: Double, gradient: Tensor) {
  let tape = Tape()
  let parameter = Parameter(student)
  let loss = tape[parameter].distillationLoss(
    teacher: teacher, targets: targets, divergence, divisor: divisor)
  let value = Double(loss.value.scalar)
  return (value, tape.gradients(of: loss)[parameter] ?? Tensor(shape: student.shape))
}

private func logits(_ shares: [Double]) -> Tensor {
  Tensor(shares.map { Float(log($0)) }, shape: [1, shares.count])
}

@Suite struct `A divergence` {
  @Test(arguments: Chapter09.cases)
  func `agrees with its twin in value and in gradient`(_ gradientCase: GradientCase) {
    gradientCase.check()
  }

  @Test func `has a gradient case`() throws {
    try expectCase(forEachOperationOf: 9, among: Chapter09.cases)
  }

  // snippet.by-hand
  @Test func `by hand: a teacher of 3 to 1 and a student that cannot tell`() {
    let (t, s) = (logits([0.75, 0.25]), logits([0.5, 0.5]))
    let known: [(Divergence, Double, Double)] = [
      (.sequence, 0.693147, -0.5),
      (.forward, 0.130812, -0.25),
      // ½ (log ½/¾ + log ½/¼) = ½ log 4/3, and ½ (log ⅔ − ½ log 4/3).
      (.reverse, 0.143841, 0.5 * (-0.405465 - 0.143841)),
      // M = (⅝, ⅜).
      (.jensenShannon(), 0.033822, 0.25 * (-0.223144 - 0.032269)),
    ]
    for (divergence, value, slope) in known {
      let loss = loss(s, t, [0], divergence)
      #expect(abs(loss.value - value) < 1e-6, "\(divergence.kind)")
      #expect(abs(Double(loss.gradient.scalars[0]) - slope) < 1e-6, "\(divergence.kind)")
    }
  }
  // snippet.end

  // snippet.average
  @Test func `forward is what the teacher's tokens teach on average`() {
    let (width, tau) = (7, 1.7)
    let (s, t) = (Tensor.test(1, width, seed: 4), Tensor.test(1, width, seed: 5))
    let shares = DivergenceTwin.softmax(t.doubles, tau)
    let ofTokens = (0..<width).map {
      loss(s, nil, [$0], Divergence(.sequence, temperature: tau)).gradient.doubles
    }
    let mean = (0..<width).map { j in
      (0..<width).reduce(0) { $0 + shares[$1] * ofTokens[$1][j] }
    }
    let forward = loss(s, t, [0], Divergence(.forward, temperature: tau))
    expectClose(forward.gradient, mean, .gradient)
  }
  // snippet.end

  @Test(arguments: kinds)
  func `has a gradient that sums to nothing, and none in a shift of all logits`(
    _ divergence: Divergence
  ) {
    let (s, t) = (Tensor.test(3, 9, seed: 6), Tensor.test(3, 9, seed: 7))
    let targets = [1, 8, 4]
    let plain = loss(s, t, targets, divergence)
    for row in 0..<3 {
      let sum = plain.gradient.scalars[row * 9..<row * 9 + 9].reduce(0, +)
      #expect(abs(sum) < 1e-6)
    }
    let shifted = loss(
      Tensor(s.scalars.map { $0 + 5 }, shape: s.shape),
      Tensor(t.scalars.map { $0 - 3 }, shape: t.shape), targets, divergence)
    #expect(abs(shifted.value - plain.value) < 1e-5)
    expectClose(shifted.gradient, plain.gradient.doubles, .gradient)
  }

  @Test(arguments: kinds.dropFirst())
  func `vanishes for a student that is its teacher, and for no other`(_ divergence: Divergence)
  {
    let t = Tensor.test(4, 9, seed: 8)
    let same = loss(t, t, [0, 1, 2, 3], divergence)
    #expect(abs(same.value) < 1e-6)
    #expect(same.gradient.scalars.allSatisfy { abs($0) < 1e-6 })
    #expect(loss(Tensor.test(4, 9, seed: 9), t, [0, 1, 2, 3], divergence).value > 0.01)
  }

  @Test func `of Jensen and Shannon is symmetric in the middle and at most log 2`() {
    let (s, t) = (Tensor.test(5, 9, seed: 10), Tensor.test(5, 9, seed: 11))
    let targets = [0, 1, 2, 3, 4]
    let there = loss(s, t, targets, .jensenShannon()).value
    let back = loss(t, s, targets, .jensenShannon()).value
    #expect(abs(there - back) < 1e-6)
    let skewed = [
      loss(s, t, targets, .jensenShannon(0.2)), loss(t, s, targets, .jensenShannon(0.8)),
    ]
    #expect(abs(skewed[0].value - skewed[1].value) < 1e-6, "β and 1 − β change places")
    // Two that never agree: the bound is reached, where KL has none.
    let (left, right) = (
      Tensor([60, 0, 0], shape: [1, 3]), Tensor([0, 60, 0], shape: [1, 3])
    )
    #expect(abs(loss(left, right, [0], .jensenShannon()).value - log(2)) < 1e-5)
    #expect(loss(left, right, [0], .forward).value > 50)
    // At β = ¼ the bound is the entropy of a coin of 1 to 3.
    let bound = -0.25 * log(0.25) - 0.75 * log(0.75)
    #expect(abs(loss(left, right, [0], .jensenShannon(0.25)).value - bound) < 1e-5)
  }

  @Test func `of Jensen and Shannon tends to the others at its ends when it is scaled`() {
    let (s, t) = (Tensor.test(5, 9, seed: 12), Tensor.test(5, 9, seed: 13))
    let targets = [0, 1, 2, 3, 4]
    for (beta, end) in [(1e-3, Divergence.forward), (1 - 1e-3, .reverse)] {
      let wanted = loss(s, t, targets, end)
      let scaled = loss(s, t, targets, .jensenShannon(beta, isScaled: true))
      let plain = loss(s, t, targets, .jensenShannon(beta))
      #expect(abs(scaled.value / wanted.value - 1) < 0.01)
      #expect(plain.value < 0.01 * wanted.value, "undivided it all but vanishes")
      for (a, b) in zip(scaled.gradient.scalars, wanted.gradient.scalars) {
        #expect(abs(a - b) < 0.01)
      }
    }
  }

  @Test func `seeks modes in reverse and covers them forward`() {
    // A teacher with two modes, and students with one of them or with a bit of everything.
    let teacher = logits([0.48, 0.02, 0.02, 0.48])
    let one = logits([0.94, 0.02, 0.02, 0.02])
    let all = logits([0.25, 0.25, 0.25, 0.25])
    #expect(loss(all, teacher, [0], .forward).value < loss(one, teacher, [0], .forward).value)
    #expect(loss(one, teacher, [0], .reverse).value < loss(all, teacher, [0], .reverse).value)
  }

  @Test func `keeps the size of its gradient at high temperatures`() {
    let (s, t) = (Tensor.test(2, 9, seed: 14), Tensor.test(2, 9, seed: 15))
    func norm(_ tau: Double) -> Float {
      let gradient = loss(s, t, [0, 0], Divergence(.forward, temperature: tau)).gradient
      return gradient.scalars.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    // For τ → ∞ the gradient of KL shrinks as 1/τ² and τ² makes up for it.
    #expect(norm(20) / norm(40) > 0.9 && norm(20) / norm(40) < 1.1)
  }

  @Test(arguments: kinds)
  func `of positions that are left out is nothing, and so is its gradient`(
    _ divergence: Divergence
  ) {
    let (s, t) = (Tensor.test(2, 5, seed: 16), Tensor.test(2, 5, seed: 17))
    let none = loss(s, t, [-1, -1], divergence)
    #expect(none.value == 0 && none.gradient.scalars.allSatisfy { $0 == 0 })
    let half = loss(s, t, [-1, 2], divergence)
    let alone = loss(
      Tensor(Array(s.scalars[5...]), shape: [1, 5]),
      Tensor(Array(t.scalars[5...]), shape: [1, 5]),
      [2], divergence)
    #expect(half.value == alone.value)
    #expect(half.gradient.scalars == [0, 0, 0, 0, 0] + alone.gradient.scalars)
  }

  @Test func `stays finite where a teacher rules tokens out`() {
    let teacher = Tensor([2, -.infinity, 1, -200], shape: [1, 4])
    let student = Tensor([0, 1, -1, 2], shape: [1, 4])
    for divergence in [Divergence.forward, .jensenShannon()] {
      let loss = loss(student, teacher, [0], divergence)
      #expect(loss.value.isFinite && loss.gradient.scalars.allSatisfy(\.isFinite))
    }
    #expect(loss(student, teacher, [0], .reverse).value == .infinity)
  }

  @Test func `has the same bits on any number of threads`() {
    let (s, t) = (Tensor.test(900, 64, seed: 18), Tensor.test(900, 64, seed: 19))
    let targets = (0..<900).map { $0 % 64 - 1 }
    let all = [1, 2, 5].map { threads in
      Threads.with(threads) { loss(s, t, targets, .jensenShannon(0.3)) }
    }
    #expect(all.allSatisfy { $0.value == all[0].value && $0.gradient == all[0].gradient })
  }

  @Test func `refuses a teacher with other tokens`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent])
    {
      _ = Tape().constant(Tensor(shape: [1, 3])).distillationLoss(
        teacher: Tensor(shape: [1, 4]), targets: [0], .forward)
    }
    expectSaid(result, "both must know the same tokens")
  }
}
