import Tensors
import TestSupport
import Testing

@Suite struct `A tape` {
  // snippet.claims
  @Test func `gives the three weights of the chapter the gradients found by hand`() {
    let tape = Tape()
    let w = tape.variable(Tensor([4, -1], shape: [2]))
    let v = tape.variable(Tensor(0.5))
    let x = tape.constant(Tensor([1, 2], shape: [2]))
    let s = (w * x).sum()
    let loss = (v * s + s - 1).squared()
    #expect(loss.value.scalar == 4)
    let gradients = tape.gradients(of: loss)
    #expect(gradients[w] == Tensor([6, 12], shape: [2]))
    #expect(gradients[v]?.scalar == 8)
  }

  @Test func `sums the shares of a variable that is used twice`() {
    let tape = Tape()
    let x = tape.variable(Tensor([3], shape: [1]))
    let gradients = tape.gradients(of: (x * x + x * 5).sum())
    #expect(gradients[x] == Tensor([11], shape: [1]))
  }
  // snippet.end

  @Test func `gives a sum of losses the sum of their gradients`() {
    let weight = Parameter(.test(3, 4))
    let input = Tensor.test(5, 4, seed: 2)
    func first(_ tape: Tape) -> Variable {
      tape.constant(input).matmul(tape[weight], transposing: .right).silu().sum()
    }
    func second(_ tape: Tape) -> Variable { tape[weight].squared().mean() }

    let (one, two, both) = (Tape(), Tape(), Tape())
    var separate = one.gradients(of: first(one))
    separate.add(two.gradients(of: second(two)))
    let together = both.gradients(of: first(both) + second(both))
    expectClose(together[weight] ?? Tensor(0), separate[weight] ?? Tensor(1), .gradient)
  }

  @Test func `records nothing when no operand needs a gradient`() {
    let parameter = Parameter(.test(2, 2))
    let inference = Tape(recording: false)
    let product = inference[parameter].matmul(inference.variable(.test(2, 2))).exp()
    #expect(inference.count == 0)
    #expect(product.value == parameter.value.matmul(.test(2, 2)).exponentials())

    let training = Tape()
    let constant = training.constant(.test(2, 2))
    _ = (constant * constant).split(sizes: [1, 1])
    #expect(training.count == 0)
    _ = constant * training[parameter]
    #expect(training.operations == ["multiply"])
  }

  @Test func `follows a chain of 200 000 operations`() {
    let tape = Tape()
    let start = tape.variable(Tensor(1))
    var x = start
    for _ in 0..<200_000 { x = x + 1 }
    #expect(x.value.scalar == 200_001)
    #expect(tape.gradients(of: x)[start]?.scalar == 1)
  }

  @Test func `leaves the gradients of weights for later without changing them`() throws {
    let layers = [Parameter(.test(4, 3)), Parameter(.test(2, 4)), Parameter(.test(4))]
    func run(_ tape: Tape) -> (x: Variable, y: Variable) {
      let x = tape.variable(.test(5, 3, seed: 2))
      let hidden = Linear(weight: layers[0], bias: layers[2])(x).silu()
      return (x, Linear(weight: layers[1])(hidden))
    }
    let (one, two) = (Tape(), Tape())
    let (immediate, deferred) = (run(one), run(two))
    let upstream = Tensor.test(5, 2, seed: 3)
    let loss = (immediate.y * one.constant(upstream)).sum()
    let expected = one.gradients(of: loss)

    let waiting = two.gradients(of: deferred.y, upstream: upstream)
    #expect(waiting[deferred.x] == expected[immediate.x])
    let gradients = waiting.now()
    for layer in layers {
      #expect(gradients[layer] != nil)
      #expect(gradients[layer] == expected[layer])
    }
  }

  @Test func `does the work on weights only when asked`() {
    let weight = Parameter(Tensor([2], shape: [1]))
    let tape = Tape()
    let counter = Counter()
    let w = tape[weight]
    let y = tape.record("test", w.value, from: [w]) { upstream in
      [
        .later {
          counter.count += 1
          return upstream
        }
      ]
    }
    let waiting = tape.gradients(of: y, upstream: Tensor([1], shape: [1]))
    #expect(counter.count == 0)
    #expect(waiting.now()[weight] == Tensor([1], shape: [1]))
    #expect(counter.count == 1)
  }

  @Test func `gives a parameter that is used in two places one gradient`() {
    let shared = Parameter(Tensor([1, 2], shape: [2]))
    let tape = Tape()
    let loss = (tape[shared] * 3).sum() + tape[shared].squared().sum()
    let gradients = tape.gradients(of: loss)
    #expect(gradients.parameters.count == 1)
    #expect(gradients[shared] == Tensor([5, 7], shape: [2]))
  }

  @Test func `sends nothing through a detached variable`() {
    let tape = Tape()
    let x = tape.variable(Tensor(3))
    let y = x * x.detached
    #expect(tape.gradients(of: y)[x]?.scalar == 3)
  }

  @Test func `has no gradient for what the loss does not depend on`() {
    let (used, unused) = (Parameter(Tensor(2)), Parameter(Tensor(3)))
    let tape = Tape()
    _ = tape[unused] * 2
    let gradients = tape.gradients(of: tape[used] * 5)
    #expect(gradients[used]?.scalar == 5)
    #expect(gradients[unused] == nil)
    #expect(gradients.norm == 5)
  }

  @Test func `drops each record once it has been used`() {
    let tape = Tape()
    let x = tape.variable(Tensor(1))
    let kept = Witness()
    var last: Counter? = Counter()
    kept.other = last
    // The earlier record looks whether what the later one kept is still there.
    let y = tape.record("first", x.value, from: [x]) { upstream in
      kept.wasGone = kept.other == nil
      return [.now(upstream)]
    }
    let z = tape.record("second", y.value, from: [y]) { [counter = last] upstream in
      counter?.count += 1
      return [.now(upstream)]
    }
    last = nil
    #expect(kept.other != nil)
    _ = tape.gradients(of: z)
    #expect(kept.wasGone)
    #expect(tape.count == 0)
  }

  /// In a process of its own, where no other test takes memory.
  @Test func `needs no more memory for going back than for going forward`() async {
    await #expect(processExitsWith: .success) {
      let megabyte = 1 << 18
      let tape = Tape()
      let x = tape.variable(Tensor(repeating: 0.5, shape: [megabyte]))
      var y = x
      for _ in 0..<40 { y = y.exp() * -1 }
      let loss = y.sum()
      let forward = TensorMemory.heldBytes
      insist(forward > 40 << 20, "the forward pass holds only \(forward) bytes")
      let gradients = tape.gradients(of: loss)
      let more = TensorMemory.heldBytes - forward
      insist(more < 8 << 20, "going back took \(more) bytes more")
      let inUse = TensorMemory.heldBytes - TensorMemory.idleBytes
      insist(inUse < 8 << 20, "\(inUse) bytes are still in use")
      withExtendedLifetime(gradients) {}
    }
  }

  /// In a process of its own, where no other test takes memory.
  @Test func `frees activations also when layers have weights`() async {
    await #expect(processExitsWith: .success) {
      let weight = Parameter(Tensor(repeating: 0.01, shape: [64, 64]))
      let tape = Tape()
      var y = tape.constant(Tensor(repeating: 0.5, shape: [4096, 64]))
      for _ in 0..<40 { y = Linear(weight: weight)(y) }
      let loss = y.sum()
      let forward = TensorMemory.heldBytes
      insist(forward > 40 << 20, "the forward pass holds only \(forward) bytes")
      let gradients = tape.gradients(of: loss)
      let more = TensorMemory.heldBytes - forward
      insist(more < 8 << 20, "going back took \(more) bytes more")
      insist(gradients[weight] != nil, "the weight has no gradient")
    }
  }

  @Test func `refuses operands of another tape, even if it does not record itself`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tape(recording: false).variable(Tensor(1)) + Tape().variable(Tensor(2))
    }
    expectSaid(result, "add: its operands lie on different tapes")
  }

  @Test func `refuses operands of another tape`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tape().variable(Tensor(1)) + Tape().variable(Tensor(2))
    }
    expectSaid(result, "add: its operands lie on different tapes")
  }
}

private final class Counter { var count = 0 }

private final class Witness {
  weak var other: Counter?
  var wasGone = false
}
