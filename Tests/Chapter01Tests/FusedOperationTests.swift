import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct `The softmax` {
  @Test func `turns logarithms into shares`() {
    let row = Tensor([0, Float(log(2.0)), Float(log(5.0))], shape: [1, 3])
    expectClose(row.softmaxed(), [0.125, 0.25, 0.625])
    expectClose(row.logSoftmaxed(), [log(0.125), log(0.25), log(0.625)])
  }

  @Test func `does not change when a number is added to a whole row`() {
    let rows = Tensor([1, 2, 4, 8, 3, 3, 3, 3, 0], shape: [1, 9])
    #expect((rows + Tensor(64)).softmaxed() == rows.softmaxed())
    let large = Tensor([1000, 1001], shape: [1, 2]).softmaxed()
    expectClose(large, Tensor([0, 1], shape: [1, 2]).softmaxed())
  }

  @Test func `gives an entry at minus infinity no weight at all`() {
    let row = Tensor([1, -.infinity, 1, -.infinity], shape: [1, 4])
    #expect(row.softmaxed().scalars == [0.5, 0, 0.5, 0])
    let nothing = Tensor(repeating: -.infinity, shape: [1, 3])
    #expect(nothing.softmaxed().scalars.allSatisfy { $0.isNaN })
  }

  @Test func `adds up to one for rows of any length`() {
    for width in [1, 7, 8, 9, 64, 1001] {
      let rows = Tensor.test(5, width).softmaxed()
      expectClose(rows.summed(to: [5, 1]), [1, 1, 1, 1, 1], .rounding, "width \(width)")
    }
  }
}

@Suite struct `The normalisation` {
  @Test func `divides by the root mean square`() {
    let tape = Tape()
    let layer = RMSNorm(width: 2, epsilon: 0)
    layer.weight.value = Tensor([1, 10], shape: [2])
    let y = layer(tape.constant(Tensor([3, 4, -6, 8], shape: [2, 2])))
    let root = 12.5.squareRoot()
    expectClose(y.value, [3 / root, 40 / root, -3 / root, 40 / root])
  }

  @Test func `leaves a row of zeros at zero`() {
    let tape = Tape()
    let y = RMSNorm(width: 3, epsilon: 1e-6)(tape.constant(Tensor(shape: [2, 3])))
    #expect(y.value == Tensor(shape: [2, 3]))
  }
}

@Suite struct `The cross-entropy` {
  @Test func `of a model that knows nothing is the logarithm of the vocabulary`() {
    let tape = Tape()
    let x = tape.constant(Tensor(shape: [5, 4]))
    let head = tape.constant(.test(17, 4))
    expectClose(x.crossEntropy(head: head, targets: [0, 4, 16, 3, 3]).value, [log(17)])
    let logits = tape.constant(Tensor(repeating: 3, shape: [2, 17]))
    expectClose(logits.crossEntropy(targets: [1, 2]).value, [log(17)])
  }

  /// With 11 000 tokens a chunk is 24 positions.
  @Test func `is the same in chunks as with all logits at once`() throws {
    let (x, head) = (Parameter(.test(61, 3)), Parameter(.test(11_000, 3)))
    let targets = (0..<61).map { $0 % 9 == 4 ? -1 : $0 * 179 }
    let (fused, plain) = (Tape(), Tape())
    let loss = fused[x].crossEntropy(head: fused[head], targets: targets)
    let logits = plain[x].matmul(plain[head], transposing: .right)
    let expected = logits.crossEntropy(targets: targets)
    expectClose(loss.value, expected.value, .rounding)
    let (gradients, others) = (fused.gradients(of: loss), plain.gradients(of: expected))
    for parameter in [x, head] {
      let (one, other) = (try #require(gradients[parameter]), try #require(others[parameter]))
      expectClose(one, other, .gradient)
    }
  }

  @Test func `forms no gradient in inference`() {
    let tape = Tape(recording: false)
    let loss = tape.variable(.test(4, 3)).crossEntropy(
      head: tape.constant(.test(9, 3)), targets: [1, 2, 3, 4])
    let training = Tape()
    let same = training.variable(.test(4, 3)).crossEntropy(
      head: training.constant(.test(9, 3)), targets: [1, 2, 3, 4])
    #expect(tape.count == 0)
    expectClose(loss.value, same.value)
  }

  @Test func `and its gradients have the same bits on any number of threads`() {
    let (x, head) = (Parameter(.test(96, 32)), Parameter(.test(3000, 32)))
    let targets = (0..<96).map { $0 * 31 }
    let run: (Int) -> [Tensor?] = { threads in
      Threads.with(threads) {
        let tape = Tape()
        let hidden = tape[x].rmsNorm(
          weight: tape.constant(Tensor(repeating: 1, shape: [32])), epsilon: 1e-6)
        let loss = hidden.crossEntropy(head: tape[head], targets: targets)
        let gradients = tape.gradients(of: loss)
        return [loss.value, gradients[x], gradients[head]]
      }
    }
    let expected = run(1)
    #expect(expected.allSatisfy { $0 != nil })
    for threads in [2, 3, 8] { #expect(run(threads) == expected, "\(threads) threads") }
  }
}

@Suite struct `Grouped products` {
  @Test func `give each group what a product of its own would`() {
    let weights = (1...4).map { Parameter(.test(5, 3, seed: $0)) }
    let sizes = [4, 0, 1, 7]
    let x = Tensor.test(12, 3)
    let tape = Tape()
    let y = tape.constant(x).groupedLinear(weights, sizes: sizes).value
    var start = 0
    for (weight, size) in zip(weights, sizes) where size > 0 {
      let own = x.rows(start..<start + size).matmul(weight.value, transposing: .right)
      #expect(y.rows(start..<start + size) == own)
      start += size
    }
  }

  @Test func `do not depend on the number of threads`() {
    let weights = (1...6).map { Parameter(.test(64, 48, seed: $0)) }
    let x = Tensor.test(600, 48)
    let run: (Int) -> Tensor = { threads in
      Threads.with(threads) {
        Tape().constant(x).groupedLinear(weights, sizes: [100, 50, 0, 250, 1, 199]).value
      }
    }
    let expected = run(1)
    for threads in [2, 3, 8] { #expect(run(threads) == expected, "\(threads) threads") }
  }
}
