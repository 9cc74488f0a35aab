import Foundation

extension DecoderConfiguration {
  /// Reads `config.json` of a Llama, a Qwen2, a DeepSeek-V2, a DeepSeek-V3 or a DeepSeekMoE.
  ///
  /// Both spellings of the rotary settings are read: `rope_theta` with `rope_scaling`, which the
  /// released checkpoints use, and `rope_parameters`, which `transformers` 5 writes. The five sizes
  /// of the model must be there; the rest falls back to the defaults of the configuration classes
  /// in `transformers` 5.23.
  public static func read(from url: URL) throws(CheckpointError) -> DecoderConfiguration {
    try DecoderConfiguration(try JSONFields(readingFrom: url))
  }

  /// Takes the configuration from the keys of a file that was read already.
  public init(_ fields: JSONFields) throws(CheckpointError) {
    let family = try Family(fields)
    let defaults = family.defaults
    let sizes = 1...Self.largestSize
    let heads = try fields.integer("num_attention_heads", in: sizes)
    let width = try fields.integer("hidden_size", in: sizes)
    let latent = try defaults.latent.map { sizes throws(CheckpointError) in
      try LatentAttentionSizes(fields, defaults: sizes)
    }
    if latent == nil, fields["head_dim"] == nil, !width.isMultiple(of: heads) {
      throw fields.error(
        "hidden_size", .outOfRange("\(width) does not divide into \(heads) heads"))
    }
    // An explicit null means as many as there are query heads.
    let isAbsent = fields.object["num_key_value_heads"] == nil
    let keyValueHeads = isAbsent ? defaults.keyValueHeads ?? heads : heads
    try Self.refuseWhatIsNotBuilt(fields)
    let positions = try fields.integer(
      "max_position_embeddings", default: defaults.maximumPositions, in: sizes)
    let (ropeTheta, ropeScaling) = try RopeScaling.settings(fields, positions: positions)
    self.init(
      family: family,
      vocabularySize: try fields.integer("vocab_size", in: sizes),
      width: width,
      feedForwardWidth: try fields.integer("intermediate_size", in: sizes),
      layers: try fields.integer("num_hidden_layers", in: 1...Self.mostLayers),
      heads: heads,
      keyValueHeads: try fields.integer(
        "num_key_value_heads", default: keyValueHeads, in: sizes),
      headWidth: try fields.integer("head_dim", default: width / heads, in: sizes),
      maximumPositions: positions,
      ropeTheta: ropeTheta,
      rmsNormEpsilon: try fields.number("rms_norm_eps", default: 1e-6),
      tiesEmbeddings: try fields.bool("tie_word_embeddings", default: false),
      initializerRange: try fields.number("initializer_range", default: 0.02),
      beginToken: try Self.beginToken(fields, defaults),
      endTokens: try Self.endTokens(fields, defaults),
      padToken: try Self.padToken(fields),
      weightFormat: try Self.weightFormat(fields),
      weightBlock: try WeightBlock(fields),
      latentAttention: latent,
      experts: try ExpertSizes(fields, family),
      predictors: try family == .deepseekV3
        ? fields.integer("num_nextn_predict_layers", default: 0, in: 0...Self.mostLayers) : 0,
      ropeScaling: ropeScaling,
      // The classes of V2 know no other layout, whatever a file says.
      ropeInterleaved: try family == .deepseekV3
        ? fields.bool("rope_interleave", default: true) : family == .deepseekV2)
    try validate(file: fields.file)
  }
}

// MARK: The parts of the file

extension DecoderConfiguration {
  private static func refuseWhatIsNotBuilt(_ fields: JSONFields) throws(CheckpointError) {
    let activation = try fields.string("hidden_act", default: "silu")
    guard activation == "silu" else {
      throw fields.error("hidden_act", .unsupported("'\(activation)'"))
    }
    // A Llama with attention_bias also has one on the output projection, unlike Qwen2.
    for key in ["attention_bias", "mlp_bias", "use_sliding_window"] {
      guard try !fields.bool(key, default: false) else {
        throw fields.error(key, .unsupported("true"))
      }
    }
    for kind in fields["layer_types"]?.array ?? [] where kind != "full_attention" {
      throw fields.error("layer_types", .unsupported("'\(kind.string ?? kind.kind)'"))
    }
  }

  private static func beginToken(
    _ fields: JSONFields, _ defaults: FamilyDefaults
  ) throws(CheckpointError) -> Int? {
    if fields.object["bos_token_id"] == nil { return defaults.beginToken }
    return try fields["bos_token_id"] == nil ? nil : fields.integer("bos_token_id")
  }

  private static func endTokens(
    _ fields: JSONFields, _ defaults: FamilyDefaults
  ) throws(CheckpointError) -> [Int] {
    if fields.object["eos_token_id"] == nil { return defaults.endToken.map { [$0] } ?? [] }
    return try fields.integers("eos_token_id")
  }

  /// Older files mark the absence of a padding token by -1.
  private static func padToken(_ fields: JSONFields) throws(CheckpointError) -> Int? {
    let token = try fields.integer("pad_token_id", default: -1)
    return token == -1 ? nil : token
  }

  private static func weightFormat(_ fields: JSONFields) throws(CheckpointError)
    -> StorageFormat
  {
    let key = fields["dtype"] == nil ? "torch_dtype" : "dtype"
    let name = try fields.string(key, default: "float32")
    guard let format = StorageFormat.allCases.first(where: { $0.torchName == name }) else {
      throw fields.error(key, .unsupported("'\(name)'"))
    }
    return format
  }
}

extension WeightBlock {
  /// Takes the blocks from `quantization_config`, whose default is 128 by 128; nil for integers,
  /// which have an `IntegerFormat`.
  fileprivate init?(_ fields: JSONFields) throws(CheckpointError) {
    guard let settings = try fields.fields("quantization_config"),
      try settings.string("quant_method") != IntegerFormat.method
    else { return nil }
    for (key, only) in [("quant_method", "fp8"), ("fmt", "e4m3")] {
      let found = try settings.string(key, default: key == "fmt" ? only : nil)
      guard found == only else { throw settings.error(key, .unsupported("'\(found)'")) }
    }
    let block =
      try settings["weight_block_size"] == nil
      ? [128, 128] : settings.integers("weight_block_size")
    guard block.count == 2, block.allSatisfy((1...DecoderConfiguration.largestSize).contains)
    else {
      throw settings.error(
        "weight_block_size", .outOfRange("\(block) is not the height and width of a block"))
    }
    self.init(rows: block[0], columns: block[1])
  }
}

extension DecoderConfiguration.Family {
  /// The class that loads the model in `transformers` or, for DeepSeekMoE, beside its weights.
  public var architecture: String {
    switch self {
    case .llama: "LlamaForCausalLM"
    case .qwen2: "Qwen2ForCausalLM"
    case .deepseekV2: "DeepseekV2ForCausalLM"
    case .deepseekV3: "DeepseekV3ForCausalLM"
    case .deepseekMoE: "DeepseekForCausalLM"
    }
  }

  var modelType: String {
    switch self {
    case .llama: "llama"
    case .qwen2: "qwen2"
    case .deepseekV2: "deepseek_v2"
    case .deepseekV3: "deepseek_v3"
    case .deepseekMoE: "deepseek"
    }
  }

  /// Finds the family by its architecture or, in files without one, by its model type.
  fileprivate init(_ fields: JSONFields) throws(CheckpointError) {
    let names: [JSONValue]
    if let value = fields["architectures"] {
      guard let list = value.array else {
        throw fields.error(
          "architectures", .wrongType(expected: "a list of strings", found: value.kind))
      }
      names = list
    } else {
      names = []
    }
    let type = try fields.string("model_type", default: names.isEmpty ? nil : "")
    let family = Self.allCases.first { family in
      names.isEmpty ? type == family.modelType : names == [.string(family.architecture)]
    }
    guard let family else {
      let key = names.isEmpty ? "model_type" : "architectures"
      let found =
        names.isEmpty ? type : names.map { $0.string ?? $0.kind }.joined(separator: ", ")
      throw fields.error(key, .unsupported("'\(found)'"))
    }
    guard type.isEmpty || type == family.modelType else {
      throw fields.error("model_type", .outOfRange("'\(type)' is not \(family.architecture)"))
    }
    self = family
  }
}

extension StorageFormat {
  /// What `config.json` calls the formats in which it stores weights.
  var torchName: String {
    switch self {
    case .f32: "float32"
    case .f16: "float16"
    case .bf16: "bfloat16"
    default: "(no weight format)"
    }
  }
}
