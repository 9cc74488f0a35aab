import Attention
import Checkpoints
import Tensors

/// A layer beside the model that predicts one token further than the depth before it.
///
/// It reads what is known of a text up to a token, and the token that comes next to be read, and it
/// has one transformer block to think about both. Embedding and head are the model's own.
/// Paper: DeepSeek-V3 §2.2.
public struct PredictionModule: Module {
  let embedding: Embedding
  let embeddingNorm, hiddenNorm: RMSNorm
  let projection: Linear
  let block: Block
  let head: SharedHead

  /// The norm of the module's output, and the head that it shares.
  struct SharedHead: Module {
    let norm: RMSNorm
    let head: Linear

    var parts: KeyValuePairs<String, any Part> { ["norm": norm, "head": head] }
  }

  /// Creates the module with fresh weights.
  /// - Parameters:
  ///   - layer: its place behind the layers of the model, from which it knows its kind of block.
  ///   - language: the model whose embedding and head it shares.
  init(
    _ sizes: DecoderConfiguration, layer: Int, sharing language: LanguageModel,
    using generator: inout SplitMix64
  ) {
    embedding = language.body.embedding
    embeddingNorm = sizes.norm
    hiddenNorm = sizes.norm
    projection = Linear(
      from: 2 * sizes.width, to: sizes.width, deviation: sizes.deviations.inner,
      using: &generator)
    block = sizes.block(layer, using: &generator)
    head = SharedHead(norm: sizes.norm, head: Linear(weight: language.headWeight))
  }

  /// The weights under the names of the released checkpoint.
  ///
  /// It stores copies of the embedding and of the head among them.
  public var parts: KeyValuePairs<String, any Part> {
    [
      "embed_tokens": embedding, "enorm": embeddingNorm, "hnorm": hiddenNorm,
      "eh_proj": projection, "input_layernorm": block.attentionNorm,
      "self_attn": block.attention, "post_attention_layernorm": block.feedForwardNorm,
      "mlp": block.feedForward, "shared_head": head,
    ]
  }

  // snippet.module
  /// Turns what is known of each position, and a later token, into what is known of that token.
  ///
  /// h′ = M [norm(Emb(t)) ; norm(h)], then the block, then a norm: the head can read the result.
  /// The released weights want the embedding first; the paper writes it second.
  /// Paper: DeepSeek-V3 §2.2, eq. 21 and 22.
  /// - Shape: hidden [rows, width], tokens [rows] → [rows, width]
  public func callAsFunction(
    _ hidden: Variable, with tokens: [Int], in pass: Pass, cache: (any AttentionCache)? = nil
  ) -> Variable {
    let token = embeddingNorm(embedding(tokens, on: pass.tape))
    let known = hiddenNorm(hidden)
    let joined = projection(token.concatenated(with: known))
    return head.norm(block(joined, in: pass, cache: cache))
  }
  // snippet.end
}
