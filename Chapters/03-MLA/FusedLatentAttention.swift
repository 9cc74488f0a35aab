import Attention
import Tensors

// snippet.operation
/// Causal attention whose keys have a content part for each head and a rotary part for all.
///
/// o_i = softmax(τ (q^C_i · k^C_i + q^R_i · k^R)) v_i for head i, by tiles: neither a table of
/// length × length nor a matrix of whole keys is formed.
/// Paper: DeepSeek-V3 §2.1.1, (9)–(11).
/// - Shape: queries [rows, heads · (contentWidth + rotaryWidth)], expanded
///   [rows, heads · (contentWidth + valueWidth)], rotaryKey [rows, rotaryWidth] →
///   [rows, heads · valueWidth]
public func latentAttention(
  _ queries: Variable, _ expanded: Variable, _ rotaryKey: Variable, _ shape: LatentShape,
  _ sequences: Sequences
) -> Variable {
  let kernel = LatentAttentionKernel(shape, sequences)
  kernel.check(queries.shape, expanded.shape, rotaryKey.shape)
  let operands = (queries.value, expanded.value, rotaryKey.value)
  let (output, normalizers) = kernel.forward(operands.0, operands.1, operands.2)
  return queries.tape.record(
    "latentAttention", output, from: [queries, expanded, rotaryKey]
  ) { upstream in
    let share = kernel.pullback(
      upstream, output, normalizers, operands.0, operands.1, operands.2)
    return [.now(share.queries), .now(share.expanded), .now(share.rotaryKey)]
  }
}
// snippet.end
