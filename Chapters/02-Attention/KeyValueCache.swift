import Tensors

/// The keys and values of past tokens, so that a new token costs one row and not the whole text.
///
/// Each sequence grows by itself. Rolling back forgets the newest tokens, as after a rejected draft.
public final class KeyValueCache: AttentionCache {
  /// The sizes of the attention that it serves.
  public let shape: AttentionShape
  private var keys: [GrowingRows]
  private var values: [GrowingRows]

  /// Creates an empty cache.
  public init(_ shape: AttentionShape, sequences: Int) {
    self.shape = shape
    keys = Array(
      repeating: GrowingRows(columns: shape.keyValueHeads * shape.keyWidth), count: sequences)
    values = Array(
      repeating: GrowingRows(columns: shape.keyValueHeads * shape.valueWidth), count: sequences)
  }

  /// The number of tokens kept of each sequence.
  public var lengths: [Int] { keys.map(\.count) }

  /// A key and a value of every key head.
  public var numbersPerToken: Int { shape.keyValueHeads * (shape.keyWidth + shape.valueWidth) }

  /// Forgets all but the first tokens of one sequence.
  public func truncate(sequence: Int, to length: Int) {
    keys[sequence].truncate(to: length)
    values[sequence].truncate(to: length)
  }

  /// Keeps the sequences named, in that order.
  public func select(_ sequences: [Int]) {
    keys = sequences.map { keys[$0] }
    values = sequences.map { values[$0] }
  }

  /// Takes over the sequences of another cache of the same layer.
  public func absorb(_ other: any AttentionCache) {
    guard let other = other as? KeyValueCache, other.shape == shape else {
      fatalError("KeyValueCache: cannot take over a cache of another kind or shape")
    }
    keys += other.keys
    values += other.values
  }

  // snippet.cache-attend
  /// Appends the new tokens of each sequence and lets their queries look at all tokens.
  /// - Shape: q [rows, heads · keyWidth] → [rows, heads · valueWidth]
  func attend(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ sequences: Sequences) -> Tensor {
    insist(
      sequences.offsets == lengths,
      "KeyValueCache: tokens for the places \(sequences.offsets) come to a cache of \(lengths)")
    insist(
      sequences.documentStarts == nil, "KeyValueCache: its sequences hold one document each")
    let outputs = (0..<sequences.count).map { sequence in
      let rows = sequence * sequences.length..<(sequence + 1) * sequences.length
      keys[sequence].append(k, rows: rows)
      values[sequence].append(v, rows: rows)
      return cachedAttention(
        q.rows(rows), keys[sequence].tensor, values[sequence].tensor,
        count: keys[sequence].count, shape)
    }
    return Tensor.stacked(rowsOf: outputs)
  }
  // snippet.end
}
