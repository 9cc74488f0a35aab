import Attention
import Checkpoints
import MLA
import MTP
import MoE
import Tensors

/// Tokens that follow in one text, on their way through a model.
struct Span {
  /// What is kept of the text so far.
  let cache: SequenceCache
  /// The tokens that come next.
  let tokens: [Int]
}

/// A model laid out for being read: packed weights, and nothing that training needs.
///
/// It computes what `LanguageModel` computes, but by rows: the tokens of many texts, some one at a
/// time and some by the hundred, go through a layer together, and none of them notices the others.
public struct ServedModel: Sendable {
  /// The sizes.
  public let configuration: DecoderConfiguration
  /// The format of the matrices.
  public let format: WeightFormat
  private let embedding: QuantizedMatrix
  private let blocks: [ServedBlock]
  private let norm: Tensor
  private let head: QuantizedMatrix
  private let rotary: RotaryEmbedding
  /// The first prediction module, which drafts; nil when there is none.
  let drafter: ServedDrafter?

  /// Packs the weights of a model, one after another.
  public init(
    _ configuration: DecoderConfiguration, _ format: WeightFormat,
    from weights: some WeightSource
  ) throws(CheckpointError) {
    self.configuration = configuration
    self.format = format
    rotary = configuration.rotaryEmbedding
    let source = PackingSource(weights: weights, configuration: configuration, format: format)
    let (vocabulary, width) = (configuration.vocabularySize, configuration.width)
    embedding = try source.matrix(
      "model.embed_tokens", vocabulary, width, as: format.companion)
    var blocks: [ServedBlock] = []
    for layer in 0..<configuration.layers {
      blocks.append(try ServedBlock(source.part("model.layers.\(layer)"), layer: layer))
    }
    self.blocks = blocks
    norm = try source.tensor("model.norm.weight", width)
    head =
      configuration.tiesEmbeddings
      ? embedding : try source.matrix("lm_head", vocabulary, width, as: format.companion)
    let next = "model.layers.\(configuration.layers)"
    drafter =
      weights.contains("\(next).eh_proj.weight")
      ? try ServedDrafter(source.part(next), layer: configuration.layers) : nil
  }

  /// Packs the weights of a model in memory.
  public init(
    _ configuration: DecoderConfiguration, _ format: WeightFormat, of model: some Module
  ) {
    do {
      try self.init(configuration, format, from: ModelWeights(model))
    } catch { fatalError("ServedModel: \(error)") }
  }

  /// Whether the model can draft tokens for itself.
  public var drafts: Bool { drafter != nil }

  /// What the cache keeps of a token.
  public func cacheLayout(_ format: CacheFormat) -> CacheLayout {
    CacheLayout(parts: blocks[0].attention.heads.parts, layers: blocks.count, format: format)
  }

  /// The bytes of all weights, and of those that a single token reads; the drafter's are left out.
  public var weightBytes: (all: Int, active: Int) {
    let table = head.byteCount
    let embedded = configuration.tiesEmbeddings ? 0 : embedding.byteCount
    return blocks.reduce((table + embedded, table)) {
      ($0.0 + $1.byteCount.all, $0.1 + $1.byteCount.active)
    }
  }

  /// Reads the tokens of all spans and keeps them in their caches.
  /// - Shape: → [tokens of all spans, width]
  func hidden(_ spans: [Span]) -> Tensor {
    var x = embedding.rows(at: spans.flatMap(\.tokens))
    let angles = rotary.table(spans.flatMap(\.positions))
    for (layer, block) in blocks.enumerated() {
      x = block(x, spans, angles, layer: layer)
    }
    for span in spans { span.cache.advance(by: span.tokens.count) }
    return x.rmsNormalized(weight: norm, epsilon: Float(configuration.rmsNormEpsilon)).result
  }

  /// The logits of the next token behind each row.
  /// - Shape: [rows, width] → [rows, vocabulary]
  func logits(_ hidden: Tensor) -> Tensor { head(hidden) }

  /// The output of the drafter for known rows, each with the token that follows it.
  func drafted(_ hidden: Tensor, _ spans: [Span]) -> Tensor? {
    guard let drafter else { return nil }
    let tokens = embedding.rows(at: spans.flatMap(\.tokens))
    let angles = rotary.table(spans.flatMap(\.positions))
    let result = drafter(hidden, tokens, spans, angles)
    for span in spans { span.cache.advance(by: span.tokens.count) }
    return result
  }
}

extension Span {
  /// The positions of the tokens in their text.
  var positions: Range<Int> { cache.position..<cache.position + tokens.count }
}

/// One layer.
struct ServedBlock: Sendable {
  let attention: any ServedAttention
  private let feedForward: any ServedFeedForward
  private let attentionNorm, feedForwardNorm: Tensor
  private let epsilon: Float

  init(_ source: PackingSource, layer: Int) throws(CheckpointError) {
    let configuration = source.configuration
    epsilon = Float(configuration.rmsNormEpsilon)
    attentionNorm = try source.tensor("input_layernorm.weight", configuration.width)
    feedForwardNorm = try source.tensor("post_attention_layernorm.weight", configuration.width)
    let (inner, outer) = (source.part("self_attn"), source.part("mlp"))
    if let sizes = configuration.latentAttention {
      attention = try ServedLatentAttention(inner, sizes)
    } else {
      attention = try ServedGroupedAttention(inner)
    }
    if let experts = configuration.experts, experts.isExpertLayer(layer) {
      feedForward = try ServedMixture(outer, experts)
    } else {
      feedForward = try ServedExpert(outer, hidden: configuration.feedForwardWidth)
    }
  }

  // snippet.block
  /// h = x + attention(norm(x)), then h + feedForward(norm(h)).
  func callAsFunction(
    _ x: Tensor, _ spans: [Span], _ angles: RotaryTable, layer: Int
  ) -> Tensor {
    let rows = x.rmsNormalized(weight: attentionNorm, epsilon: epsilon).result
    let (queries, kept) = attention.project(rows, angles)
    var h = attention.finish(
      attention.heads.attend(queries, keeping: kept, spans, layer: layer))
    h.add(x)
    var y = feedForward(h.rmsNormalized(weight: feedForwardNorm, epsilon: epsilon).result)
    y.add(h)
    return y
  }
  // snippet.end

  var byteCount: (all: Int, active: Int) {
    let fixed = attention.byteCount + 4 * (attentionNorm.count + feedForwardNorm.count)
    let (all, active) = feedForward.byteCount
    return (fixed + all, fixed + active)
  }
}

/// A prediction module that drafts the second token ahead; embedding and head are the model's own.
///
/// Paper: DeepSeek-V3 §2.2.
struct ServedDrafter: Sendable {
  private let embeddingNorm, hiddenNorm, norm: Tensor
  private let projection: QuantizedMatrix
  private let block: ServedBlock
  private let epsilon: Float

  init(_ source: PackingSource, layer: Int) throws(CheckpointError) {
    let width = source.configuration.width
    epsilon = Float(source.configuration.rmsNormEpsilon)
    embeddingNorm = try source.tensor("enorm.weight", width)
    hiddenNorm = try source.tensor("hnorm.weight", width)
    norm = try source.tensor("shared_head.norm.weight", width)
    projection = try source.matrix("eh_proj", width, 2 * width, as: source.format.companion)
    block = try ServedBlock(source, layer: layer)
  }

  /// What its cache keeps of a token.
  func cacheLayout(_ format: CacheFormat) -> CacheLayout {
    CacheLayout(parts: block.attention.heads.parts, layers: 1, format: format)
  }

  /// h′ = M [norm(Emb(t)) ; norm(h)], the block and a norm.
  func callAsFunction(
    _ hidden: Tensor, _ tokens: Tensor, _ spans: [Span], _ angles: RotaryTable
  ) -> Tensor {
    let token = tokens.rmsNormalized(weight: embeddingNorm, epsilon: epsilon).result
    let known = hidden.rmsNormalized(weight: hiddenNorm, epsilon: epsilon).result
    return block(projection(token.joined(known)), spans, angles, layer: 0)
      .rmsNormalized(weight: norm, epsilon: epsilon).result
  }
}
