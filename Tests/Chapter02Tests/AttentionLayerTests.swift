import Attention
import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct `Grouped-query attention` {
  private func layer(keyValueHeads: Int, bias: Bool = false) -> GroupedQueryAttention {
    var generator = SplitMix64(seed: 5)
    return GroupedQueryAttention(
      width: 8,
      shape: AttentionShape(
        heads: 4, keyValueHeads: keyValueHeads, keyWidth: 6, valueWidth: 6),
      rotary: RotaryEmbedding(width: 6, theta: 10_000), bias: bias, deviation: 0.5,
      outputDeviation: 0.5, using: &generator)
  }

  private func apply(_ layer: GroupedQueryAttention, _ x: Tensor) -> Tensor {
    let pass = Pass(Sequences(count: 2, length: 5), on: Tape(recording: false))
    return layer(pass.tape.constant(x), in: pass, cache: nil).value
  }

  private func weight(_ layer: GroupedQueryAttention, _ name: String) throws -> Parameter {
    try #require(layer.namedParameters.first { $0.name == name }?.parameter)
  }

  @Test(arguments: [1, 2])
  func `equals multi-head attention with repeated key heads`(_ keyValueHeads: Int) throws {
    let grouped = layer(keyValueHeads: keyValueHeads)
    let full = layer(keyValueHeads: 4)
    for name in ["q_proj.weight", "o_proj.weight"] {
      try weight(full, name).value = try weight(grouped, name).value
    }
    for name in ["k_proj.weight", "v_proj.weight"] {
      // A head is six rows of the matrix. Query head h reads key head h / group.
      let heads = rows(try weight(grouped, name).value.doubles, of: 6 * 8)
      let repeated = (0..<4).flatMap { heads[$0 / (4 / keyValueHeads)] }
      try weight(full, name).value = Tensor(repeated.map { Float($0) }, shape: [24, 8])
    }
    let x = Tensor.test(10, 8)
    expectClose(apply(grouped, x), apply(full, x), .product)
  }

  @Test func `lists every weight under the names of Llama and Qwen2`() {
    let names = ["q_proj", "k_proj", "v_proj"]
    #expect(
      layer(keyValueHeads: 2, bias: true).namedParameters.map(\.name)
        == names.flatMap { ["\($0).weight", "\($0).bias"] } + ["o_proj.weight"])
    #expect(
      layer(keyValueHeads: 2).namedParameters.map(\.name)
        == (names + ["o_proj"]).map { "\($0).weight" })
    expectEveryPartListed(layer(keyValueHeads: 1, bias: true))
    #expect(
      layer(keyValueHeads: 1).parameters.map(\.shape) == [[24, 8], [6, 8], [6, 8], [8, 24]])
  }

  @Test func `does not change when the whole text moves`() {
    // Positions enter only through distances, so only rounding tells 0, 1, 2 … from 700, 701, …
    let layer = layer(keyValueHeads: 2)
    let x = Tensor.test(6, 8)
    let outputs = [0, 700].map { offset in
      let sequences = Sequences(count: 1, length: 6, offsets: [offset])
      let pass = Pass(sequences, on: Tape(recording: false))
      return layer(pass.tape.constant(x), in: pass, cache: nil).value
    }
    expectClose(outputs[1], outputs[0], Tolerance(1e-5, "rounded sines of other angles"))
  }

  @Test func `tells the order of its tokens`() {
    let layer = layer(keyValueHeads: 2)
    let x = Tensor.test(3, 8)
    func last(_ order: [Int]) -> Tensor {
      let mixed = Tensor(order.flatMap { x.rows($0..<$0 + 1).scalars }, shape: [3, 8])
      let pass = Pass(Sequences(count: 1, length: 3), on: Tape(recording: false))
      return layer(pass.tape.constant(mixed), in: pass, cache: nil).value.rows(2..<3)
    }
    let (one, other) = (last([0, 1, 2]), last([1, 0, 2]))
    let difference = zip(one.scalars, other.scalars).map { abs($0 - $1) }.max() ?? 0
    #expect(difference > 1e-2)
  }

  @Test func `refuses to be differentiated through a cache`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let model = DecoderConfiguration.small().model(seed: 1)
      let pass = Pass(Sequences(count: 1, length: 3), on: Tape())
      _ = model.hidden([1, 2, 3], in: pass, cache: model.makeCache(sequences: 1))
    }
    expectSaid(result, "GroupedQueryAttention: a cache cannot be differentiated through")
  }
}

@Suite struct `A feed-forward layer` {
  @Test func `agrees with down(silu(gate(x)) ∘ up(x)) in Double`() throws {
    var generator = SplitMix64(seed: 6)
    let layer = SwiGLUFeedForward(
      width: 4, hidden: 7, deviation: 0.6, outputDeviation: 0.4, using: &generator)
    let x = Tensor.test(3, 4)
    let pass = Pass(Sequences(count: 1, length: 3), on: Tape(recording: false))
    let y = layer(pass.tape.constant(x), in: pass).value

    let weights = layer.parameters.map { rows($0.value.doubles, of: $0.shape[1]) }
    func map(_ matrix: [[Double]], _ x: [Double]) -> [Double] {
      matrix.map { dot($0[...], x[...]) }
    }
    let expected = rows(x.doubles, of: 4).flatMap { x -> [Double] in
      let gated = zip(map(weights[0], x), map(weights[1], x)).map { gate, up in
        gate / (1 + exp(-gate)) * up
      }
      return map(weights[2], gated)
    }
    expectClose(y, expected, .product)
    #expect(
      layer.namedParameters.map(\.name)
        == ["gate_proj.weight", "up_proj.weight", "down_proj.weight"])
    expectEveryPartListed(layer)
  }
}
