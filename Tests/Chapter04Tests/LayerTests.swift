import Attention
import Checkpoints
import MoE
import Tensors
import TestSupport
import Testing
import Text

extension DecoderConfiguration {
  /// A small decoder with experts in its second layer.
  static func withExperts(
    _ selection: ExpertSizes.Selection = .biased, shared: Int = 1, balance: Double = 0.01
  ) -> DecoderConfiguration {
    let isV3 = selection == .biased
    return DecoderConfiguration(
      family: isV3 ? .deepseekV3 : .deepseekV2, vocabularySize: 19, width: 12,
      feedForwardWidth: 20, layers: 2, heads: 2, initializerRange: 0.3,
      experts: ExpertSizes(
        count: 8, active: 3, shared: shared, width: 6, groups: 4, activeGroups: 2,
        scoring: isV3 ? .sigmoid : .softmax, selection: selection, normalizes: isV3,
        scale: 2.5, balanceWeight: balance))
  }

  /// The decoder with plain attention.
  func mixtureModel(seed: UInt64 = 0) -> LanguageModel {
    var generator = SplitMix64(seed: seed)
    return model(
      using: &generator,
      attention: { _, generator in GroupedQueryAttention(self, using: &generator) },
      feedForward: { layer, generator in feedForward(layer: layer, using: &generator) })
  }
}

@Suite struct `A layer of experts` {
  private let configuration = DecoderConfiguration.withExperts()

  private func layer(
    shared: Int = 1, balance: BalanceLoss? = nil, capacity: Capacity? = nil
  ) -> MixtureOfExperts {
    var generator = SplitMix64(seed: 5)
    return MixtureOfExperts(
      .withExperts(shared: shared), balance: balance, capacity: capacity, using: &generator)
  }

  private func output(_ layer: MixtureOfExperts, _ x: Tensor) -> Tensor {
    let pass = Pass(Sequences(count: 1, length: x.rows), on: Tape())
    return layer(pass.tape.constant(x), in: pass).value
  }

  @Test func `has the names of released checkpoints`() {
    let names = layer(shared: 2).namedParameters.map { ($0.name, $0.parameter.shape) }
    #expect(names[0].0 == "gate.weight" && names[0].1 == [8, 12])
    #expect(names[1].0 == "gate.e_score_correction_bias" && names[1].1 == [8])
    #expect(names[5].0 == "experts.1.gate_proj.weight" && names[5].1 == [6, 12])
    #expect(names[7].0 == "experts.1.down_proj.weight" && names[7].1 == [12, 6])
    #expect(names[26].0 == "shared_experts.gate_proj.weight" && names[26].1 == [12, 12])
    #expect(names.count == 2 + 3 * 8 + 3)
    #expect(layer(shared: 0).namedParameters.count == 2 + 3 * 8)
    expectEveryPartListed(layer())
  }

  // snippet.shared-claim
  @Test func `adds the shared expert as it is, neither normalised nor scaled`() {
    let (x, whole) = (Tensor.test(7, 12), layer())
    let alone = MixtureOfExperts(router: whole.router, experts: whole.experts, shared: nil)
    let pass = Pass(Sequences(count: 1, length: 7), on: Tape())
    let shared = whole.shared?(pass.tape.constant(x), in: pass).value
    expectClose(output(whole, x), (output(alone, x) + (shared ?? x)).doubles, .rounding)
  }
  // snippet.end

  @Test func `tells the loads of all tokens`() {
    let layer = layer()
    let pass = Pass(Sequences(count: 2, length: 5), on: Tape(recording: false))
    _ = layer(pass.tape.constant(.test(10, 12)), in: pass)
    let loads = pass.observations[layer.router.identity] ?? []
    #expect(loads.count == 8 && loads.reduce(0, +) == 3 * 10)
  }

  @Test func `has in its shards what it has in the whole`() {
    let layer = layer(balance: BalanceLoss(experts: 3, devices: 2, communication: 1))
    let (x, upstream) = (Tensor.test(20, 12), Tensor.test(20, 12, seed: 2))
    func run(_ rows: Range<Int>) -> (loss: Double, Gradients, Observations) {
      let pass = Pass(
        Sequences(count: rows.count / 5, length: 5), on: Tape(),
        share: Float(rows.count) / 20)
      let y = layer(pass.tape.constant(x.rows(rows)), in: pass)
      let loss = (y * pass.tape.constant(upstream.rows(rows))).sum()
      let objective = pass.auxiliaryLosses.reduce(loss) { $0 + $1 }
      return (
        Double(objective.value.scalar), pass.tape.gradients(of: objective), pass.observations
      )
    }
    let whole = run(0..<20)
    var (loss, gradients, observations) = run(0..<5)
    for rows in [5..<15, 15..<20] {
      let other = run(rows)
      loss += other.0
      gradients.add(other.1)
      observations.add(other.2)
    }
    #expect(abs(loss - whole.0) < 1e-4 && observations == whole.2)
    for parameter in layer.parameters where parameter !== layer.router.bias {
      let expected = whole.1[parameter] ?? Tensor(shape: parameter.shape)
      expectClose(
        gradients[parameter] ?? Tensor(shape: parameter.shape), expected, .gradient)
    }
  }

  @Test func `drops in training only`() {
    let layer = layer(capacity: Capacity(factor: 0.5, exempt: 0))
    let x = Tensor.test(40, 12)
    func dropped(_ tape: Tape) -> (Double, [Int]?, Tensor) {
      let pass = Pass(Sequences(count: 4, length: 10), on: tape)
      let y = layer(tape.constant(x), in: pass).value
      let observations = pass.observations
      return (observations["dropped"] ?? 0, observations[layer.router.identity], y)
    }
    let (training, use) = (dropped(Tape()), dropped(Tape(recording: false)))
    #expect(training.0 >= 60 && use.0 == 0)
    #expect(training.1 == use.1, "the loads are those of the choice")
    #expect(training.2 != use.2)
  }

  @Test func `moves its bias by what a step observed, at the speed of the plan`() {
    let layer = layer()
    let pass = Pass(Sequences(count: 2, length: 5), on: Tape())
    _ = layer(pass.tape.constant(.test(10, 12)), in: pass)
    var coefficients = Coefficients()
    coefficients[.biasSpeed] = 0.5
    layer.adapt(to: pass.observations, coefficients)
    let bias = layer.router.bias?.value.scalars ?? []
    let loads = pass.observations[layer.router.identity] ?? []
    #expect(bias == loads.map { $0 * 8 > 30 ? -0.5 : 0.5 })
    layer.adapt(to: Observations(), coefficients)
    #expect(layer.router.bias?.value.scalars == bias, "nothing seen, nothing moved")
  }
}

@Suite struct `A model with experts` {
  @Test(arguments: [ExpertSizes.Selection.biased, .groupLimitedGreedy, .greedy])
  func `never lets a later token change an earlier row`(_ selection: ExpertSizes.Selection) {
    let model = DecoderConfiguration.withExperts(selection).mixtureModel()
    let tokens = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]
    func hidden(_ tokens: [Int]) -> Tensor {
      model.hidden(tokens, in: Pass(Sequences(count: 1, length: 10), on: Tape())).value
    }
    for place in 1..<10 {
      var other = tokens
      other[place] = 17
      let (a, b) = (hidden(tokens), hidden(other))
      #expect(a.rows(0..<place) == b.rows(0..<place), "token \(place) changed")
      #expect(a.rows(place..<place + 1) != b.rows(place..<place + 1))
    }
  }

  @Test(arguments: [ExpertSizes.Selection.biased, .groupLimitedGreedy])
  func `learns, with loss and bias as its configuration says`(
    _ selection: ExpertSizes.Selection
  ) throws {
    let model = DecoderConfiguration.withExperts(selection).mixtureModel()
    let text = (0..<300).map { [1, 5, 2, 8, 3, 3, 7][$0 % 7] }
    var plan = TrainingPlan(
      steps: 30, sequences: 4, length: 14, rate: 0.02, schedule: .constant())
    plan.coefficients = [
      Coefficient.biasSpeed.name: Schedule(phases: [.init(until: 1, at: 0.01)])
    ]
    var trainer = try Trainer(model, plan: plan, tokens: text)
    let first = try trainer.takeStep()
    var last = first
    while !trainer.isFinished { last = try trainer.takeStep() }
    #expect(last.loss < 0.3 * first.loss)
    #expect(first.auxiliaryLoss > 0.009, "0.01 for even loads")
    #expect(last.observations.maximalViolation != nil)
    let bias = model.namedParameters.first { $0.name.hasSuffix("correction_bias") }?.parameter
    #expect((bias?.value.scalars.contains { $0 != 0 } ?? false) == (selection == .biased))
  }

  @Test func `trains to the same bits on any number of threads`() throws {
    func train(_ threads: Int) throws -> [Tensor] {
      try Threads.with(threads) {
        let model = DecoderConfiguration.withExperts().mixtureModel()
        var plan = TrainingPlan(
          steps: 3, sequences: 4, length: 14, rate: 0.02, schedule: .constant())
        plan.shards = 4
        let text = (0..<300).map { [1, 5, 2, 8, 3, 3, 7][$0 % 7] }
        var trainer = try Trainer(model, plan: plan, tokens: text)
        while !trainer.isFinished { _ = try trainer.takeStep() }
        return model.parameters.map(\.value)
      }
    }
    let alone = try train(1)
    for threads in [2, 3, 8] { #expect(try train(threads) == alone) }
  }
}
