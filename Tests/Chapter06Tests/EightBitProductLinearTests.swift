import FP8
import Tensors
import TestSupport
import Testing

/// Two maps that share their rows, and one of each special kind.
private struct Layer: Module {
  let first, second, outputMap, joint: Linear

  init(inputs: Int, outputs: Int) {
    func weight(_ seed: UInt64) -> Parameter { Parameter(.test(outputs, inputs, seed: seed)) }
    first = Linear(weight: weight(1), bias: Parameter(.test(outputs, seed: 2)))
    second = Linear(weight: weight(3))
    outputMap = Linear(weight: weight(4))
    joint = Linear(weight: weight(5))
  }

  var parts: KeyValuePairs<String, any Part> {
    ["gate_proj": first, "up_proj": second, "o_proj": outputMap, "eh_proj": joint]
  }
}

private struct Run {
  var outputs: [Tensor]
  var input: Tensor
  var weights: [Tensor]
}

/// Rows and gradients of very different sizes, as in training.
private func rows(_ count: Int, _ columns: Int, seed: UInt64) -> Tensor {
  let x = Tensor.test(count, columns, seed: seed)
  let entries = x.scalars.enumerated().map { $1 / Float(1 << ($0 / columns % 7)) }
  return Tensor(entries, shape: x.shape)
}

private func run(
  _ products: any MatrixProduct, _ x: Tensor, _ maps: [Linear], _ upstream: [Tensor]
) -> Run {
  let tape = Tape(products: products)
  let input = Parameter(x)
  let outputs = products.linear(tape[input], maps)
  let loss = zip(outputs, upstream).map { ($0 * tape.constant($1)).sum() }.reduce(
    tape.constant(Tensor(0))
  ) { $0 + $1 }
  let gradients = tape.gradients(of: loss)
  return Run(
    outputs: outputs.map(\.value), input: gradients[input] ?? Tensor(0),
    weights: maps.map { gradients[$0.weight] ?? Tensor(0) })
}

@Suite struct `Linear maps in eight bits` {
  private let layer = Layer(inputs: 200, outputs: 136)
  private let x = rows(150, 200, seed: 6)
  private let upstream = [rows(150, 136, seed: 7), rows(150, 136, seed: 8)]
  private var products: EightBitProduct { EightBitProduct(for: layer) }

  @Test func `compute the three products from their own groupings`() {
    let maps = [layer.first, layer.second]
    let result = run(products, x, maps, upstream)
    let coded = Grid(x).quantized(1, 128)
    let weights = maps.map { Grid($0.weight.value).quantized(128, 128) }
    let bias = layer.first.bias?.value.doubles ?? []
    let product = coded.times(weights[0].transposed)
    let sum = Grid(product.rows, product.columns) { product[$0, $1] + bias[$1] }
    expectClose(result.outputs[0], sum.rounded(to: .brain).entries, .brain, "first")
    expectClose(
      result.outputs[1], coded.times(weights[1].transposed).rounded(to: .brain).entries, .brain,
      "second")
    let shares = zip(upstream, weights).map { Grid($0).quantized(1, 128).times($1) }
    let back = Grid(x.rows, x.columns) { shares[0][$0, $1] + shares[1][$0, $1] }
    expectClose(result.input, back.rounded(to: .brain).entries, .brain, "input")
    let regrouped = coded.quantized(128, 1)
    for (gradient, upstream) in zip(result.weights, upstream) {
      expectClose(
        gradient, Grid(upstream).quantized(128, 1).transposed.times(regrouped).entries,
        .product,
        "weight")
    }
  }

  @Test func `give outputs and input gradients in BF16, and weight gradients in FP32`() {
    let result = run(products, x, [layer.first, layer.second], upstream)
    func isBrain(_ x: Tensor) -> Bool { x.scalars.allSatisfy { $0.bitPattern & 0xFFFF == 0 } }
    #expect(result.outputs.allSatisfy(isBrain) && isBrain(result.input))
    #expect(!result.weights.contains(where: isBrain))
  }

  // snippet.twelve-bits
  @Test func `keep what comes from attention in twelve bits for the way back`() {
    let result = run(products, x, [layer.outputMap], [upstream[0]])
    let coded = Grid(x).quantized(1, 128, powersOfTwo: true)
    let weights = Grid(layer.outputMap.weight.value).quantized(128, 128)
    expectClose(
      result.outputs[0], coded.times(weights.transposed).rounded(to: .brain).entries, .brain)
    let kept = Grid(x).quantized(1, 128, in: .e5m6, powersOfTwo: true)
    let gradient = Grid(upstream[0]).quantized(128, 1).transposed
    expectClose(
      result.weights[0], gradient.times(kept.quantized(128, 1, powersOfTwo: true)).entries,
      .product)
  }
  // snippet.end

  @Test func `leave the maps that stay high alone, bit for bit`() {
    let result = run(products, x, [layer.joint], [upstream[0]])
    let plain = run(SinglePrecision(), x, [layer.joint], [upstream[0]])
    #expect(result.outputs == plain.outputs && result.weights == plain.weights)
    #expect(result.input == plain.input)
    #expect(run(products, x, [layer.second], upstream).outputs != plain.outputs)
  }

  @Test func `have the gradients of FP32 but for the error of two roundings`() {
    var generator = SplitMix64(seed: 9)
    let layer = Layer(inputs: 256, outputs: 256)
    let map = layer.second
    map.weight.value = .normal(shape: [256, 256], deviation: 0.02, using: &generator)
    let x = Tensor.normal(shape: [512, 256], deviation: 1, using: &generator)
    let g = Tensor.normal(shape: [512, 256], deviation: 1e-3, using: &generator)
    let eight = run(EightBitProduct(for: layer), x, [map], [g])
    let plain = run(SinglePrecision(), x, [map], [g])
    // 3.69 % where two matrices are rounded once; X is rounded twice on the way to its weights.
    #expect(abs(relativeError(eight.outputs[0], plain.outputs[0]) - 0.0369) < 0.001)
    #expect(abs(relativeError(eight.input, plain.input) - 0.0369) < 0.001)
    #expect(abs(relativeError(eight.weights[0], plain.weights[0]) - 0.0447) < 0.001)
  }

  @Test func `have the same bits with any number of threads`() {
    let one = Threads.with(1) { run(products, x, [layer.first, layer.outputMap], upstream) }
    let many = Threads.with(4) { run(products, x, [layer.first, layer.outputMap], upstream) }
    #expect(one.outputs == many.outputs && one.input == many.input)
    #expect(one.weights == many.weights)
  }

  @Test func `follow the weights when a step has moved them`() {
    let before = run(products, x, [layer.second], upstream)
    layer.second.weight.update { $0 = $0 * 2 }
    let after = run(products, x, [layer.second], upstream)
    #expect(after.outputs[0] == before.outputs[0] * 2)
    #expect(after.input == before.input * 2)
  }

  @Test func `round gradients to E5M2 when told to, with twice the error`() {
    let options = EightBitProduct.Options(gradientFormat: .e5m2)
    let result = run(
      EightBitProduct(for: layer, options: options), x, [layer.second], [upstream[0]])
    let weights = Grid(layer.second.weight.value).quantized(128, 128)
    let gradient = Grid(upstream[0])
    expectClose(
      result.input,
      gradient.quantized(1, 128, in: .e5m2).times(weights).rounded(to: .brain).entries, .brain)
    let regrouped = Grid(x).quantized(1, 128).quantized(128, 1)
    expectClose(
      result.weights[0],
      gradient.quantized(128, 1, in: .e5m2).transposed.times(regrouped).entries, .product)
  }

  // snippet.square-gradients
  @Test func `lose small tokens' gradients when squares of them share a scale`() {
    // The gradients of token 0 reach 2048, those of every next token half as far.
    let base = Tensor.test(1, 128, seed: 11).scalars
    let entries = (0..<128 * 128).map { (place: Int) -> Float in
      let halvings = place / 128 % 30
      return base[place % 128] * 1024 / Float(1 << halvings)
    }
    let gradient = Tensor(entries, shape: [128, 128])
    let layer = Layer(inputs: 128, outputs: 128)
    let x = rows(128, 128, seed: 12)
    let square = EightBitProduct.Options(gradientGroup: .block)
    let plain = run(SinglePrecision(), x, [layer.second], [gradient]).input
    for (options, isLost) in [(EightBitProduct.Options(), false), (square, true)] {
      let products = EightBitProduct(for: layer, options: options)
      let input = run(products, x, [layer.second], [gradient]).input
      let last = { (x: Tensor) in Tensor(Array(x.scalars[128 * 29..<128 * 30]), shape: [128]) }
      let error = relativeError(last(input), last(plain))
      #expect(isLost ? error == 1 : error < 0.06, "\(error)")
    }
  }
  // snippet.end
}
