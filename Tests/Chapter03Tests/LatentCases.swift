import Attention
import Checkpoints
import MLA
import Tensors
import TestSupport
import Testing

/// One shape of latent attention, with a layer and rows for it.
struct LatentCase: Sendable, CustomTestStringConvertible {
  let queryRank: Int?
  let rank, content, rotary, value, heads: Int
  let layout: RotaryEmbedding.Layout
  var width = 12

  var testDescription: String {
    "\(heads) heads, queries \(queryRank.map { "through \($0)" } ?? "direct"), latent \(rank), "
      + "\(content) + \(rotary), values of \(value), \(layout)"
  }

  var sizes: LatentAttentionSizes {
    LatentAttentionSizes(
      queryRank: queryRank, keyValueRank: rank, contentWidth: content, rotaryWidth: rotary,
      valueWidth: value)
  }
  var shape: LatentShape { LatentShape(sizes, heads: heads) }
  var embedding: RotaryEmbedding {
    RotaryEmbedding(width: rotary, theta: 100, layout: layout)
  }

  /// A layer whose every weight has a part in the result.
  func layer(shape: LatentShape? = nil, rotary: RotaryEmbedding? = nil) -> LatentAttention {
    var generator = SplitMix64(seed: 5)
    let layer = LatentAttention(
      width: width, shape: shape ?? self.shape, rotary: rotary ?? embedding, deviation: 0.5,
      outputDeviation: 0.5, using: &generator)
    for parameter in layer.parameters where parameter.shape.count == 1 {
      let noise = Tensor.normal(shape: parameter.shape, deviation: 0.3, using: &generator)
      parameter.value = Tensor(noise.scalars.map { 1 + $0 }, shape: parameter.shape)
    }
    return layer
  }

  func twin(of layer: LatentAttention) -> LatentTwin { LatentTwin(layer, rotary: embedding) }

  static let compressed = LatentCase(
    queryRank: 7, rank: 10, content: 5, rotary: 6, value: 4, heads: 3, layout: .interleaved)
  static let direct = LatentCase(
    queryRank: nil, rank: 4, content: 3, rotary: 2, value: 5, heads: 2, layout: .halfSplit)
  static let wide = LatentCase(
    queryRank: 9, rank: 16, content: 8, rotary: 16, value: 8, heads: 5, layout: .interleaved)
  static let odd = LatentCase(
    queryRank: nil, rank: 21, content: 7, rotary: 4, value: 3, heads: 1, layout: .halfSplit)
  static let all = [compressed, direct, wide, odd]
}

extension LatentAttention {
  /// The output for one or several sequences, without a cache.
  func apply(_ x: Tensor, sequences: Int = 1, from start: Int = 0) -> Tensor {
    let length = x.rows / sequences
    let pass = Pass(
      Sequences(
        count: sequences, length: length, offsets: [Int](repeating: start, count: sequences)),
      on: Tape(recording: false))
    return self(pass.tape.constant(x), in: pass, cache: nil).value
  }

  /// The output for the next rows of every sequence of a cache.
  func apply(_ x: Tensor, cache: any AttentionCache) -> Tensor {
    let offsets = cache.lengths
    let pass = Pass(
      Sequences(count: offsets.count, length: x.rows / offsets.count, offsets: offsets),
      on: Tape(recording: false))
    return self(pass.tape.constant(x), in: pass, cache: cache).value
  }

  func weight(_ name: String) throws -> Parameter {
    try #require(namedParameters.first { $0.name == "\(name).weight" }?.parameter)
  }
}

extension Tensor {
  /// The rows as lists.
  var doubleRows: [[Double]] { TestSupport.rows(doubles, of: columns) }
}
