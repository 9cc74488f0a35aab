import Foundation
import Tensors
import Testing

@Suite struct `A step of AdamW` {
  @Test func `can be worked out by hand`() {
    // m = 0.1 · 2, m̂ = 2; v = 0.05 · 4, v̂ = 4; w = 1 · (1 − 0.1 · 0.1) − 0.1 · 2 / √4.
    let parameters = exactParameters(["layers.0.up_proj.weight": [1, 1]])
    parameters[0].parameter.value = Tensor([1], shape: [1, 1])
    var gradients = Gradients()
    gradients[parameters[0].parameter] = Tensor([2], shape: [1, 1])
    var optimizer = AdamW(parameters, rate: 0.1)
    optimizer.step(gradients)
    #expect(abs(parameters[0].parameter.value.scalar - 0.89) < 1e-7)
    #expect(optimizer.state.map(\.name).last == "layers.0.up_proj.weight.steps")
    let state = optimizer.state.map(\.tensor.scalar)
    #expect(abs(state[0] - 0.2) < 1e-7)
    #expect(abs(state[1] - 0.2) < 1e-7)
    #expect(state[2] == 1)
  }

  // snippet.by-hand
  @Test func `can be worked out by hand for three steps`() {
    let weight = Parameter(Tensor([1], shape: [1, 1]))
    var optimizer = AdamW([("up_proj.weight", weight)], rate: 0.1, decay: 0.1)
    for (gradient, wanted) in [(2, 0.89), (-1, 0.854263), (4, 0.780846)] as [(Float, Float)] {
      var gradients = Gradients()
      gradients[weight] = Tensor([gradient], shape: [1, 1])
      optimizer.step(gradients)
      #expect(abs(weight.value.scalar - wanted) < 1e-6)
    }
  }
  // snippet.end

  @Test func `goes first by the rate against the sign of the gradient, whatever its size`() {
    let parameters = exactParameters(["norm.weight": [64]])
    let before = parameters[0].parameter.value.scalars
    var gradients = exactGradients(parameters, step: 1)
    gradients.scale(by: 1e-3)
    let signs = gradients[parameters[0].parameter]?.scalars.map { $0.sign == .minus ? -1.0 : 1 }
    let isZero = gradients[parameters[0].parameter]?.scalars.map { $0 == 0 } ?? []
    var optimizer = AdamW(parameters, rate: 0.01)
    optimizer.step(gradients)
    for (i, after) in parameters[0].parameter.value.scalars.enumerated() {
      let move = isZero[i] ? 0 : -0.01 * (signs?[i] ?? .nan)
      // The smallest gradient is 6e-5, and ε = 1e-8 takes its share of the rate.
      #expect(abs(Double(after - before[i]) - move) < 0.01 * 1e-8 / 6e-5 + 5e-7)
    }
  }

  @Test func `follows the formulas in Double for twenty steps`() {
    let parameters = exactParameters([
      "layers.0.up_proj.weight": [5, 7], "embed_tokens.weight": [3, 3],
      "lm_head.weight": [2, 4],
      "norm.weight": [9],
    ])
    var optimizer = AdamW(parameters, rate: 0.02, decay: 0.3)
    for step in 1...20 {
      optimizer.step(exactGradients(parameters, step: step), factor: step > 10 ? 0.25 : 1)
    }
    for ((name, parameter), decay) in zip(parameters, [0.3, 0, 0.3, 0]) {
      var w = Exact.start(parameter.shape).scalars.map(Double.init)
      var m = w.map { _ in 0.0 }
      var v = m
      for step in 1...20 {
        let rate = step > 10 ? 0.005 : 0.02
        let g = Exact.gradient(parameter.shape, step: step).scalars.map(Double.init)
        for i in w.indices {
          m[i] = 0.9 * m[i] + 0.1 * g[i]
          v[i] = 0.95 * v[i] + 0.05 * g[i] * g[i]
          let mean = m[i] / (1 - pow(0.9, Double(step)))
          let square = v[i] / (1 - pow(0.95, Double(step)))
          w[i] = w[i] * (1 - rate * decay) - rate * mean / (square.squareRoot() + 1e-8)
        }
      }
      #expect(worst(parameter.value.scalars, w) < 1e-6, "\(name)")
    }
  }

  @Test func `agrees with PyTorch`() throws {
    let reference = try OptimizerReference.load().adamw
    let parameters = exactParameters(["up_proj.weight": [3, 7], "bias": [5]])
    var optimizer = AdamW(parameters, rate: 0.01)
    for step in 1...20 {
      // At the seventh step the loss does not depend on the bias.
      let present = step == 7 ? Array(parameters.prefix(1)) : parameters
      optimizer.step(exactGradients(present, step: step), factor: step <= 10 ? 1 : 0.5)
      guard let weights = reference.weights["\(step)"] else { continue }
      let found = parameters.map(\.parameter.value.scalars)
      #expect(worst(found[0], weights.matrix.map(Double.init)) < 5e-7, "step \(step)")
      #expect(worst(found[1], weights.vector.map(Double.init)) < 5e-7, "step \(step)")
    }
    let state = optimizer.state.map(\.tensor.scalars)
    #expect(worst(state[0], reference.firstMoment.map(Double.init)) < 5e-7)
    #expect(worst(state[1], reference.secondMoment.map(Double.init)) < 5e-7)
  }

  @Test func `decays matrices and heads, not embeddings, norms or biases`() {
    let parameters = exactParameters([
      "model.embed_tokens.weight": [4, 4], "model.layers.0.mlp.up_proj.weight": [4, 4],
      "model.layers.0.mlp.up_proj.bias": [4], "model.norm.weight": [4],
      "lm_head.weight": [4, 4],
    ])
    var gradients = Gradients()
    for (_, parameter) in parameters {
      gradients[parameter] = Tensor(shape: parameter.shape)
    }
    var optimizer = AdamW(parameters, rate: 0.5, decay: 0.25)
    optimizer.step(gradients)
    for ((name, parameter), keep) in zip(parameters, [1, 0.875, 1, 1, 0.875] as [Float]) {
      var expected = Exact.start(parameter.shape)
      expected.scale(by: keep)
      #expect(parameter.value == expected, "\(name)")
    }
  }

  @Test func `leaves a weight without gradient alone, and its memory too`() {
    let parameters = exactParameters(["a.weight": [3, 3], "b.weight": [3, 3]])
    var optimizer = AdamW(parameters, rate: 0.1)
    optimizer.step(exactGradients(Array(parameters.prefix(1)), step: 1))
    #expect(parameters[0].parameter.value != Exact.start([3, 3]))
    #expect(parameters[1].parameter.value == Exact.start([3, 3]))
    let idle = optimizer.state.suffix(3).map(\.tensor)
    #expect(idle == [Tensor(shape: [3, 3]), Tensor(shape: [3, 3]), Tensor(0)])
  }

  @Test func `moves a weight that has two names once`() {
    let shared = Parameter(Exact.start([4, 4]))
    let alone = Parameter(Exact.start([4, 4]))
    var tied = AdamW(
      [("embed_tokens.weight", shared), ("lm_head.weight", shared)], rate: 0.1)
    var single = AdamW([("embed_tokens.weight", alone)], rate: 0.1)
    tied.step(exactGradients([("", shared)], step: 1))
    single.step(exactGradients([("", alone)], step: 1))
    #expect(shared.value == alone.value)
    #expect(tied.state.map(\.name) == single.state.map(\.name))
  }

  @Test func `has the same bits on any number of threads`() {
    // 64 000 weights are four blocks of work, the last of them short.
    let results = [1, 2, 3, 8].map { threads in
      Threads.with(threads) {
        let parameters = exactParameters(["up_proj.weight": [320, 200], "bias": [13]])
        var optimizer = AdamW(parameters, rate: 0.01)
        for step in 1...3 { optimizer.step(exactGradients(parameters, step: step)) }
        return parameters.map(\.parameter.value) + optimizer.state.map(\.tensor)
      }
    }
    for result in results.dropFirst() { #expect(result == results[0]) }
  }

  @Test func `finds the answer of a least-squares problem`() {
    let problem = LeastSquares(seed: 5)
    var optimizer = AdamW(problem.layer.namedParameters, rate: 0.1, decay: 0)
    let schedule = Schedule.linear()
    #expect(problem.distance > 0.5)
    for step in 1...300 {
      optimizer.step(problem.gradients(), factor: schedule.factor(step: step, of: 300))
    }
    #expect(problem.distance < 1e-4)
  }
}

@Suite struct `The state of an optimizer` {
  static let shapes: KeyValuePairs<String, [Int]> = [
    "embed_tokens.weight": [4, 3], "up_proj.weight": [6, 4], "norm.weight": [5],
  ]

  static func make(_ kind: String, _ parameters: NamedParameters) -> any Optimizer {
    kind == "adamw" ? AdamW(parameters, rate: 0.01) : Muon(parameters, decay: 0.1)
  }

  @Test(arguments: ["adamw", "muon"])
  func `continues bit for bit in a new optimizer`(kind: String) throws {
    let straight = exactParameters(Self.shapes)
    var first = Self.make(kind, straight)
    for step in 1...5 { first.step(exactGradients(straight, step: step), factor: 1) }

    let resumed: NamedParameters = straight.map { ($0.name, Parameter($0.parameter.value)) }
    var second = Self.make(kind, resumed)
    let saved = first.state
    try second.restore(Dictionary(uniqueKeysWithValues: saved.map { ($0.name, $0.tensor) }))
    for step in 6...10 {
      first.step(exactGradients(straight, step: step), factor: 0.5)
      second.step(exactGradients(resumed, step: step), factor: 0.5)
    }
    #expect(straight.map(\.parameter.value) == resumed.map(\.parameter.value))
    #expect(first.state.map(\.tensor) == second.state.map(\.tensor))
    #expect(first.state.map(\.tensor) != saved.map(\.tensor), "the saved state is a copy")
  }

  @Test(arguments: ["adamw", "muon"])
  func `is refused whole when a part of it is wrong`(kind: String) {
    let parameters = exactParameters(Self.shapes)
    var optimizer = Self.make(kind, parameters)
    optimizer.step(exactGradients(parameters, step: 1), factor: 1)
    let before = optimizer.state
    var good = Dictionary(uniqueKeysWithValues: before.map { ($0.name, $0.tensor) })
    good["norm.weight.first_moment"] = Tensor(repeating: 7, shape: [5])

    func refusal(_ change: (inout [String: Tensor]) -> Void) -> OptimizerStateError? {
      var saved = good
      change(&saved)
      do throws(OptimizerStateError) { try optimizer.restore(saved) } catch { return error }
      return nil
    }
    let moment = "norm.weight.second_moment"
    let steps = "norm.weight.steps"
    #expect(refusal { $0[moment] = nil } == .missing(name: moment))
    #expect(refusal { $0["x.momentum"] = Tensor(1) } == .unexpected(name: "x.momentum"))
    #expect(
      refusal { $0[moment] = Tensor(shape: [6]) }
        == .shape(name: moment, found: [6], expected: [5]))
    #expect(refusal { $0[steps] = Tensor(1.5) } == .steps(name: steps, found: 1.5))
    #expect(refusal { $0[steps] = Tensor(-1) } == .steps(name: steps, found: -1))
    #expect(refusal { $0[steps] = Tensor(1e20) } == .steps(name: steps, found: 1e20))
    #expect(refusal { $0[steps] = Tensor(.nan) } != nil)
    #expect(optimizer.state.map(\.tensor) == before.map(\.tensor))
    #expect(refusal { _ in } == nil)
    #expect(optimizer.state.map(\.tensor) != before.map(\.tensor))
  }

  @Test func `says in a sentence what is wrong`() {
    let error = OptimizerStateError.shape(name: "a.momentum", found: [2], expected: [3, 1])
    let sentence =
      "The optimizer state's tensor a.momentum has the shape [2]; it must be [3, 1]."
    #expect("\(error)" == sentence)
  }

  @Test func `is a value that a copy keeps`() {
    let parameters = exactParameters(["up_proj.weight": [4, 4]])
    var optimizer = AdamW(parameters, rate: 0.1)
    optimizer.step(exactGradients(parameters, step: 1))
    let copy = optimizer
    let kept = copy.state.map(\.tensor.scalars)
    optimizer.step(exactGradients(parameters, step: 2))
    #expect(copy.state.map(\.tensor.scalars) == kept)
    #expect(optimizer.state.map(\.tensor.scalars) != kept)
  }
}

@Suite struct `The role of a weight` {
  @Test(arguments: [
    ("model.embed_tokens.weight", [8, 4], WeightRole.embedding),
    ("lm_head.weight", [8, 4], .head),
    ("model.layers.61.shared_head.head.weight", [8, 4], .head),
    ("model.layers.61.shared_head.norm.weight", [4], .vector),
    ("model.layers.0.self_attn.q_proj.weight", [4, 4], .matrix),
    ("model.layers.0.self_attn.q_proj.bias", [4], .vector),
    ("model.layers.3.mlp.gate.weight", [8, 4], .matrix),
    ("model.layers.61.eh_proj.weight", [4, 8], .matrix),
    ("weight", [4, 8], .matrix),
  ])
  func `is told by name and shape`(name: String, shape: [Int], role: WeightRole) {
    #expect(WeightRole(name: name, shape: shape) == role)
  }
}
