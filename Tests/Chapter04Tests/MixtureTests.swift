import Attention
import Checkpoints
import MoE
import Tensors
import TestSupport
import Testing

/// Experts, rows and choices large enough for tiles, edges and threads.
private struct Setting {
  let experts: [SwiGLUFeedForward]
  let x: Parameter
  let weights: Parameter
  let choice: [Int]
  let order: ExpertOrder
  let width, hidden: Int

  init(
    tokens: Int = 90, width: Int = 20, hidden: Int = 12, experts count: Int = 6,
    active: Int = 2, idle: Int? = nil
  ) {
    var generator = SplitMix64(seed: 3)
    experts = (0..<count).map { _ in
      SwiGLUFeedForward(
        width: width, hidden: hidden, deviation: 0.4, outputDeviation: 0.4, using: &generator)
    }
    x = Parameter(.test(tokens, width))
    weights = Parameter(.test(tokens, active, seed: 2))
    choice = (0..<tokens).flatMap { _ in
      var numbers = Array(0..<count).filter { $0 != idle }
      numbers.sort { _, _ in generator.next() % 2 == 0 }
      return Array(numbers.prefix(active))
    }
    order = ExpertOrder(choice, of: count, active: active)
    (self.width, self.hidden) = (width, hidden)
  }

  func run(
    _ upstream: Tensor,
    _ body: (Variable, Variable, ExpertOrder, [SwiGLUFeedForward]) -> Variable
  ) -> (output: Tensor, gradients: Gradients) {
    let tape = Tape()
    let y = body(tape[x], tape[weights], order, experts)
    return (y.value, tape.gradients(of: y, upstream: upstream).now())
  }

  var parameters: [Parameter] { [x, weights] + experts.flatMap(\.parameters) }

  var twin: [Double] {
    let twin = MixtureTwin(
      width: width, hidden: hidden, active: order.active, choice: choice)
    return twin(
      x.value.doubles, weights.value.doubles,
      experts.flatMap { $0.parameters.map(\.value.doubles) })
  }
}

@Suite struct `A mixture of experts` {
  // snippet.dense-sum
  @Test func `equals the sum over all experts with a mask`() {
    let setting = Setting()
    let (output, _) = setting.run(.test(90, 20, seed: 4), mixture)
    expectClose(output, setting.twin, .product)
    let tape = Tape(recording: false)
    let silent = mixture(
      tape[setting.x], tape[setting.weights], setting.order, setting.experts)
    expectClose(silent.value, setting.twin, .product, "without recording")
  }

  @Test func `has the gradients of gather, products and scatter`() {
    let setting = Setting()
    let upstream = Tensor.test(90, 20, seed: 4)
    let (fused, separate) = (
      setting.run(upstream, mixture), setting.run(upstream, separateMixture)
    )
    expectClose(fused.output, separate.output, .product)
    for (index, parameter) in setting.parameters.enumerated() {
      guard let found = fused.gradients[parameter], let expected = separate.gradients[parameter]
      else {
        Issue.record("no gradient of operand \(index)")
        continue
      }
      expectClose(found, expected, .gradient, "operand \(index)")
    }
  }
  // snippet.end

  @Test func `leaves an expert without tokens alone`() {
    let setting = Setting(idle: 4)
    let (_, gradients) = setting.run(.test(90, 20, seed: 4), mixture)
    #expect(setting.order.loads[4] == 0)
    for (number, expert) in setting.experts.enumerated() {
      for parameter in expert.parameters {
        #expect((gradients[parameter] == nil) == (number == 4), "expert \(number)")
      }
    }
    let before = setting.experts.map { $0.parameters.map(\.value) }
    let named = setting.experts.enumerated().flatMap { number, expert in
      expert.namedParameters.map { ("experts.\(number).\($0.name)", $0.parameter) }
    }
    var optimizer = AdamW(named, rate: 0.1)
    optimizer.step(gradients, factor: 1)
    for (number, expert) in setting.experts.enumerated() {
      #expect((expert.parameters.map(\.value) == before[number]) == (number == 4))
    }
  }

  @Test func `serves one token, and all tokens by one expert`() {
    let one = Setting(tokens: 1)
    expectClose(one.run(.test(1, 20), mixture).output, one.twin, .product)
    let crowd = Setting(tokens: 300, experts: 1, active: 1)
    expectClose(crowd.run(.test(300, 20), mixture).output, crowd.twin, .product)
  }

  @Test func `has the same bits on any number of threads`() {
    let setting = Setting(tokens: 200, width: 64, hidden: 48, experts: 8, active: 3)
    let upstream = Tensor.test(200, 64, seed: 4)
    let alone = Threads.with(1) { setting.run(upstream, mixture) }
    for threads in [2, 3, 8] {
      let other = Threads.with(threads) { setting.run(upstream, mixture) }
      #expect(other.output == alone.output)
      for parameter in setting.parameters {
        #expect(other.gradients[parameter] == alone.gradients[parameter])
      }
    }
  }

  @Test func `gives its weights' gradients later when asked to`() {
    let setting = Setting()
    let tape = Tape()
    let y = mixture(tape[setting.x], tape[setting.weights], setting.order, setting.experts)
    let upstream = Tensor.test(90, 20, seed: 4)
    let deferred = tape.gradients(of: y, upstream: upstream).now()
    let other = Tape()
    let again = mixture(
      other[setting.x], other[setting.weights], setting.order, setting.experts)
    let direct = other.gradients(of: (again * other.constant(upstream)).sum())
    for parameter in setting.parameters { #expect(deferred[parameter] == direct[parameter]) }
  }
}

@Suite struct `The order of experts` {
  @Test func `is a stable sort of all slots`() {
    let choice = [2, 0, 1, 2, 0, 2, 3, 0]
    let order = ExpertOrder(choice, of: 5, active: 2)
    #expect(order.loads == [3, 1, 3, 1, 0])
    #expect(order.starts == [0, 3, 4, 7, 8])
    #expect(order.slots == [1, 4, 7, 2, 0, 3, 5, 6])
    #expect(order.rows == [0, 2, 3, 1, 0, 1, 2, 3])
    for (place, slot) in order.slots.enumerated() {
      #expect(order.places[Int(slot)] == Int32(place))
    }
    #expect(order.loads.reduce(0, +) == choice.count, "no token is dropped")
  }

  @Test func `leaves out what is not kept`() {
    let isKept = [true, false, true, true]
    let order = ExpertOrder([0, 1, 1, 0], of: 2, active: 2, isKept: isKept)
    #expect(order.loads == [2, 1] && order.slots == [0, 3, 2])
    #expect(order.places == [0, -1, 2, 1])
  }
}
