import Foundation

extension DecoderConfiguration {
  /// Reads `config.json` of `LlamaForCausalLM` or `Qwen2ForCausalLM`.
  ///
  /// Both spellings of the rotary settings are read: `rope_theta` with `rope_scaling`, which the
  /// released checkpoints use, and `rope_parameters`, which `transformers` 5 writes. The five sizes
  /// of the model must be there; the rest falls back to the defaults of `configuration_llama.py`
  /// and `configuration_qwen2.py` in `transformers` 5.23.
  public static func read(from url: URL) throws(CheckpointError) -> DecoderConfiguration {
    try DecoderConfiguration(try JSONFields(readingFrom: url))
  }

  /// Takes the configuration from the keys of a file that was read already.
  public init(_ fields: JSONFields) throws(CheckpointError) {
    let family = try Family(fields)
    let sizes = 1...Self.largestSize
    let heads = try fields.integer("num_attention_heads", in: sizes)
    let width = try fields.integer("hidden_size", in: sizes)
    if fields["head_dim"] == nil, !width.isMultiple(of: heads) {
      throw fields.error(
        "hidden_size", .outOfRange("\(width) does not divide into \(heads) heads"))
    }
    // Llama takes as many as there are query heads, and Qwen2 does so for an explicit null.
    let isAbsent = fields.object["num_key_value_heads"] == nil
    let keyValueHeads = family == .qwen2 && isAbsent ? 32 : heads
    try Self.refuseWhatIsNotBuilt(fields)
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
      maximumPositions: try fields.integer(
        "max_position_embeddings", default: family == .llama ? 2048 : 32768, in: sizes),
      ropeTheta: try Self.ropeTheta(fields),
      rmsNormEpsilon: try fields.number("rms_norm_eps", default: 1e-6),
      tiesEmbeddings: try fields.bool("tie_word_embeddings", default: false),
      initializerRange: try fields.number("initializer_range", default: 0.02),
      beginToken: try Self.beginToken(fields, family),
      endTokens: try Self.endTokens(fields, family),
      padToken: try Self.padToken(fields),
      weightFormat: try Self.weightFormat(fields))
    try validate(file: fields.file)
  }

  /// Writes `config.json` so that `transformers` 4 and 5 both load it.
  ///
  /// That takes both spellings of the rotary settings and of the weights' format.
  public func write(to url: URL) throws(CheckpointError) {
    try validate(file: url.lastPathComponent)
    try AtomicFile.write(.object(json), to: url)
  }

  /// The members of `config.json`.
  public var json: JSONObject {
    var object = JSONObject()
    object["architectures"] = [.string(family.architecture)]
    object["model_type"] = .string(family.modelType)
    object["vocab_size"] = .integer(vocabularySize)
    object["hidden_size"] = .integer(width)
    object["intermediate_size"] = .integer(feedForwardWidth)
    object["num_hidden_layers"] = .integer(layers)
    object["num_attention_heads"] = .integer(heads)
    object["num_key_value_heads"] = .integer(keyValueHeads)
    object["head_dim"] = .integer(headWidth)
    object["hidden_act"] = "silu"
    object["max_position_embeddings"] = .integer(maximumPositions)
    object["rope_theta"] = .number(ropeTheta)
    object["rope_scaling"] = .null
    object["rope_parameters"] = ["rope_theta": .number(ropeTheta), "rope_type": "default"]
    object["rms_norm_eps"] = .number(rmsNormEpsilon)
    object["initializer_range"] = .number(initializerRange)
    object["tie_word_embeddings"] = .bool(tiesEmbeddings)
    object["attention_dropout"] = 0.0
    switch family {
    case .llama:
      object["attention_bias"] = false
      object["mlp_bias"] = false
      object["pretraining_tp"] = 1
    case .qwen2:
      object["use_sliding_window"] = false
    default: break
    }
    object["use_cache"] = true
    object["bos_token_id"] = tokenJSON(beginToken)
    object["eos_token_id"] = tokensJSON(endTokens)
    object["pad_token_id"] = tokenJSON(padToken)
    object["dtype"] = .string(weightFormat.torchName)
    object["torch_dtype"] = .string(weightFormat.torchName)
    return object
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
    guard fields["quantization_config"] == nil else {
      throw fields.error("quantization_config", .unsupported("set"))
    }
    for kind in fields["layer_types"]?.array ?? [] where kind != "full_attention" {
      throw fields.error("layer_types", .unsupported("'\(kind.string ?? kind.kind)'"))
    }
  }

  /// The rotary base from either spelling; scaled variants are refused by name.
  private static func ropeTheta(_ fields: JSONFields) throws(CheckpointError) -> Double {
    let scaling = try fields.fields("rope_scaling")
    let parameters = try fields.fields("rope_parameters")
    for settings in [scaling, parameters] {
      guard let settings else { continue }
      // The oldest files say `type`.
      let key = settings["rope_type"] == nil ? "type" : "rope_type"
      let kind = try settings.string(key, default: "default")
      guard kind == "default" else { throw settings.error(key, .unsupported("'\(kind)'")) }
      let part = try settings.number("partial_rotary_factor", default: 1)
      guard part == 1 else {
        throw settings.error("partial_rotary_factor", .unsupported("\(part)"))
      }
    }
    let outside = try fields.number("rope_theta", default: 10000)
    return try parameters?.number("rope_theta", default: outside) ?? outside
  }

  private static func beginToken(
    _ fields: JSONFields, _ family: Family
  ) throws(CheckpointError) -> Int? {
    if fields.object["bos_token_id"] == nil { return family == .llama ? 1 : nil }
    return try fields["bos_token_id"] == nil ? nil : fields.integer("bos_token_id")
  }

  private static func endTokens(
    _ fields: JSONFields, _ family: Family
  ) throws(CheckpointError) -> [Int] {
    if fields.object["eos_token_id"] == nil { return family == .llama ? [2] : [] }
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

extension DecoderConfiguration.Family {
  /// The class in `transformers` that loads the model.
  public var architecture: String {
    switch self {
    case .llama: "LlamaForCausalLM"
    case .qwen2: "Qwen2ForCausalLM"
    case .deepseekV2: "DeepseekV2ForCausalLM"
    case .deepseekV3: "DeepseekV3ForCausalLM"
    case .deepseekMoE: "DeepseekForCausalLM"
    }
  }

  fileprivate var modelType: String {
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
  fileprivate var torchName: String {
    switch self {
    case .f32: "float32"
    case .f16: "float16"
    case .bf16: "bfloat16"
    default: "(no weight format)"
    }
  }
}
