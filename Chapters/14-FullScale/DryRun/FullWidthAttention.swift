import Attention
import Checkpoints
import MLA
import Tensors

/// One layer of latent attention at its full width, with random weights, run over a few tokens.
public struct FullWidthAttention: Sendable {
  /// The weights of the layer.
  public let weights: Int
  /// The tokens that went through it.
  public let tokens: Int
  /// The numbers that the cache kept of each.
  public let cachedNumbers: Int
  /// The largest difference between what a token got from the cache, by the absorbed form, and what
  /// it gets when all tokens come at once, over the largest of all numbers.
  public let difference: Double

  /// The bytes that the cache of all layers takes for a token in sixteen bits.
  public func cacheBytes(layers: Int) -> Int { 2 * cachedNumbers * layers }

  /// Builds the layer and lets tokens through it: most of them at once, the last ones one by one.
  public init(
    of model: DecoderConfiguration = .v3, prompt: Int = 24, steps: Int = 8, seed: UInt64 = 0
  ) {
    var generator = SplitMix64(seed: seed)
    let layer = model.attention(using: &generator)
    let count = prompt + steps
    let rows = Tensor.normal(shape: [count, model.width], using: &generator)
    func pass(_ range: Range<Int>) -> (Variable, Pass) {
      let sequences = Sequences(count: 1, length: range.count, offsets: [range.lowerBound])
      let tape = Tape(recording: false)
      return (tape.constant(rows.rows(range)), Pass(sequences, on: tape))
    }
    let (all, whole) = pass(0..<count)
    let expected = layer(all, in: whole, cache: nil).value
    let cache = layer.makeCache(sequences: 1)
    var outputs: [Tensor] = []
    for range in [0..<prompt] + (prompt..<count).map({ $0..<$0 + 1 }) {
      let (part, trip) = pass(range)
      outputs.append(layer(part, in: trip, cache: cache).value)
    }
    let found = Tensor.concatenated(outputs, along: 0)
    let largest = expected.scalars.map { abs($0) }.max() ?? 1
    let error = zip(found.scalars, expected.scalars).map { abs($0 - $1) }.max() ?? 0
    weights = layer.namedParameters.reduce(0) { $0 + $1.parameter.value.count }
    tokens = cache.lengths[0]
    cachedNumbers = (cache as? LatentCache)?.numbersPerToken ?? model.cacheWidth
    difference = Double(error / largest)
  }
}
