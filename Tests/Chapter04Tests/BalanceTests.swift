import Attention
import Checkpoints
import MoE
import Tensors
import TestSupport
import Testing

@Suite struct `A balance loss` {
  /// The affinities of four tokens to four experts.
  static let affinities: [Float] = [
    0.9, 0.8, 0.1, 0.2, 0.7, 0.2, 0.6, 0.1, 0.9, 0.5, 0.4, 0.3, 0.6, 0.7, 0.2, 0.1,
  ]
  static let sizes = ExpertSizes(
    count: 4, active: 2, shared: 0, width: 4, groups: 2, activeGroups: 1, scoring: .sigmoid,
    selection: .biased, normalizes: true)

  // snippet.by-hand
  @Test func `of the worked example is 1.388318`() {
    let routing = routing(Tensor(Self.affinities, shape: [4, 4]), Self.sizes)
    let loss = BalanceLoss(experts: 1)(
      routing, Self.sizes, Sequences(count: 1, length: 4))
    // f = (2, 1.5, 0.5, 0) and P = (.422768, .300149, .185119, .091964).
    expectClose(loss.value.scalar, 1.388318, .sixDigits)
    #expect(maximalViolation([4, 3, 1, 0]) == 1)
  }
  // snippet.end

  @Test func `of even loads is the sum of its weights`() {
    let rows: [Float] = [0.9, 0.1, 0.8, 0.2, 0.1, 0.9, 0.2, 0.8]
    let sizes = ExpertSizes(
      count: 4, active: 2, shared: 0, width: 4, groups: 2, activeGroups: 2,
      scoring: .sigmoid)
    let loss = BalanceLoss(experts: 0.3, devices: 0.2, communication: 0.1)(
      routing(Tensor(rows, shape: [2, 4]), sizes), sizes, Sequences(count: 1, length: 2))
    expectClose(loss.value.scalar, 0.6, .rounding)
  }

  @Test func `of three levels agrees with the equations of V2`() {
    let sizes = ExpertSizes(
      count: 12, active: 3, shared: 0, width: 4, groups: 4, activeGroups: 2,
      selection: .groupLimitedGreedy)
    let router = Router.identity(sizes)
    let tape = Tape()
    let routing = router(tape.constant(.test(10, 12)))
    for isSequencewise in [true, false] {
      let loss = BalanceLoss(
        experts: 0.3, devices: 0.2, communication: 0.1, isSequencewise: isSequencewise)(
          routing, sizes, Sequences(count: 2, length: 5))
      let length = isSequencewise ? 5 : 10
      let affinities = rows(routing.affinities.value.doubles, of: 12)
      let choices = stride(from: 0, to: 30, by: 3).map { Array(routing.experts[$0..<$0 + 3]) }
      let expected = stride(from: 0, to: 10, by: length).map { start in
        levels(
          Array(affinities[start..<start + length]), Array(choices[start..<start + length]))
      }
      expectClose(
        loss.value.scalar, expected.reduce(0, +) / Double(expected.count), .product)
    }
  }

  /// V2's equations 23 to 31 with four devices of three experts, for one sequence.
  private func levels(_ s: [[Double]], _ choices: [[Int]]) -> Double {
    let tokens = Double(s.count)
    let f = (0..<12).map { expert in
      12 / (3 * tokens) * Double(choices.filter { $0.contains(expert) }.count)
    }
    let p = (0..<12).map { expert in s.reduce(0) { $0 + $1[expert] } / tokens }
    var loss = 0.3 * zip(f, p).reduce(0) { $0 + $1.0 * $1.1 }
    for device in 0..<4 {
      let own = device * 3..<device * 3 + 3
      let share = p[own].reduce(0, +)
      let sent = choices.filter { choice in choice.contains { own.contains($0) } }.count
      loss += 0.2 * f[own].reduce(0, +) / 3 * share
      loss += 0.1 * 4 / (2 * tokens) * Double(sent) * share
    }
    return loss
  }

  @Test func `counts what V3 prints: the best affinities, whatever bias and groups say`() {
    let tape = Tape()
    let x = tape.constant(.test(6, 4))
    let (plain, steered) = (
      Router.identity(Self.sizes), Router.identity(Self.sizes, bias: [-9, 9, -9, 9])
    )
    let (a, b) = (plain(x), steered(x))
    #expect(a.experts != b.experts)
    let layout = Sequences(count: 2, length: 3)
    let loss = BalanceLoss(experts: 1)
    #expect(
      loss(a, Self.sizes, layout).value == loss(b, Self.sizes, layout).value)
  }

  private func routing(_ affinities: Tensor, _ sizes: ExpertSizes) -> Routing {
    let variable = Tape().constant(affinities)
    let experts = sizes.choice(affinities)
    return Routing(
      affinities: variable, experts: experts,
      weights: variable.gateWeights(at: experts, normalized: true, scale: 1))
  }
}

@Suite struct `The selection bias` {
  // snippet.bias-claims
  @Test func `falls where the load is above the mean, and rises where it is below`() {
    let router = Router.identity(`A balance loss`.sizes, bias: [0, 0, 0.5, 0])
    router.moveBias(by: 0.25, loads: [4, 3, 1, 0])
    #expect(router.bias?.value.scalars == [-0.25, -0.25, 0.75, 0.25])
    router.moveBias(by: 0.25, loads: [2, 2, 3, 1])
    #expect(router.bias?.value.scalars == [-0.25, -0.25, 0.5, 0.5], "even loads stay")
  }
  // snippet.end

  @Test func `moves by a thousandth where sixteen bits would stand still`() {
    let start: [Float] = [0.75, 0.75, 0.75, 0.75]
    let routers = [0, 1].map { _ in Router.identity(`A balance loss`.sizes, bias: start) }
    for _ in 0..<100 {
      // 1/1024 for V3's 0.001, since a Float adds it up without an error.
      for router in routers { router.moveBias(by: 1 / 1024, loads: [4, 3, 1, 0]) }
      routers[1].bias?.update { $0 = Tensor($0.scalars.map(Self.inSixteenBits), shape: [4]) }
    }
    let way: Float = 100 / 1024
    #expect(
      routers[0].bias?.value.scalars == [0.75 - way, 0.75 - way, 0.75 + way, 0.75 + way])
    // From a half to one the numbers of BF16 are 1/256 apart: 0.75 ± 1/1024 is 0.75 again.
    #expect(routers[1].bias?.value.scalars == start, "a bias in BF16")
  }

  /// The nearest number of BF16, which has the upper sixteen bits of a Float; of two the even one.
  private static func inSixteenBits(_ x: Float) -> Float {
    let bits = x.bitPattern
    return Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
  }

  @Test func `evens out a router that favours one expert`() {
    let sizes = ExpertSizes(
      count: 8, active: 2, shared: 0, width: 4, scoring: .sigmoid, selection: .biased,
      normalizes: true)
    let favour = (0..<64 * 8).map { Float($0 % 8 == 0 ? 1.5 : 0) }
    let noise = Tensor.test(64, 8).scalars
    let rows = Tensor(zip(noise, favour).map { $0 * 0.5 + $1 }, shape: [64, 8])
    let router = Router.identity(sizes, bias: [Float](repeating: 0, count: 8))
    func loads() -> [Int] {
      let experts = router(Tape(recording: false).constant(rows)).experts
      return ExpertOrder(experts, of: 8, active: 2).loads
    }
    let before = maximalViolation(loads())
    for _ in 0..<400 { router.moveBias(by: 0.002, loads: loads()) }
    #expect(before > 2.5 && maximalViolation(loads()) < 0.2)
  }

  @Test func `follows its schedule`() {
    let schedule = Schedule.biasSpeedOfV3
    #expect(schedule.factor(step: 14_300, of: 14_800) == 0)
    #expect(schedule.factor(step: 14_299, of: 14_800) == 0.001)
    let coefficients = Coefficients(
      [Coefficient.biasSpeed.name: schedule], step: 14_800, of: 14_800)
    #expect(coefficients[.biasSpeed] == 0 && Coefficients()[.biasSpeed] == 0.001)
  }
}

@Suite struct `The violation of even loads` {
  @Test func `is zero for even loads, and N ÷ K − 1 for a collapse on K of N`() {
    #expect(maximalViolation([5, 5, 5, 5]) == 0)
    #expect(maximalViolation([10, 10, 0, 0, 0, 0, 0, 0]) == 3)
    #expect(maximalViolation([0, 0]) == 0, "nothing to do is done evenly")
  }

  @Test func `is averaged over the routers of a model, for a batch or for many`() {
    let tape = Tape(recording: false)
    let (a, b) = (Parameter(Tensor(0)), Parameter(Tensor(0)))
    var sum = Observations()
    #expect(sum.maximalViolation == nil)
    for loads in [[3, 1], [1, 3]] {
      let pass = Pass(Sequences(count: 1, length: 4), on: tape)
      pass.observe(load: loads, of: a)
      pass.observe(load: [4, 0], of: b)
      #expect(pass.observations.maximalViolation == 0.75)
      sum.add(pass.observations)
    }
    #expect(sum.maximalViolation == 0.5, "the first router is even over both batches")
  }
}

@Suite struct `A capacity` {
  private static let sizes = ExpertSizes(
    count: 4, active: 1, shared: 0, width: 4, groups: 2, activeGroups: 2, scoring: .sigmoid)

  @Test func `drops the lowest affinities of a full device`() {
    // Five of six tokens want the first device, which has room for three.
    let rows: [Float] = [
      3, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 4, 0, 0, 0, 0, 0, 0, 1,
    ]
    let routing = Router.identity(Self.sizes)(
      Tape().constant(Tensor(rows, shape: [6, 4])))
    let layout = Sequences(count: 3, length: 2)
    let kept = Capacity(exempt: 0).kept(routing, Self.sizes, layout)
    #expect(kept == [true, false, true, false, true, true])
    #expect(Capacity(exempt: 1).kept(routing, Self.sizes, layout).allSatisfy { $0 })
    let roomy = Capacity(factor: 4.0 / 3, exempt: 0).kept(routing, Self.sizes, layout)
    #expect(roomy == [true, true, true, false, true, true], "of equals the later goes")
  }

  @Test func `exempts its share of the sequences, in shards as in the whole`() {
    let rows = Tensor.test(400, 4)
    let routing = Router.identity(Self.sizes)(Tape().constant(rows))
    let tight = Capacity(factor: 0, exempt: 0.1)
    let kept = tight.kept(routing, Self.sizes, Sequences(count: 200, length: 2))
    let exempt = kept.filter { $0 }.count / 2
    #expect((10...30).contains(exempt), "\(exempt) of 200")
    let half = Router.identity(Self.sizes)(Tape().constant(rows.rows(200..<400)))
    let shard = tight.kept(half, Self.sizes, Sequences(count: 100, length: 2))
    #expect(shard == Array(kept[200...]))
  }
}
