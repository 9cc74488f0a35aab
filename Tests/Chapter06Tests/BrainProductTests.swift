import Attention
import Checkpoints
import FP8
import MTP
import MoE
import Tensors
import TestSupport
import Testing

private func brain(_ x: Double) -> Double { FloatFormat.brain.rounded(x, .special) }

extension Tensor {
  fileprivate var brained: Tensor {
    Tensor(scalars.map { Float(brain(Double($0))) }, shape: shape)
  }

  fileprivate var isBrain: Bool { scalars.allSatisfy { $0.bitPattern & 0xFFFF == 0 } }
}

@Suite struct `A number in brain floating point` {
  @Test(
    arguments: [
      (1, 1), (1 + 0x1p-8, 1), (1 + 0x1p-8 + 0x1p-20, 1 + 0x1p-7), (1 + 0x1.8p-7, 1 + 0x1p-6),
      (-1 - 0x1p-8, -1), (3.1415927, 3.140625), (0x1p-133, 0x1p-133), (0x1p-134, 0),
      (0x1.8p-134, 0x1p-133), (0, 0), (65504, 65536),
    ] as [(Float, Float)])
  func `is the nearest one, and of two the even one`(x: Float, wanted: Float) {
    #expect(Tensor(x).roundedToBrain.scalar == wanted)
  }

  @Test func `keeps infinities and is still no number`() {
    let special = Tensor([.infinity, -.infinity, .greatestFiniteMagnitude, .nan], shape: [4])
    let rounded = special.roundedToBrain.scalars
    #expect(rounded[0] == .infinity && rounded[1] == -.infinity && rounded[2] == .infinity)
    #expect(rounded[3].isNaN)
  }

  @Test(arguments: [[0], [1], [7], [16], [3, 21], [40_001]])
  func `takes two bytes, and comes back as it was rounded`(shape: [Int]) {
    let tensor = Tensor.test(shape: shape)
    let stored = BrainTensor(rounding: tensor)
    #expect(stored.byteCount == 2 * tensor.count)
    #expect(stored.tensor == tensor.brained)
    #expect(stored.tensor == tensor.roundedToBrain)
    #expect(BrainTensor(rounding: stored.tensor).tensor == stored.tensor)
    #expect(BrainTensor(shape: shape).tensor == Tensor(shape: shape))
  }

  @Test func `is rounded in a copy`() {
    let tensor = Tensor.test(5, 5)
    #expect(tensor.roundedToBrain == tensor.brained && tensor == .test(5, 5))
  }
}

@Suite struct `A product in brain floating point` {
  private struct Setting {
    let x = Parameter(.test(4, 9, 40))
    let maps: [Linear]

    init() {
      maps = [24, 17].enumerated().map { index, outputs in
        Linear(
          weight: Parameter(.test(outputs, 40, seed: UInt64(index + 2))),
          bias: index == 0 ? nil : Parameter(.test(outputs, seed: 7)))
      }
    }

    func run(_ products: any MatrixProduct) -> (outputs: [Tensor], gradients: Gradients) {
      let tape = Tape(products: products)
      let outputs = products.linear(tape[x], maps)
      let upstream = outputs.enumerated().map { index, y in
        (y * tape.constant(.test(shape: y.shape, seed: UInt64(index + 20)))).sum()
      }
      return (outputs.map(\.value), tape.gradients(of: upstream[0] + upstream[1]))
    }
  }

  @Test func `is the product of rounded operands, rounded`() {
    let setting = Setting()
    let (outputs, _) = setting.run(BrainProduct())
    for (map, output) in zip(setting.maps, outputs) {
      let x = rows(setting.x.value.brained.doubles, of: 40)
      let weights = rows(map.weight.value.brained.doubles, of: 40)
      let bias = map.bias?.value.doubles
      let exact = x.flatMap { x in
        weights.enumerated().map { j, w in
          zip(x, w).reduce(bias?[j] ?? 0) { $0 + $1.0 * $1.1 }
        }
      }
      #expect(output.isBrain)
      // Where the sum in single precision lies beside a tie, it may fall to the other side.
      expectClose(output, exact, Tolerance(0x1p-8, "half of the last bit"))
      let equal = zip(output.doubles, exact).count { $0 == brain($1) }
      #expect(equal > output.count * 99 / 100)
    }
  }

  @Test func `sends rounded gradients back to rows, and unrounded ones to weights`() throws {
    let setting = Setting()
    let (outputs, gradients) = setting.run(BrainProduct())
    let upstream = outputs.indices.map {
      Tensor.test(shape: outputs[$0].shape, seed: UInt64($0 + 20)).brained.asRows
    }
    let x = setting.x.value.brained.asRows
    var rowsShare = Tensor(shape: x.shape)
    for (map, upstream) in zip(setting.maps, upstream) {
      rowsShare.add(upstream.matmul(map.weight.value.brained))
      let found = try #require(gradients[map.weight])
      expectClose(found, upstream.matmul(x, transposing: .left), .product)
      #expect(!found.isBrain)
      if let bias = map.bias {
        expectClose(try #require(gradients[bias]), upstream.sumOfRows, .product)
      }
    }
    let found = try #require(gradients[setting.x])
    #expect(found.isBrain && found.shape == setting.x.shape)
    expectClose(found.asRows, rowsShare, Tolerance(0x1p-8, "half of the last bit"))
  }

  @Test func `is exact where nothing needs rounding`() {
    // Whole numbers below 256 are exact in eight bits of significand, and so are their sums here.
    let x = Parameter(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]))
    let map = Linear(weight: Parameter(Tensor([1, 0, 2, -1, 3, 5], shape: [2, 3])))
    let tape = Tape(products: BrainProduct())
    #expect(map(tape[x]).value == Tensor([7, 20, 16, 41], shape: [2, 2]))
  }

  @Test func `sees new weights after a step`() {
    let map = Linear(weight: Parameter(Tensor([1], shape: [1, 1])))
    let x = Tensor([1], shape: [1, 1])
    let products = BrainProduct()
    #expect(map(Tape(products: products).constant(x)).value.scalar == 1)
    map.weight.update { $0.scale(by: 3) }
    #expect(map(Tape(products: products).constant(x)).value.scalar == 3)
    map.weight.value = Tensor([5], shape: [1, 1])
    #expect(map(Tape(products: products).constant(x)).value.scalar == 5)
  }

  @Test func `has the same bits on any number of threads`() {
    let results = [1, 2, 3, 8].map { threads in
      Threads.with(threads) { () -> [Tensor?] in
        let setting = Setting()
        let (outputs, gradients) = setting.run(BrainProduct())
        return outputs + [gradients[setting.x]] + setting.maps.map { gradients[$0.weight] }
      }
    }
    for result in results { #expect(result == results[0]) }
  }
}

@Suite struct `A mixture in brain floating point` {
  private struct Setting {
    let experts: [SwiGLUFeedForward]
    let x = Parameter(.test(60, 24))
    let weights = Parameter(.positive(60, 2, seed: 2))
    let order: ExpertOrder

    /// Expert 3 has nothing to do.
    init() {
      var generator = SplitMix64(seed: 3)
      experts = (0..<5).map { _ in
        SwiGLUFeedForward(
          width: 24, hidden: 16, deviation: 0.3, outputDeviation: 0.3, using: &generator)
      }
      let choice = (0..<60).flatMap { [[0, 1, 2, 4][$0 % 4], [1, 2, 4, 0][$0 / 2 % 4]] }
      order = ExpertOrder(choice, of: 5, active: 2)
    }

    var parameters: [Parameter] { [x, weights] + experts.flatMap(\.parameters) }

    func run(_ products: any MatrixProduct) -> (output: Tensor, gradients: Gradients) {
      let tape = Tape(products: products)
      let y = mixture(tape[x], tape[weights], order, experts)
      return (y.value, tape.gradients(of: y, upstream: .test(60, 24, seed: 4)).now())
    }
  }

  @Test func `is near the mixture in single precision, but not equal to it`() {
    let setting = Setting()
    let (brain, single) = (setting.run(BrainProduct()), setting.run(SinglePrecision()))
    let near = Tolerance(0.06, "three products of operands with eight bits")
    expectClose(brain.output, single.output, near)
    #expect(brain.output != single.output)
    for (index, parameter) in setting.parameters.enumerated() {
      switch (brain.gradients[parameter], single.gradients[parameter]) {
      case (nil, nil): #expect((2 + 9..<2 + 12).contains(index), "expert 3 alone is idle")
      case (let found?, let expected?):
        expectClose(found, expected, near, "operand \(index)")
        #expect(found != expected)
      default: Issue.record("operand \(index) has a gradient in one precision only")
      }
    }
  }

  @Test func `is what linear makes of the rows of each expert`() {
    let setting = Setting()
    let found = setting.run(BrainProduct())
    // The same tokens, expert by expert, through the maps of a dense layer.
    let tape = Tape(products: BrainProduct())
    let (x, weights) = (tape[setting.x], tape[setting.weights])
    var sum = tape.constant(Tensor(shape: [60, 24]))
    for expert in setting.order.busy {
      let (start, load) = (setting.order.starts[expert], setting.order.loads[expert])
      let slots = setting.order.slots[start..<start + load].map { Int($0) }
      let rows = x.gathered(at: slots.map { $0 / 2 })
      let pass = Pass(Sequences(count: 1, length: load), on: tape)
      let share = weights.reshaped(to: [120, 1]).gathered(at: slots)
      let output = setting.experts[expert](rows, in: pass) * share
      sum = sum + output.scatterAdded(to: slots.map { $0 / 2 }, rows: 60)
    }
    expectClose(found.output, sum.value, .rounding)
    let gradients = tape.gradients(of: sum, upstream: .test(60, 24, seed: 4)).now()
    for (index, parameter) in setting.parameters.enumerated() {
      guard let a = found.gradients[parameter], let b = gradients[parameter] else { continue }
      expectClose(a, b, .product, "operand \(index)")
    }
  }

  @Test func `has the same bits on any number of threads`() {
    let results = [1, 2, 3, 8].map { threads in
      Threads.with(threads) { () -> [Tensor?] in
        let setting = Setting()
        let result = setting.run(BrainProduct())
        return [result.output] + setting.parameters.map { result.gradients[$0] }
      }
    }
    for result in results { #expect(result == results[0]) }
  }
}
