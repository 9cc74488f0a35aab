import Attention
import DualPipe
import FP8
import MTP
import Tensors
import TestSupport
import Testing
import Text

/// The smallest V3, trained on several ranks.
@Suite struct `Data parallelism` {
  private static let sizes = NamedConfiguration.tinyV3.model
  private static let sequences = 6

  private static func batch(_ step: Int) -> Batch {
    var generator = SplitMix64(seed: UInt64(step) + 40)
    let tokens = (0..<sequences * 16 + 1).map { _ in Int(generator.next() % 256) }
    return Batch(
      inputs: Array(tokens.dropLast()), targets: Array(tokens.dropFirst()),
      sequences: sequences, length: 16)
  }

  private static func replica() -> Replica<DeepSeekModel> {
    Replica(DeepSeekModel(sizes, seed: 3))
  }

  private static func adamW(
    _ parameters: [(name: String, parameter: Parameter)]
  ) -> AdamW { AdamW(parameters, rate: 0.01, decay: 0.1) }

  @Test(arguments: [2, 3, 4]) func `adds up to the gradient of the whole batch`(
    ranks: Int
  ) throws {
    let whole = Self.replica()
    let result = whole.result(of: 0, among: 1, of: Self.batch(0))
    let expected = whole.weights.numbers(of: result.gradients)
    let found = try Cluster(ranks: ranks).run { rank in
      let copy = Self.replica()
      let share = copy.result(of: rank.index, among: ranks, of: Self.batch(0))
      let sum = try rank.everyone.allReduced(share.gradients, of: copy.weights)
      return (
        copy.weights.numbers(of: sum), copy.weights.presence(of: sum),
        try rank.everyone.sums([share.loss])[0],
        try rank.everyone.allReduced(share.observations).loads.map(\.counts)
      )
    }
    for (numbers, presence, loss, loads) in found {
      #expect(numbers == found[0].0, "the same bits on all ranks")
      #expect(presence == whole.weights.presence(of: result.gradients))
      #expect(abs(loss - result.loss) < 1e-5)
      #expect(loads == result.observations.loads.map(\.counts))
    }
    expectClose(found[0].0, expected, .model)
  }

  @Test func `has on two ranks the bits of one process that adds two shares`() throws {
    let whole = Self.replica()
    var sum = whole.result(of: 0, among: 2, of: Self.batch(1)).gradients
    sum.add(whole.result(of: 1, among: 2, of: Self.batch(1)).gradients)
    let found = try Cluster(ranks: 2).run { rank in
      let copy = Self.replica()
      let share = copy.result(of: rank.index, among: 2, of: Self.batch(1))
      let sum = try rank.everyone.allReduced(share.gradients, of: copy.weights)
      return copy.weights.numbers(of: sum)
    }
    #expect(found == [whole.weights.numbers(of: sum), whole.weights.numbers(of: sum)])
  }

  /// Takes steps on every rank and returns what is left there.
  private static func train(
    _ ranks: Int, steps: Int, clip: Float?, sharded: Bool, cluster: Cluster? = nil
  ) throws -> [(weights: Tensor, memory: Int, norms: [Float])] {
    try (cluster ?? Cluster(ranks: ranks)).run { rank in
      let copy = replica()
      var whole = adamW(copy.model.namedParameters)
      var part = ShardedOptimizer(copy.weights, in: rank.everyone, rule: adamW)
      var norms: [Float] = []
      for step in 0..<steps {
        let share = copy.result(of: rank.index, among: ranks, of: batch(step))
        if sharded {
          norms.append(
            try part.step(share.gradients, in: rank.everyone, clippedTo: clip))
        } else {
          var sum = try rank.everyone.allReduced(share.gradients, of: copy.weights)
          norms.append(try clip.map { try sum.clip(toNorm: $0) } ?? sum.norm)
          whole.step(sum)
        }
      }
      let memory = sharded ? part.memory : whole.state.reduce(0) { $0 + $1.tensor.count }
      return (copy.weights.values, memory, norms)
    }
  }

  @Test(arguments: [1, 2, 5], [nil, 0.5] as [Float?])
  func `moves weights alike when each rank remembers a part of the moments`(
    ranks: Int, clip: Float?
  ) throws {
    let whole = try Self.train(ranks, steps: 3, clip: clip, sharded: false)
    let parts = try Self.train(ranks, steps: 3, clip: clip, sharded: true)
    #expect(whole[0].weights != Self.replica().weights.values)
    for rank in 0..<ranks {
      #expect(parts[rank].weights == whole[0].weights, "rank \(rank)")
      for (a, b) in zip(parts[rank].norms, whole[0].norms) {
        expectClose(a, Double(b), .rounding)
      }
    }
  }

  @Test func `keeps on each rank one part of the moments`() throws {
    let ranks = 4
    let count = Self.replica().weights.count
    let tensors = Self.replica().weights.entries.count
    let whole = try Self.train(1, steps: 0, clip: nil, sharded: false)[0].memory
    #expect(whole == 2 * count + tensors, "two moments a weight and a counter a tensor")
    let parts = try Self.train(ranks, steps: 0, clip: nil, sharded: true).map(\.memory)
    #expect(parts.allSatisfy { $0 < whole / ranks + tensors })
    let pieces = Pieces(of: count, among: ranks)
    let counters = zip(parts, 0...).map { $0 - 2 * pieces[$1].count }
    #expect(counters.allSatisfy { $0 > 0 })
    #expect(counters.reduce(0, +) < tensors + ranks, "only a cut tensor is counted twice")
  }

  @Test func `sends as much with moments in parts as without, and one more number`() throws {
    let ranks = 3
    func bytes(sharded: Bool) throws -> Int {
      let cluster = Cluster(ranks: ranks)
      _ = try Self.train(ranks, steps: 1, clip: 1, sharded: sharded, cluster: cluster)
      return cluster.traffic.joined().reduce(0, +)
    }
    // The norm goes up and down the tree in eight bytes.
    #expect(try bytes(sharded: true) - bytes(sharded: false) == 2 * (ranks - 1) * 8)
    let weights = Self.replica().weights
    let expected = 2 * (ranks - 1) * (4 * weights.count + 8 * weights.entries.count)
    #expect(try bytes(sharded: false) == expected)
  }

  @Test func `leaves an expert alone that no rank has visited`() throws {
    let names = ["a.weight", "b.weight"]
    let found = try Cluster(ranks: 2).run { rank in
      let weights = names.map { ($0, Parameter(Tensor(repeating: 1, shape: [3, 3]))) }
      let flat = FlatWeights(weights)
      var optimizer = ShardedOptimizer(flat, in: rank.everyone) {
        AdamW($0, rate: 0.1, decay: 0.5)
      }
      var gradients = Gradients()
      gradients[weights[1].1] = Tensor(repeating: Float(rank.index), shape: [3, 3])
      _ = try optimizer.step(gradients, in: rank.everyone)
      return flat.values.scalars
    }
    #expect(found[0] == found[1])
    #expect(found[0][..<9].allSatisfy { $0 == 1 }, "a gradient of zero would let it decay")
    #expect(found[0][9...].allSatisfy { $0 < 0.96 })
  }

  @Test func `moves nothing along a gradient that is not finite on one rank`() throws {
    let found = try Cluster(ranks: 2).run { rank in
      let weight = Parameter(Tensor(repeating: 1, shape: [2, 2]))
      var optimizer = ShardedOptimizer(
        FlatWeights([("a.weight", weight)]), in: rank.everyone
      ) { AdamW($0, rate: 0.1) }
      var gradients = Gradients()
      gradients[weight] = Tensor([1, 1, 1, rank.index == 1 ? .infinity : 1], shape: [2, 2])
      let norm = try optimizer.step(gradients, in: rank.everyone, clippedTo: 1)
      return (norm, weight.value.scalars)
    }
    for (norm, weights) in found { #expect(norm == .infinity && weights == [1, 1, 1, 1]) }
  }
}
