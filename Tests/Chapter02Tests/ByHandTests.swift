import Attention
import Foundation
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

  // snippet.rotary-law
  @Test(arguments: RotaryEmbedding.Layout.allCases)
  func `a rotated product depends on the distance alone`(layout: RotaryEmbedding.Layout) {
    let rotary = RotaryEmbedding(width: 8, theta: 10000, layout: layout)
    func product(_ m: Int, _ n: Int) -> Double {
      let table = rotary.table([m, n])
      let rows = Tensor.test(2, 8).rotated(table, backwards: false).doubles
      return zip(rows[..<8], rows[8...]).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for shift in [1, 64, 100_000] {
      #expect(abs(product(5, 2) - product(5 + shift, 2 + shift)) < 1e-5)
    }
    #expect(abs(product(5, 2) - product(6, 2)) > 1e-2, "another distance, another product")
  }
  // snippet.end

  @Test func `a quarter of the circle turns a pair onto its axis`() {
    let quarter = RotaryEmbedding(frequencies: [.pi / 2], layout: .interleaved)
    let turned = Tensor([1, 0], shape: [1, 2])
      .rotated(quarter.table([1]), backwards: false)
    #expect(abs(turned[0, 0]) < 1e-7 && turned[0, 1] == 1)
  }

  // snippet.tiles
  @Test(arguments: [1, 3, 63, 64, 65, 130])
  func `tiles give what the formula gives`(length: Int) {
    let (shape, q, k, v) = operands(length)
    let tape = Tape()
    let o = flashAttention(
      tape.constant(q), tape.constant(k), tape.constant(v), shape,
      Sequences(count: 1, length: length))
    let oracle = plain(q.doubles, k.doubles, v.doubles, shape, length)
    expectClose(o.value, oracle, Tolerance(2e-6, "sums of up to 130 terms"))
  }
  // snippet.end

  @Test func `the pullback of tiles is the slope of the formula`() throws {
    let length = 66
    let (shape, q, k, v) = operands(length)
    let weights = Tensor.test(length, 8, seed: 9)
    let tape = Tape()
    let (a, b, c) = (tape.variable(q), tape.variable(k), tape.variable(v))
    let o = flashAttention(a, b, c, shape, Sequences(count: 1, length: length))
    let gradients = tape.gradients(of: (o * tape.constant(weights)).sum())
    func loss(_ operands: [[Double]]) -> Double {
      zip(plain(operands[0], operands[1], operands[2], shape, length), weights.doubles)
        .reduce(0) { $0 + $1.0 * $1.1 }
    }
    let values = [q.doubles, k.doubles, v.doubles]
    for (index, variable) in [a, b, c].enumerated() {
      let gradient = try #require(gradients[variable]).doubles
      for place in [0, 3, gradient.count / 2, gradient.count - 1] {
        var (up, down) = (values, values)
        up[index][place] += 1e-5
        down[index][place] -= 1e-5
        let slope = (loss(up) - loss(down)) / 2e-5
        #expect(
          abs(slope - gradient[place]) < 1e-4, "operand \(index), place \(place)")
      }
    }
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

  private func operands(_ length: Int) -> (AttentionShape, Tensor, Tensor, Tensor) {
    (
      AttentionShape(heads: 4, keyValueHeads: 2, keyWidth: 4, valueWidth: 2),
      .test(length, 16, seed: 1), .test(length, 8, seed: 2), .test(length, 4, seed: 3)
    )
  }

  /// The formula in Double, a row and a head at a time.
  private func plain(
    _ q: [Double], _ k: [Double], _ v: [Double], _ shape: AttentionShape, _ length: Int
  ) -> [Double] {
    let (d, e) = (shape.keyWidth, shape.valueWidth)
    var o: [Double] = []
    for row in 0..<length {
      for head in 0..<shape.heads {
        let shared = head / shape.group
        let raised = (0...row).map { column in
          exp(
            Double(shape.scale)
              * (0..<d).reduce(0.0) {
                $0 + q[(row * shape.heads + head) * d + $1]
                  * k[(column * shape.keyValueHeads + shared) * d + $1]
              })
        }
        let sum = raised.reduce(0, +)
        o += (0..<e).map { entry in
          raised.indices.reduce(0.0) {
            $0 + raised[$1] / sum * v[($1 * shape.keyValueHeads + shared) * e + entry]
          }
        }
      }
    }
    return o
  }
}
