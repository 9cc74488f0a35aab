import Attention
import Tensors
import TestSupport
import Testing

extension Tolerance {
  fileprivate static let sixDigits = Tolerance(2e-6, "six digits are written out")
}

/// The examples that the chapter works by hand.
@Suite struct `Attention by hand` {
  // snippet.by-hand
  @Test func `two heads share the keys of one`() {
    let shape = AttentionShape(heads: 2, keyValueHeads: 1, keyWidth: 2, valueWidth: 2)
    let tape = Tape()
    let q = tape.constant(Tensor([2, 0, 0, 2, 0, 2, 2, 0, 2, 0, 0, 2], shape: [3, 4]))
    let k = tape.constant(Tensor([1, 0, 0, 1, 1, 1], shape: [3, 2]))
    let v = tape.constant(Tensor([1, 0, 0, 1, 1, 1], shape: [3, 2]))
    let o = flashAttention(q, k, v, shape, Sequences(count: 1, length: 3)).value
    expectClose(o.rows(0..<1), [1, 0, 1, 0], .sixDigits, "token 1 sees itself alone")
    expectClose(
      o.rows(1..<2), [0.195570, 0.804430, 0.804430, 0.195570], .sixDigits, "token 2")
    expectClose(
      o.rows(2..<3), [0.891617, 0.554192, 0.554192, 0.891617], .sixDigits, "token 3")
  }
  // snippet.end

  @Test func `a row of a norm comes out with mean square one`() {
    let tape = Tape()
    let x = tape.constant(Tensor([3, -1, 1, 1], shape: [1, 4]))
    let w = tape.constant(Tensor([1, 1, 1, 2], shape: [4]))
    let y = x.rmsNorm(weight: w, epsilon: 0).value
    expectClose(y, [1.732051, -0.577350, 0.577350, 1.154701], .sixDigits)
  }

  @Test func `a gate lets its share of each proposal pass`() {
    let tape = Tape()
    let gate = tape.constant(Tensor([0, 2, -2], shape: [1, 3]))
    let up = tape.constant(Tensor([3, 1, 1], shape: [1, 3]))
    expectClose(gate.swiGLU(up).value, [0, 1.761594, -0.238406], .sixDigits)
  }

  @Test func `a choice of four tokens by temperature, top-k and top-p`() {
    let logits: [Float] = [2, 1, 0, -1]
    func shares(_ sampling: Sampling) -> [Double] {
      sampling.distribution(logits).map { ($0.probability * 1e4).rounded() / 1e4 }
    }
    #expect(shares(Sampling()) == [0.6439, 0.2369, 0.0871, 0.0321])
    #expect(shares(Sampling(temperature: 0.5)) == [0.8650, 0.1171, 0.0158, 0.0021])
    #expect(shares(Sampling(topK: 3)) == [0.6652, 0.2447, 0.0900])
    #expect(shares(Sampling(topP: 0.85)) == [0.7311, 0.2689])
  }
}
