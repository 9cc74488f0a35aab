import Attention
import DualPipe
import Tensors
import TestSupport
import Testing

@Suite struct `Tensor parallelism` {
  private static func layer() -> SwiGLUFeedForward {
    var generator = SplitMix64(seed: 6)
    return SwiGLUFeedForward(
      width: 8, hidden: 21, deviation: 0.4, outputDeviation: 0.4, using: &generator)
  }

  /// The gradients of gate, up and down, those of cut maps laid together again.
  private static func joined(_ parts: [[Tensor]]) -> [Tensor] {
    [
      .concatenated(parts.map { $0[0] }, along: 0),
      .concatenated(parts.map { $0[1] }, along: 0),
      .concatenated(parts.map { $0[2] }, along: 1),
    ]
  }

  @Test(arguments: [1, 2, 3, 4]) func `cuts a layer without changing it`(ranks: Int) throws {
    let (x, upstream) = (Tensor.test(5, 8), Tensor.test(5, 8, seed: 2))
    let layer = Self.layer()
    let pass = Pass(Sequences(count: 1, length: 5), on: Tape())
    let input = pass.tape.variable(x)
    let output = layer(input, in: pass)
    let loss = (output * pass.tape.constant(upstream)).sum()
    let expected = pass.tape.gradients(of: loss)
    let cluster = Cluster(ranks: ranks)
    let found = try cluster.run { rank in
      let split = SplitFeedForward(Self.layer(), part: rank.index, of: ranks)
      let trip = try split.forward(x, in: rank.everyone)
      let back = try trip.backward(upstream)
      let maps = split.part.parameters.map { back.gradients[$0] ?? Tensor(shape: $0.shape) }
      return (trip.output, back.input, maps)
    }
    for (y, share, _) in found { #expect(y == found[0].0 && share == found[0].1) }
    expectClose(found[0].0, output.value, .product)
    expectClose(found[0].1, expected[input] ?? x, .product)
    for (map, whole) in zip(Self.joined(found.map(\.2)), layer.parameters) {
      expectClose(map, expected[whole] ?? map, .product)
    }
    // One all-reduce of the rows each way.
    let sent = cluster.traffic.joined().reduce(0, +)
    #expect(sent == 2 * 2 * (ranks - 1) * 4 * x.count)
  }

  @Test func `would cost V3 more than its other cuts`() {
    let traffic = LayerTraffic(width: 7168)
    #expect(traffic.tensorParallel(ranks: 8) == 802_816)
    #expect(traffic.expertParallel(copies: 4) == 173_824)
    // 61 layers in 16 stages.
    let pipeline = traffic.pipelineParallel(layersPerStage: 61.0 / 16)
    #expect(pipeline > 7_500 && pipeline < 7_550)
  }
}
