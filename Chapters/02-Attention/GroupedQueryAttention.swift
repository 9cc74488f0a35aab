import Tensors

/// Attention whose query heads share key and value heads in groups.
///
/// As many key heads as query heads make multi-head attention (MHA), one makes multi-query
/// attention (MQA), anything between grouped-query attention (GQA).
/// Papers: Vaswani et al., 2017; Shazeer, 2019; Ainslie et al., 2023.
public struct GroupedQueryAttention: AttentionLayer {
  /// The sizes of the heads.
  public let shape: AttentionShape
  let rotary: RotaryEmbedding
  let query, key, value, output: Linear

  /// Creates the layer with normally distributed weights.
  public init(
    width: Int, shape: AttentionShape, rotary: RotaryEmbedding, bias: Bool,
    deviation: Float, outputDeviation: Float, using generator: inout some RandomNumberGenerator
  ) {
    self.shape = shape
    self.rotary = rotary
    let keys = shape.keyValueHeads * shape.keyWidth
    let values = shape.keyValueHeads * shape.valueWidth
    query = Linear(
      from: width, to: shape.heads * shape.keyWidth, bias: bias, deviation: deviation,
      using: &generator)
    key = Linear(from: width, to: keys, bias: bias, deviation: deviation, using: &generator)
    value = Linear(from: width, to: values, bias: bias, deviation: deviation, using: &generator)
    output = Linear(
      from: shape.heads * shape.valueWidth, to: width, deviation: outputDeviation,
      using: &generator)
  }

  /// The weights under their checkpoint names.
  public var parts: KeyValuePairs<String, any Part> {
    ["q_proj": query, "k_proj": key, "v_proj": value, "o_proj": output]
  }

  // snippet.attention-layer
  /// Mixes each row with the earlier rows of its sequence.
  /// - Shape: [rows, width] → [rows, width]
  public func callAsFunction(
    _ x: Variable, in pass: Pass, cache: (any AttentionCache)?
  ) -> Variable {
    let angles = pass.table(rotary)
    let projections = x.tape.products.linear(x, [query, key, value])
    let q = projections[0].rotated(by: angles)
    let k = projections[1].rotated(by: angles)
    let v = projections[2]
    guard let cache else {
      return output(flashAttention(q, k, v, shape, pass.sequences))
    }
    guard let cache = cache as? KeyValueCache else {
      fatalError("GroupedQueryAttention: a \(type(of: cache)) is not a KeyValueCache")
    }
    insist(
      !x.tape.isRecording, "GroupedQueryAttention: a cache cannot be differentiated through")
    return output(x.tape.constant(cache.attend(q.value, k.value, v.value, pass.sequences)))
  }
  // snippet.end

  /// Makes an empty cache for some sequences.
  public func makeCache(sequences: Int) -> any AttentionCache {
    KeyValueCache(shape, sequences: sequences)
  }
}
