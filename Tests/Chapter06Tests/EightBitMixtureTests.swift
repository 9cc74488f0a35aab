import Attention
import FP8
import MoE
import Tensors
import TestSupport
import Testing

/// Some experts, one of which nobody visits, and rows of very different sizes.
private struct Setting {
  let experts: [SwiGLUFeedForward]
  let x: Parameter
  let weights: Parameter
  let order: ExpertOrder
  let upstream: Tensor
  let width: Int
  let hidden: Int
  let idle = 2

  init(tokens: Int = 150, width: Int = 144, hidden: Int = 40, active: Int = 2) {
    var generator = SplitMix64(seed: 3)
    experts = (0..<4).map { _ in
      SwiGLUFeedForward(
        width: width, hidden: hidden, deviation: 0.1, outputDeviation: 0.1, using: &generator)
    }
    x = Parameter(.test(tokens, width))
    weights = Parameter(.positive(tokens, active, seed: 2))
    let choice = (0..<tokens).flatMap { $0 % 3 == 0 ? [3, 0] : [1, 0] }
    order = ExpertOrder(choice, of: 4, active: active)
    let entries = Tensor.test(tokens, width, seed: 5).scalars.enumerated().map {
      $1 / Float(1 << ($0 / width % 9))
    }
    upstream = Tensor(entries, shape: [tokens, width])
    (self.width, self.hidden) = (width, hidden)
  }

  var products: EightBitProduct { EightBitProduct(for: experts[0]) }

  func run(_ products: any MatrixProduct) -> (output: Tensor, gradients: Gradients) {
    let tape = Tape(products: products)
    let y = mixture(tape[x], tape[weights], order, experts)
    return (y.value, tape.gradients(of: (y * tape.constant(upstream)).sum()))
  }

  var parameters: [Parameter] { [x, weights] + experts.flatMap(\.parameters) }
}

extension Tensor {
  fileprivate var brain: Tensor {
    Tensor(scalars.map { Float(FloatFormat.brain.rounded(Double($0))) }, shape: shape)
  }

  fileprivate func rows(at places: [Int]) -> Tensor {
    let entries = places.flatMap { scalars[$0 * columns..<$0 * columns + columns] }
    return Tensor(Array(entries), shape: [places.count, columns])
  }

  fileprivate func columns(_ range: Range<Int>) -> Tensor {
    Tensor(
      scalars.enumerated().filter { range.contains($0.offset % columns) }.map(\.element),
      shape: [rows, range.count])
  }
}

/// One expert by the operations on coded matrices that other tests know.
private struct Decomposed {
  let outputs, sortedGradients, gateWeights: Tensor
  let gate, up, down: Tensor

  init(_ expert: SwiGLUFeedForward, _ setting: Setting, places: [Int], weights: [Float]) {
    let weight = expert.parameters.map { BlockScaled($0.value, by: .block) }
    let hidden = setting.hidden
    let rows = BlockScaled(
      setting.x.value.rows(at: places), by: .tile, scales: .powerOfTwo)
    let (g, u) = (rows.matmul(weight[0]).brain, rows.matmul(weight[1]).brain)
    func swiGLU(_ g: Tensor, _ u: Tensor) -> Tensor { g.swiGLU(u) }
    outputs = BlockScaled(swiGLU(g, u), by: .tile).matmul(weight[2]).brain

    // The way back knows the input of SwiGLU only as its codes tell.
    let both = zip(0..<places.count, 0...).flatMap { row, _ in
      g.rows(at: [row]).scalars + u.rows(at: [row]).scalars
    }
    let kept = BlockScaled(Tensor(both, shape: [places.count, 2 * hidden]), by: .tile).tensor
    let (keptGate, keptUp) = (kept.columns(0..<hidden), kept.columns(hidden..<2 * hidden))
    let arrived = BlockScaled(
      setting.upstream.rows(at: places), by: .tile, scales: .powerOfTwo)
    let z = arrived.matmul(weight[2], transposing: .none).brain
    let h = swiGLU(keptGate, keptUp)
    let scale = Tensor(
      (0..<places.count * hidden).map { weights[$0 / hidden] }, shape: z.shape)
    gateWeights = Tensor(
      (0..<places.count).map { row in
        zip(z.rows(at: [row]).scalars, h.rows(at: [row]).scalars).reduce(0) { $0 + $1.0 * $1.1 }
      }, shape: [places.count])
    let inner = keptGate.swiGLUPullback(z * scale, keptUp)
    let codedGate = BlockScaled(inner.gate, by: .tile)
    let codedUp = BlockScaled(inner.up, by: .tile)
    sortedGradients =
      (codedGate.matmul(weight[0], transposing: .none)
      + codedUp.matmul(weight[1], transposing: .none)).brain
    let inputs = BlockScaled(rows.tensor, by: .column, scales: .powerOfTwo)
    gate = BlockScaled(inner.gate, by: .column).matmul(inputs, transposing: .left)
    up = BlockScaled(inner.up, by: .column).matmul(inputs, transposing: .left)
    down = BlockScaled(arrived.tensor, by: .column, scales: .powerOfTwo).matmul(
      BlockScaled(h * scale, by: .column), transposing: .left)
  }
}

@Suite struct `A mixture in eight bits` {
  @Test func `equals its products one by one`() throws {
    let setting = Setting()
    let (output, gradients) = setting.run(setting.products)
    let (order, weights) = (setting.order, setting.weights.value.scalars)
    var sum = [Double](repeating: 0, count: output.count)
    var back = sum
    var shares = [Double](repeating: 0, count: weights.count)
    for expert in order.busy {
      let slots = order.slots[order.starts[expert]...].prefix(order.loads[expert]).map {
        Int($0)
      }
      let places = slots.map { $0 / order.active }
      let twin = Decomposed(
        setting.experts[expert], setting, places: places, weights: slots.map { weights[$0] })
      for (row, slot) in slots.enumerated() {
        shares[slot] = Double(twin.gateWeights.scalars[row])
        for j in 0..<setting.width {
          let place = row * setting.width + j
          sum[places[row] * setting.width + j] +=
            Double(weights[slot]) * Double(twin.outputs.scalars[place])
          back[places[row] * setting.width + j] += Double(twin.sortedGradients.scalars[place])
        }
      }
      let parts = setting.experts[expert].parameters
      let small = Tolerance(2e-3, "a number next to a tie may fall to either side")
      for (name, (parameter, expected)) in zip(
        ["gate", "up", "down"], zip(parts, [twin.gate, twin.up, twin.down]))
      {
        expectClose(try #require(gradients[parameter]), expected, small, "\(name) of \(expert)")
      }
    }
    expectClose(output, sum, .product, "output")
    expectClose(try #require(gradients[setting.x]), back, .brain, "input")
    expectClose(try #require(gradients[setting.weights]), shares, .product, "gate weights")
  }

  @Test func `is near the mixture in FP32`() throws {
    let setting = Setting(tokens: 300, width: 256, hidden: 128)
    let eight = setting.run(setting.products), plain = setting.run(SinglePrecision())
    #expect(relativeError(eight.output, plain.output) < 0.07)
    for (index, parameter) in setting.parameters.enumerated() {
      guard let expected = plain.gradients[parameter] else { continue }
      let error = relativeError(try #require(eight.gradients[parameter]), expected)
      #expect(error < 0.1, "parameter \(index): \(error)")
      #expect(error > 0.005, "parameter \(index) was not rounded at all")
    }
  }

  @Test func `leaves experts alone that nobody visits`() {
    let setting = Setting()
    let (_, gradients) = setting.run(setting.products)
    #expect(setting.experts[setting.idle].parameters.allSatisfy { gradients[$0] == nil })
  }

  @Test func `has the same bits with any number of threads`() {
    let setting = Setting(tokens: 300, width: 256, hidden: 128)
    let one = Threads.with(1) { setting.run(setting.products) }
    let many = Threads.with(4) { setting.run(setting.products) }
    #expect(one.output == many.output)
    for parameter in setting.parameters {
      #expect(one.gradients[parameter] == many.gradients[parameter])
    }
  }

  @Test func `gives the same weights' gradients when they are asked for late`() {
    let setting = Setting()
    let early = setting.run(setting.products)
    let tape = Tape(products: setting.products)
    let y = mixture(
      tape[setting.x], tape[setting.weights], setting.order, setting.experts)
    let gradients = tape.gradients(of: y, upstream: setting.upstream).now()
    for parameter in setting.parameters {
      #expect(gradients[parameter] == early.gradients[parameter])
    }
  }
}
