import Attention
import Tensors

/// The latents of past tokens, after their norm, each beside its rotated key.
///
/// One narrow row for each token serves all heads, both as key and as value.
public final class LatentCache: AttentionCache {
  /// The sizes of the attention that it serves.
  public let shape: LatentShape
  private var sequences: [GrowingRows]

  /// Creates an empty cache.
  public init(_ shape: LatentShape, sequences: Int) {
    self.shape = shape
    self.sequences = Array(
      repeating: GrowingRows(columns: shape.cachedWidth), count: sequences)
  }

  /// The number of tokens kept of each sequence.
  public var lengths: [Int] { sequences.map(\.count) }

  /// The latent and the rotary key: 512 + 64 = 576 in DeepSeek's models.
  public var numbersPerToken: Int { shape.cachedWidth }

  /// What is kept of one sequence.
  /// - Shape: [tokens, keyValueRank + rotaryWidth]
  package func rows(of sequence: Int) -> Tensor {
    sequences[sequence].tensor.rows(0..<sequences[sequence].count)
  }

  /// Forgets all but the first tokens of one sequence.
  public func truncate(sequence: Int, to length: Int) {
    sequences[sequence].truncate(to: length)
  }

  /// Keeps the sequences named, in that order.
  public func select(_ chosen: [Int]) { sequences = chosen.map { sequences[$0] } }

  /// Takes over the sequences of another cache of the same layer.
  public func absorb(_ other: any AttentionCache) {
    guard let other = other as? LatentCache, other.shape == shape else {
      fatalError("LatentCache: cannot take over a cache of another kind or shape")
    }
    sequences += other.sequences
  }

  /// Appends the new tokens of each sequence.
  /// - Shape: latents [rows, keyValueRank], rotaryKeys [rows, rotaryWidth]
  func append(_ latents: Tensor, _ rotaryKeys: Tensor, _ new: Sequences) {
    insist(
      new.offsets == lengths,
      "LatentCache: tokens for the places \(new.offsets) come to a cache of \(lengths)")
    insist(new.documentStarts == nil, "LatentCache: its sequences hold one document each")
    for sequence in 0..<new.count {
      let first = sequence * new.length
      sequences[sequence].append(latents, rotaryKeys, rows: first..<first + new.length)
    }
  }

  /// Lets the queries of the newest tokens look at all tokens of their sequence.
  /// - Shape: queries [rows, heads · keyWidth], expansion [heads · expandedWidth, keyValueRank] →
  ///   [rows, heads · valueWidth]
  func attend(_ queries: Tensor, expansion: Tensor, _ new: Sequences) -> Tensor {
    AbsorbedAttentionKernel(shape, new: new.length)
      .attend(queries, to: sequences, expansion: expansion)
  }
}
