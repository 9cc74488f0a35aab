import Attention
import Checkpoints
import DualPipe
import MoE
import Tensors
import TestSupport
import Testing

/// A mixture of chapter 4 whose experts live on several ranks.
@Suite struct `Expert parallelism` {
  private static let width = 128
  private static let tokens = 11

  private static func layer(shared: Int = 1) -> MixtureOfExperts {
    var generator = SplitMix64(seed: 8)
    let sizes = DecoderConfiguration(
      family: .deepseekV3, vocabularySize: 19, width: width, feedForwardWidth: 20, layers: 2,
      heads: 2, initializerRange: 0.1,
      experts: ExpertSizes(
        count: 12, active: 3, shared: shared, width: 16, groups: 2, activeGroups: 1,
        scoring: .sigmoid, selection: .biased, normalizes: true, scale: 2.5))
    return MixtureOfExperts(sizes, using: &generator)
  }

  private static func rows(_ rank: Int, seed: UInt64 = 0) -> Tensor {
    .test(tokens, width, seed: seed + UInt64(rank))
  }

  private struct Outcome {
    var outputs: [Tensor] = []
    var inputs: [Tensor] = []
    var gradients = Gradients()
    var loads: [Int] = []
  }

  /// All tokens on one rank, by chapter 4 alone.
  private static func local(_ layer: MixtureOfExperts, ranks: Int) -> Outcome {
    let x = Tensor.concatenated((0..<ranks).map { rows($0) }, along: 0)
    let upstream = Tensor.concatenated((0..<ranks).map { rows($0, seed: 50) }, along: 0)
    let pass = Pass(Sequences(count: ranks, length: tokens), on: Tape())
    let input = pass.tape.variable(x)
    let output = layer(input, in: pass)
    let loss = (output * pass.tape.constant(upstream)).sum()
    let gradients = pass.tape.gradients(of: loss)
    let share = gradients[input] ?? x
    let parts = (0..<ranks).map { $0 * tokens..<($0 + 1) * tokens }
    return Outcome(
      outputs: parts.map(output.value.rows), inputs: parts.map(share.rows),
      gradients: gradients, loads: pass.observations[layer.router.identity] ?? [])
  }

  /// The same with the experts on several ranks.
  private static func parallel(
    _ layer: MixtureOfExperts, _ fabric: Fabric, scatter: RowFormat = .single,
    reduce: RowFormat = .single
  ) throws -> Outcome {
    let found = try Cluster(ranks: fabric.ranks, capacity: 1).run { rank in
      let exchange = ExpertExchange(rank, over: fabric, experts: layer.experts.count)
      let part = ExpertParallelMixture(layer, on: exchange, scatter: scatter, reduce: reduce)
      let trip = try part.forward(rows(rank.index), through: exchange)
      let back = try trip.backward(rows(rank.index, seed: 50))
      return (trip.output, back.input, back.gradients, trip.loads)
    }
    var outcome = Outcome()
    for (output, input, gradients, loads) in found {
      outcome.outputs.append(output)
      outcome.inputs.append(input)
      outcome.gradients.add(gradients)
      outcome.loads += loads
    }
    return outcome
  }

  @Test(arguments: [
    Fabric(nodes: 1, ranksPerNode: 1), Fabric(nodes: 1, ranksPerNode: 3),
    Fabric(nodes: 2, ranksPerNode: 2), Fabric(nodes: 3, ranksPerNode: 2),
    Fabric(nodes: 2, ranksPerNode: 6),
  ]) func `gives the results and gradients of one rank`(_ fabric: Fabric) throws {
    for shared in [0, 1] {
      let layer = Self.layer(shared: shared)
      let expected = Self.local(layer, ranks: fabric.ranks)
      let found = try Self.parallel(layer, fabric)
      #expect(found.loads == expected.loads)
      for rank in 0..<fabric.ranks {
        expectClose(found.outputs[rank], expected.outputs[rank], .product)
        expectClose(found.inputs[rank], expected.inputs[rank], .gradient)
      }
      for (name, parameter) in layer.namedParameters {
        let (a, b) = (found.gradients[parameter], expected.gradients[parameter])
        #expect((a == nil) == (b == nil), "\(name)")
        if let a, let b { expectClose(a, b, .gradient, name) }
      }
    }
  }

  @Test func `weighs an expert once`() throws {
    // With one token and one expert a token the routed output is 2.5 E(x): the weight is 1 · 2.5.
    var generator = SplitMix64(seed: 2)
    let sizes = ExpertSizes(
      count: 4, active: 1, shared: 0, width: 6, scoring: .sigmoid, selection: .biased,
      normalizes: true, scale: 2.5)
    let router = Router(sizes, width: 5, deviation: 1, using: &generator)
    let experts = (0..<4).map { _ in
      SwiGLUFeedForward(
        width: 5, hidden: 6, deviation: 1, outputDeviation: 1, using: &generator)
    }
    let layer = MixtureOfExperts(router: router, experts: experts, shared: nil)
    let fabric = Fabric(nodes: 2, ranksPerNode: 2)
    let x = Tensor.test(1, 5)
    let found = try Cluster(ranks: 4).run { rank in
      let exchange = ExpertExchange(rank, over: fabric, experts: 4)
      return try ExpertParallelMixture(layer, on: exchange)
        .forward(x, through: exchange).output
    }
    let pass = Pass(Sequences(count: 1, length: 1), on: Tape())
    let chosen = router(pass.tape.constant(x)).experts[0]
    let plain = experts[chosen](pass.tape.constant(x), in: pass).value
    for output in found { expectClose(output, plain.doubles.map { 2.5 * $0 }, .product) }
  }

  @Test func `has the same bits in every run`() throws {
    let layer = Self.layer()
    let fabric = Fabric(nodes: 2, ranksPerNode: 3)
    let first = try Self.parallel(layer, fabric, scatter: .eightBit, reduce: .brain)
    for _ in 0..<3 {
      let again = try Self.parallel(layer, fabric, scatter: .eightBit, reduce: .brain)
      #expect(again.outputs == first.outputs && again.inputs == first.inputs)
      for parameter in layer.parameters {
        #expect(again.gradients[parameter] == first.gradients[parameter])
      }
    }
  }

  @Test func `costs some three per cent with eight bits there and sixteen back`() throws {
    let layer = Self.layer(shared: 0)
    let fabric = Fabric(nodes: 2, ranksPerNode: 2)
    let exact = try Self.parallel(layer, fabric)
    func errors(_ scatter: RowFormat, _ reduce: RowFormat) throws -> (Double, Double) {
      let found = try Self.parallel(layer, fabric, scatter: scatter, reduce: reduce)
      func error(_ a: [Tensor], _ b: [Tensor]) -> Double {
        `An exchange between tokens and experts`.relativeError(
          .concatenated(a, along: 0), .concatenated(b, along: 0))
      }
      return (error(found.outputs, exact.outputs), error(found.inputs, exact.inputs))
    }
    let asInV3 = try errors(.eightBit, .brain)
    let sixteen = try errors(.brain, .brain)
    let eight = try errors(.eightBit, .eightBit)
    #expect(asInV3.0 > 0.01 && asInV3.0 < 0.06 && asInV3.1 > 0.01 && asInV3.1 < 0.06)
    #expect(sixteen.0 < asInV3.0 / 5 && sixteen.1 < asInV3.1 / 5)
    #expect(eight.0 > 1.1 * asInV3.0, "sums in eight bits cost more")
  }
}
