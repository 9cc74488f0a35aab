import Attention
import Tensors

/// The feed-forward half of a small transformer: what chapter 1 can build and time.
struct FeedForwardStack: Module {
  /// A layer: normalise, widen, gate, narrow, and add to what came in.
  private struct Layer: Module {
    let norm: RMSNorm
    let gate, up, down: Linear

    init(width: Int, inner: Int, using generator: inout SplitMix64) {
      norm = RMSNorm(width: width, epsilon: 1e-6)
      gate = Linear(from: width, to: inner, deviation: 0.05, using: &generator)
      up = Linear(from: width, to: inner, deviation: 0.05, using: &generator)
      down = Linear(from: inner, to: width, deviation: 0.02, using: &generator)
    }

    var parts: KeyValuePairs<String, any Part> {
      ["norm": norm, "gate_proj": gate, "up_proj": up, "down_proj": down]
    }

    func callAsFunction(_ x: Variable) -> Variable {
      let y = norm(x)
      return x + down(gate(y).swiGLU(up(y)))
    }
  }

  /// Vectors, and the class of each.
  typealias Batch = (inputs: Tensor, targets: [Int])

  private let layers: [Layer]
  private let head: Linear

  init(width: Int = 128, inner: Int = 384, depth: Int = 4, classes: Int = 64, seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    layers = (0..<depth).map { _ in Layer(width: width, inner: inner, using: &generator) }
    head = Linear(from: width, to: classes, deviation: 0.05, using: &generator)
  }

  var parts: KeyValuePairs<String, any Part> { ["layers": layers, "lm_head": head] }

  func loss(of batch: Batch, on tape: Tape) -> Variable {
    let hidden = layers.reduce(tape.constant(batch.inputs)) { $1($0) }
    return head(hidden).crossEntropy(targets: batch.targets)
  }

  /// Random vectors, whose class is the place of their largest entry among the first 64.
  static func batch(rows: Int, width: Int = 128, seed: UInt64) -> Batch {
    var generator = SplitMix64(seed: seed)
    let inputs = Tensor.normal(shape: [rows, width], using: &generator)
    let scalars = inputs.scalars
    let targets = (0..<rows).map { row in
      Sampling.likeliest(Array(scalars[row * width..<row * width + 64]))
    }
    return (inputs, targets)
  }

  /// Trains a small one and returns a number that every bit of every weight decides.
  static func fingerprint(seed: UInt64, steps: Int) -> UInt64 {
    let network = FeedForwardStack(depth: 2, seed: seed)
    let batch = batch(rows: 192, seed: seed)
    var optimizer = AdamW(network.namedParameters, rate: 1e-3)
    for _ in 0..<steps {
      let tape = Tape()
      optimizer.step(tape.gradients(of: network.loss(of: batch, on: tape)))
    }
    // FNV-1a over the bit patterns.
    return network.parameters.flatMap(\.value.scalars).reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01B3
    }
  }
}

/// Products as a textbook defines them, forwards and backwards.
struct TextbookProducts: MatrixProduct {
  func linear(_ x: Variable, _ maps: [Linear]) -> [Variable] { maps.map { linear(x, $0) } }

  private func linear(_ x: Variable, _ map: Linear) -> Variable {
    insist(map.bias == nil, "TextbookProducts: there is no bias here")
    let w = x.tape[map.weight]
    let (input, matrix) = (x.value, w.value)
    let product = ProductLadder.naive.multiply(input, matrix.permuted([1, 0]))
    return x.tape.record("linear", product, from: [x, w]) { upstream in
      [
        .later { ProductLadder.naive.multiply(upstream, matrix) },
        .later { ProductLadder.naive.multiply(upstream.permuted([1, 0]), input) },
      ]
    }
  }
}
