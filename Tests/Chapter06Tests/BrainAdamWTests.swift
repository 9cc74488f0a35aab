import FP8
import Foundation
import Tensors
import TestSupport
import Testing

private typealias Named = [(name: String, parameter: Parameter)]

private func named(_ shapes: KeyValuePairs<String, [Int]>) -> Named {
  shapes.map { ($0.key, Parameter(.test(shape: $0.value))) }
}

private func gradients(_ parameters: Named, step: Int) -> Gradients {
  var gradients = Gradients()
  for (_, parameter) in parameters {
    gradients[parameter] = .test(shape: parameter.shape, seed: UInt64(100 + step))
  }
  return gradients
}

private func brain(_ x: Double) -> Double {
  Double(Tensor(Float(x)).roundedToBrain.scalar)
}

@Suite struct `AdamW with moments of two bytes` {
  private let shapes: KeyValuePairs<String, [Int]> = [
    "embed_tokens.weight": [4, 3], "up_proj.weight": [6, 40], "norm.weight": [5],
  ]

  @Test func `can be worked out by hand`() {
    // m = 0.2 and v = 0.2 as in chapter 1, rounded to 0.2001953125; the step divides them out of
    // themselves before they are rounded, so the weight moves as ever.
    let weight = Parameter(Tensor([1], shape: [1, 1]))
    var optimizer = BrainAdamW([("up_proj.weight", weight)], rate: 0.1)
    var gradient = Gradients()
    gradient[weight] = Tensor([2], shape: [1, 1])
    optimizer.step(gradient)
    #expect(abs(weight.value.scalar - 0.89) < 1e-7)
    #expect(optimizer.state.map(\.tensor.scalar) == [0.2001953125, 0.2001953125, 1])
  }

  @Test func `follows the formulas in Double, with moments rounded after each step`() {
    let parameters = named(shapes)
    let before = parameters.map(\.parameter.value.doubles)
    var optimizer = BrainAdamW(parameters, rate: 0.02, decay: 0.3)
    for step in 1...20 {
      optimizer.step(gradients(parameters, step: step), factor: step > 10 ? 0.25 : 1)
    }
    for (index, decay) in [0, 0.3, 0].enumerated() {
      let (name, parameter) = parameters[index]
      var w = before[index]
      var m = w.map { _ in 0.0 }
      var v = m
      for step in 1...20 {
        let rate = step > 10 ? 0.005 : 0.02
        let g = Tensor.test(shape: parameter.shape, seed: UInt64(100 + step)).doubles
        for i in w.indices {
          m[i] = 0.9 * m[i] + 0.1 * g[i]
          v[i] = 0.95 * v[i] + 0.05 * g[i] * g[i]
          let mean = m[i] / (1 - pow(0.9, Double(step)))
          let square = v[i] / (1 - pow(0.95, Double(step)))
          w[i] = w[i] * (1 - rate * decay) - rate * mean / (square.squareRoot() + 1e-8)
          (m[i], v[i]) = (brain(m[i]), brain(v[i]))
        }
      }
      // A moment beside a tie may be rounded otherwise than in Double: 2⁻⁸ of a step of 0.02.
      expectClose(parameter.value, w, Tolerance(1e-3, "a few moments on the other side"), name)
      let close = zip(parameter.value.doubles, w).count { abs($0 - $1) < 1e-5 }
      #expect(close > w.count * 9 / 10, "\(name)")
    }
  }

  @Test func `stays near AdamW and halves its memory`() {
    let (small, large) = (named(shapes), named(shapes))
    var brain = BrainAdamW(small, rate: 0.02)
    var single = AdamW(large, rate: 0.02)
    #expect(brain.byteCount == 2 * 2 * (12 + 240 + 5))
    for step in 1...50 {
      brain.step(gradients(small, step: step))
      single.step(gradients(large, step: step))
    }
    for ((name, a), (_, b)) in zip(small, large) {
      let near = Tolerance(0.01, "moments with eight bits")
      expectClose(a.value, b.value, near, name)
      #expect(a.value != b.value)
    }
  }

  @Test func `carries the roundings of as many steps as it carries gradients`() {
    // Gradients of one sign, of sizes that are spread over a power of two.
    var generator = SplitMix64(seed: 3)
    let sizes = Tensor(
      (0..<4096).map { _ in Float(exp2(generator.uniform())) }, shape: [64, 64])
    let (small, large) = (named(["w": [64, 64]]), named(["w": [64, 64]]))
    var brain = BrainAdamW(small, rate: 1e-3)
    var single = AdamW(large, rate: 1e-3)
    for _ in 0..<120 {
      let noise = Tensor.normal(shape: [64, 64], using: &generator)
      let gradient = Tensor(
        zip(sizes.scalars, noise.scalars).map { $0 * (1 + 0.3 * $1) }, shape: [64, 64])
      var gradients = Gradients()
      for weights in [small, large] { gradients[weights[0].parameter] = gradient }
      brain.step(gradients)
      single.step(gradients)
    }
    // One rounding errs by 2⁻⁷ √.541 / √12, and each step forgets 1 − β of what there is.
    let rounding = 0x1p-7 * (0.541 / 12).squareRoot()
    for (place, beta) in [0.9, 0.95].enumerated() {
      let found = zip(brain.state[place].tensor.doubles, single.state[place].tensor.doubles)
      let square = found.reduce(0.0) { $0 + pow($1.0 / $1.1 - 1, 2) } / 4096
      let expected = rounding / (1 - beta * beta).squareRoot()
      #expect(abs(square.squareRoot() / expected - 1) < 0.1, "\(square.squareRoot())")
    }
  }

  // snippet.stall
  @Test(arguments: [(0.95 as Float, false), (0.999, true)])
  func `lets v fall only if a step takes more than half of a last bit`(
    beta: Float, stalls: Bool
  ) {
    // One large gradient, then none: v ← β₂ v. A step of 0.05 v is seen, one of 0.001 v is not,
    // because half a last bit is between 2⁻⁹ and 2⁻⁸ of v, that is from 0.002 to 0.004.
    let weight = Parameter(Tensor([1], shape: [1]))
    var optimizer = BrainAdamW([("norm.weight", weight)], rate: 0.01, beta2: beta)
    func second() -> Float { optimizer.state[1].tensor.scalar }
    for (step, gradient) in ([1] + [Float](repeating: 0, count: 200)).enumerated() {
      var gradients = Gradients()
      gradients[weight] = Tensor([gradient], shape: [1])
      optimizer.step(gradients)
      if step == 0 { #expect(abs(second() / (1 - beta) - 1) < 0.004) }
    }
    #expect((second() > 0.99 * (1 - beta)) == stalls)
    if !stalls { #expect(second() < 0.05 * 1e-3) }
  }
  // snippet.end

  @Test func `continues bit for bit in a new optimizer`() throws {
    let straight = named(shapes)
    var first = BrainAdamW(straight, rate: 0.01)
    for step in 1...5 { first.step(gradients(straight, step: step)) }
    let resumed: Named = straight.map { ($0.name, Parameter($0.parameter.value)) }
    var second = BrainAdamW(resumed, rate: 0.01)
    let saved = first.state
    try second.restore(Dictionary(uniqueKeysWithValues: saved.map { ($0.name, $0.tensor) }))
    for step in 6...10 {
      first.step(gradients(straight, step: step), factor: 0.5)
      second.step(gradients(resumed, step: step), factor: 0.5)
    }
    #expect(straight.map(\.parameter.value) == resumed.map(\.parameter.value))
    #expect(first.state.map(\.tensor) == second.state.map(\.tensor))
    #expect(first.state.map(\.tensor) != saved.map(\.tensor), "the saved state is a copy")
  }

  @Test func `names its state as AdamW does, and refuses it whole`() {
    let parameters = named(shapes)
    var optimizer = BrainAdamW(parameters, rate: 0.01)
    #expect(optimizer.state.map(\.name) == AdamW(parameters, rate: 0.01).state.map(\.name))
    optimizer.step(gradients(parameters, step: 1))
    let before = optimizer.state
    var saved = Dictionary(uniqueKeysWithValues: before.map { ($0.name, $0.tensor) })
    saved["embed_tokens.weight.first_moment"] = Tensor(repeating: 7, shape: [4, 3])
    saved["norm.weight.steps"] = Tensor(1.5)
    #expect(throws: OptimizerStateError.steps(name: "norm.weight.steps", found: 1.5)) {
      try optimizer.restore(saved)
    }
    saved["norm.weight.steps"] = nil
    #expect(throws: OptimizerStateError.missing(name: "norm.weight.steps")) {
      try optimizer.restore(saved)
    }
    #expect(optimizer.state.map(\.tensor) == before.map(\.tensor))
  }

  @Test func `is a value that a copy keeps`() {
    let parameters = named(["up_proj.weight": [4, 4]])
    var optimizer = BrainAdamW(parameters, rate: 0.1)
    optimizer.step(gradients(parameters, step: 1))
    let copy = optimizer
    let kept = copy.state.map(\.tensor)
    optimizer.step(gradients(parameters, step: 2))
    #expect(copy.state.map(\.tensor) == kept)
    #expect(optimizer.state.map(\.tensor) != kept)
  }

  @Test func `leaves a weight without gradient alone`() {
    let parameters = named(["a.weight": [3, 3], "b.weight": [3, 3]])
    let before = parameters[1].parameter.value
    var optimizer = BrainAdamW(parameters, rate: 0.1)
    optimizer.step(gradients(Array(parameters.prefix(1)), step: 1))
    #expect(parameters[1].parameter.value == before)
    #expect(optimizer.state[5].tensor.scalar == 0)
  }

  @Test func `has the same bits on any number of threads`() {
    // 64 000 weights are four blocks of work, the last of them short.
    let results = [1, 2, 3, 8].map { threads in
      Threads.with(threads) {
        let parameters = named(["up_proj.weight": [320, 200], "bias": [13]])
        var optimizer = BrainAdamW(parameters, rate: 0.01)
        for step in 1...3 { optimizer.step(gradients(parameters, step: step)) }
        return parameters.map(\.parameter.value) + optimizer.state.map(\.tensor)
      }
    }
    for result in results.dropFirst() { #expect(result == results[0]) }
  }
}
