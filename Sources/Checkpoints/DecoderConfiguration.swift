/// The sizes and constants of a dense decoder: what `config.json` says of a Llama or Qwen2 model.
///
/// Every field has its Hugging Face key in the comment; the keys themselves are used in the
/// reading and writing half of this type and nowhere else.
public struct DecoderConfiguration: Equatable, Sendable {
  /// The two dense families; they differ in the biases of attention.
  public enum Family: CaseIterable, Sendable {
    /// No bias anywhere.
    case llama
    /// A bias on queries, keys and values.
    case qwen2
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
  /// The width of a head: `head_dim`.
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

  /// Whether queries, keys and values have a bias, which the family decides.
  public var hasQueryKeyValueBias: Bool { family == .qwen2 }

  /// Creates a configuration; what is left out takes the value that Llama uses.
  ///
  /// - Parameters:
  ///   - keyValueHeads: As many as query heads unless given.
  ///   - headWidth: The width divided by the heads unless given.
  public init(
    family: Family = .llama, vocabularySize: Int, width: Int, feedForwardWidth: Int,
    layers: Int,
    heads: Int, keyValueHeads: Int? = nil, headWidth: Int? = nil, maximumPositions: Int = 2048,
    ropeTheta: Double = 10000, rmsNormEpsilon: Double = 1e-6, tiesEmbeddings: Bool = false,
    initializerRange: Double = 0.02, beginToken: Int? = nil, endTokens: [Int] = [],
    padToken: Int? = nil, weightFormat: StorageFormat = .f32
  ) {
    self.family = family
    self.vocabularySize = vocabularySize
    self.width = width
    self.feedForwardWidth = feedForwardWidth
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads ?? heads
    self.headWidth = headWidth ?? (heads > 0 ? width / heads : 0)
    self.maximumPositions = maximumPositions
    self.ropeTheta = ropeTheta
    self.rmsNormEpsilon = rmsNormEpsilon
    self.tiesEmbeddings = tiesEmbeddings
    self.initializerRange = initializerRange
    self.beginToken = beginToken
    self.endTokens = endTokens
    self.padToken = padToken
    self.weightFormat = weightFormat
  }
}
