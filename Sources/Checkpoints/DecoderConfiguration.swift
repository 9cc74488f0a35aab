/// The sizes and constants of a decoder: what `config.json` says of a model.
///
/// Every field has its Hugging Face key in the comment; the keys themselves are used in the
/// reading and writing half of this type and nowhere else.
public struct DecoderConfiguration: Equatable, Sendable {
  /// The families of models; the first two are dense, the others have experts.
  public enum Family: CaseIterable, Sendable {
    /// No bias anywhere.
    case llama
    /// A bias on queries, keys and values.
    case qwen2
    /// Latent attention, and experts chosen by a softmax.
    case deepseekV2
    /// Latent attention, experts chosen by biased sigmoids, and prediction of further tokens.
    case deepseekV3
    /// Attention with a key for each head, and experts chosen by a softmax.
    case deepseekMoE
  }

  /// The family, which fixes `architectures` and `model_type`.
  public var family: Family
  /// The number of tokens: `vocab_size`.
  public var vocabularySize: Int
  /// The width of the residual stream: `hidden_size`.
  public var width: Int
  /// The width inside the feed-forward layer: `intermediate_size`.
  public var feedForwardWidth: Int
  /// The number of blocks: `num_hidden_layers`.
  public var layers: Int
  /// The number of query heads: `num_attention_heads`.
  public var heads: Int
  /// The number of heads of keys and values: `num_key_value_heads`.
  public var keyValueHeads: Int
  /// The width of a head, or of its rotary part in latent attention: `head_dim`.
  public var headWidth: Int
  /// The longest context that the model was made for: `max_position_embeddings`.
  public var maximumPositions: Int
  /// The base of the rotary wavelengths: `rope_theta`.
  public var ropeTheta: Double
  /// What is added to the mean square: `rms_norm_eps`.
  public var rmsNormEpsilon: Double
  /// Whether the head shares the embedding's weights: `tie_word_embeddings`.
  public var tiesEmbeddings: Bool
  /// The standard deviation of fresh weights: `initializer_range`.
  public var initializerRange: Double
  /// The token that starts a text: `bos_token_id`.
  public var beginToken: Int?
  /// The tokens that end a text: `eos_token_id`, one or several.
  public var endTokens: [Int]
  /// The token that fills up a batch: `pad_token_id`.
  public var padToken: Int?
  /// The format of the stored weights: `dtype`, formerly `torch_dtype`.
  public var weightFormat: StorageFormat
  /// The blocks that share a scale in weights of eight bits; `nil` when there are none:
  /// `quantization_config.weight_block_size`.
  public var weightBlock: WeightBlock?
  /// The widths of latent attention; `nil` for attention with whole keys and values.
  public var latentAttention: LatentAttentionSizes?
  /// The experts; `nil` when every feed-forward layer is dense.
  public var experts: ExpertSizes?
  /// The number of modules that predict further tokens: `num_nextn_predict_layers`.
  public var predictors: Int
  /// How rotary positions are stretched; `nil` when they are not.
  public var ropeScaling: RopeScaling?
  /// Whether the two numbers of a rotary pair are neighbours, rather than half a head apart:
  /// `rope_interleave`.
  public var ropeInterleaved: Bool

  /// Whether queries, keys and values have a bias, which the family decides.
  public var hasQueryKeyValueBias: Bool { family == .qwen2 }

  /// Creates a configuration; what is left out takes the value that Llama uses.
  ///
  /// - Parameters:
  ///   - keyValueHeads: As many as query heads unless given.
  ///   - headWidth: The width divided by the heads unless given; in latent attention always the
  ///     rotary width.
  ///   - ropeInterleaved: As the family has it unless given.
  public init(
    family: Family = .llama, vocabularySize: Int, width: Int, feedForwardWidth: Int,
    layers: Int,
    heads: Int, keyValueHeads: Int? = nil, headWidth: Int? = nil, maximumPositions: Int = 2048,
    ropeTheta: Double = 10000, rmsNormEpsilon: Double = 1e-6, tiesEmbeddings: Bool = false,
    initializerRange: Double = 0.02, beginToken: Int? = nil, endTokens: [Int] = [],
    padToken: Int? = nil, weightFormat: StorageFormat = .f32, weightBlock: WeightBlock? = nil,
    latentAttention: LatentAttentionSizes? = nil, experts: ExpertSizes? = nil,
    predictors: Int = 0, ropeScaling: RopeScaling? = nil, ropeInterleaved: Bool? = nil
  ) {
    self.family = family
    self.vocabularySize = vocabularySize
    self.width = width
    self.feedForwardWidth = feedForwardWidth
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads ?? heads
    self.headWidth =
      latentAttention?.rotaryWidth ?? headWidth ?? (heads > 0 ? width / heads : 0)
    self.maximumPositions = maximumPositions
    self.ropeTheta = ropeTheta
    self.rmsNormEpsilon = rmsNormEpsilon
    self.tiesEmbeddings = tiesEmbeddings
    self.initializerRange = initializerRange
    self.beginToken = beginToken
    self.endTokens = endTokens
    self.padToken = padToken
    self.weightFormat = weightFormat
    self.weightBlock = weightBlock
    self.latentAttention = latentAttention
    self.experts = experts
    self.predictors = predictors
    self.ropeScaling = ropeScaling
    self.ropeInterleaved = ropeInterleaved ?? (family == .deepseekV2 || family == .deepseekV3)
  }
}
