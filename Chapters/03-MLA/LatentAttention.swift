import Attention
import Checkpoints
import Tensors

/// Attention whose keys and values are all made from one narrow vector for each token.
///
/// Papers: DeepSeek-V2, 2024, §2.1; DeepSeek-V3, 2024, §2.1.1.
public struct LatentAttention: AttentionLayer {
  /// The sizes.
  public let shape: LatentShape
  let rotary: RotaryEmbedding
  /// W^Q; with compressed queries W^DQ, a norm and [W^UQ; W^QR] instead.
  let query, queryCompression, queryExpansion: Linear?
  let queryNorm: RMSNorm?
  /// [W^DKV; W^KR], a norm of the latent, and [W^UK; W^UV] head by head.
  let compression: Linear
  let latentNorm: RMSNorm
  let expansion: Linear
  let output: Linear

  /// The ε of the two norms inside, whatever the model's other norms have.
  package static let epsilon: Float = 1e-6

  /// Creates the layer with normally distributed weights.
  public init(
    width: Int, shape: LatentShape, rotary: RotaryEmbedding, deviation: Float,
    outputDeviation: Float, using generator: inout some RandomNumberGenerator
  ) {
    let sizes = shape.sizes
    insist(
      rotary.width == sizes.rotaryWidth,
      "LatentAttention: a rotation of \(rotary.width) for parts of \(sizes.rotaryWidth)")
    func map(from inputs: Int, to outputs: Int) -> Linear {
      Linear(from: inputs, to: outputs, deviation: deviation, using: &generator)
    }
    self.shape = shape
    self.rotary = rotary
    let queries = shape.heads * shape.keyWidth
    if let rank = sizes.queryRank {
      query = nil
      queryCompression = map(from: width, to: rank)
      queryNorm = RMSNorm(width: rank, epsilon: Self.epsilon)
      queryExpansion = map(from: rank, to: queries)
    } else {
      query = map(from: width, to: queries)
      (queryCompression, queryNorm, queryExpansion) = (nil, nil, nil)
    }
    // snippet.maps
    compression = map(from: width, to: shape.cachedWidth)
    compression.weight.maps = [sizes.keyValueRank, sizes.rotaryWidth]
    // snippet.end
    latentNorm = RMSNorm(width: sizes.keyValueRank, epsilon: Self.epsilon)
    expansion = map(from: sizes.keyValueRank, to: shape.heads * shape.expandedWidth)
    output = Linear(
      from: shape.heads * sizes.valueWidth, to: width, deviation: outputDeviation,
      using: &generator)
  }

  /// The weights under their checkpoint names.
  public var parts: KeyValuePairs<String, any Part> {
    [
      "q_proj": query, "q_a_proj": queryCompression, "q_a_layernorm": queryNorm,
      "q_b_proj": queryExpansion, "kv_a_proj_with_mqa": compression,
      "kv_a_layernorm": latentNorm, "kv_b_proj": expansion, "o_proj": output,
    ]
  }

  // snippet.layer
  /// Mixes each row with the earlier rows of its sequence.
  /// - Shape: [rows, width] → [rows, width]
  public func callAsFunction(
    _ x: Variable, in pass: Pass, cache: (any AttentionCache)?
  ) -> Variable {
    let angles = pass.table(rotary)
    let (first, compressed) = compress(x)
    let queries = expandQueries(first).rotated(by: angles, tailOf: shape.keyWidth)
    let latent = latentNorm(compressed[0])
    let rotaryKey = compressed[1].rotated(by: angles)
    guard let cache else {
      return output(attend(queries, latent, rotaryKey, pass.sequences))
    }
    let mixed = attend(queries, latent, rotaryKey, pass.sequences, own(cache))
    return output(mixed)
  }

  /// The queries' vector, the latent and the rotary key of each row, before norms and rotation.
  private func compress(_ x: Variable) -> (query: Variable, latentAndKey: [Variable]) {
    let maps = [queryCompression, query].compactMap { $0 } + [compression]
    let products = x.tape.products.linear(x, maps)
    let sizes = [shape.sizes.keyValueRank, shape.sizes.rotaryWidth]
    return (products[0], products[1].split(sizes: sizes))
  }

  private func expandQueries(_ compressed: Variable) -> Variable {
    guard let queryNorm, let queryExpansion else { return compressed }
    return queryExpansion(queryNorm(compressed))
  }

  /// The expanded form: keys and values of every head are made, and attended to.
  private func attend(
    _ queries: Variable, _ latent: Variable, _ rotaryKey: Variable, _ sequences: Sequences
  ) -> Variable {
    latentAttention(queries, expansion(latent), rotaryKey, shape, sequences)
  }
  // snippet.end

  // snippet.cached
  /// Keeps the new latents and keys, and attends to all of them.
  ///
  /// The first tokens of a sequence have only each other, so they take the expanded form; later
  /// ones the absorbed form, which never expands what is kept.
  private func attend(
    _ queries: Variable, _ latent: Variable, _ rotaryKey: Variable, _ sequences: Sequences,
    _ cache: LatentCache
  ) -> Variable {
    let tape = queries.tape
    insist(!tape.isRecording, "LatentAttention: a cache cannot be differentiated through")
    let isFirst = cache.lengths.allSatisfy { $0 == 0 }
    cache.append(latent.value, rotaryKey.value, sequences)
    if isFirst && sequences.length > 1 {
      return attend(queries, latent, rotaryKey, sequences)
    }
    return tape.constant(
      cache.attend(queries.value, expansion: expansion.weight.value, sequences))
  }
  // snippet.end

  private func own(_ cache: any AttentionCache) -> LatentCache {
    guard let cache = cache as? LatentCache else {
      fatalError("LatentAttention: a \(type(of: cache)) is not a LatentCache")
    }
    return cache
  }

  /// Makes an empty cache for some sequences.
  public func makeCache(sequences: Int) -> any AttentionCache {
    LatentCache(shape, sequences: sequences)
  }
}
