import Tensors

/// The sizes of an attention, shared by the plain and the tiled form.
public struct AttentionShape: Sendable, Equatable {
  /// The number of query heads.
  public let heads: Int
  /// The number of key and value heads; each serves heads / keyValueHeads query heads.
  public let keyValueHeads: Int
  /// The width of a query and of a key.
  public let keyWidth: Int
  /// The width of a value.
  public let valueWidth: Int
  /// τ, by which the scores are multiplied: 1 / √keyWidth, unless YaRN changes it.
  public let scale: Float

  /// Creates the sizes.
  public init(
    heads: Int, keyValueHeads: Int, keyWidth: Int, valueWidth: Int, scale: Float? = nil
  ) {
    insist(
      keyValueHeads > 0 && heads % keyValueHeads == 0,
      "AttentionShape: \(heads) heads cannot share \(keyValueHeads) key heads evenly")
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.keyWidth = keyWidth
    self.valueWidth = valueWidth
    self.scale = scale ?? 1 / Float(keyWidth).squareRoot()
  }

  /// The query heads that one key head serves.
  public var group: Int { heads / keyValueHeads }
}

/// Causal attention by tiles: no matrix of length × length is ever formed.
///
/// o = softmax(τ q kᵀ + causal mask) v, head by head, with a running maximum and sum for each row.
/// Where sequences hold several documents, the mask also hides the documents before a row's own.
/// Paper: Dao, 2023, "FlashAttention-2", algorithms 1 and 2.
/// - Shape: q [rows, heads · keyWidth], k [rows, keyValueHeads · keyWidth],
///   v [rows, keyValueHeads · valueWidth] → [rows, heads · valueWidth]
public func flashAttention(
  _ q: Variable, _ k: Variable, _ v: Variable, _ shape: AttentionShape, _ sequences: Sequences
) -> Variable {
  let kernel = FlashAttentionKernel(shape, sequences)
  kernel.check(q.shape, k.shape, v.shape)
  let (queries, keys, values) = (q.value, k.value, v.value)
  let (output, normalizers) = kernel.forward(queries, keys, values)
  return q.tape.record("flashAttention", output, from: [q, k, v]) { upstream in
    let share = kernel.pullback(upstream, output, normalizers, queries, keys, values)
    return [.now(share.q), .now(share.k), .now(share.v)]
  }
}
