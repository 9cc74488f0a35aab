extension DecoderConfiguration {
  /// No size of a model comes near this; a file that claims more is broken or hostile.
  static let largestSize = Int(Int32.max)
  /// No model has near as many blocks.
  static let mostLayers = 10_000
  /// No model has near as many weights: four trillion.
  static let mostParameters = 1 << 42

  /// Checks that the sizes fit together.
  ///
  /// - Parameter file: The file that an error names.
  public func validate(file: String = "config.json") throws(CheckpointError) {
    try validateSizes(file)
    try validateHeads(file)
    try validateFamily(file)
    try experts?.validate(file)
    try validateConstants(file)
    try validateRotary(file)
    try validateTokens(file)
    guard let census = ModelCensus(self),
      census.total <= Self.mostParameters, census.prediction <= Self.mostParameters
    else {
      throw .key(
        "hidden_size", file: file, .outOfRange("the model would have too many weights"))
    }
  }

  private func validateSizes(_ file: String) throws(CheckpointError) {
    let sizes = [
      ("vocab_size", vocabularySize), ("hidden_size", width),
      ("intermediate_size", feedForwardWidth), ("num_attention_heads", heads),
      ("num_key_value_heads", keyValueHeads), ("head_dim", headWidth),
      ("max_position_embeddings", maximumPositions),
      ("q_lora_rank", latentAttention?.queryRank ?? 1),
      ("kv_lora_rank", latentAttention?.keyValueRank ?? 1),
      ("qk_nope_head_dim", latentAttention?.contentWidth ?? 1),
      ("qk_rope_head_dim", latentAttention?.rotaryWidth ?? 1),
      ("v_head_dim", latentAttention?.valueWidth ?? 1),
    ]
    for (key, size) in sizes where !(1...Self.largestSize).contains(size) {
      throw .key(key, file: file, .outOfRange("\(size) is not in 1...\(Self.largestSize)"))
    }
    guard (1...Self.mostLayers).contains(layers) else {
      let problem = "\(layers) is not in 1...\(Self.mostLayers)"
      throw .key("num_hidden_layers", file: file, .outOfRange(problem))
    }
  }

  private func validateHeads(_ file: String) throws(CheckpointError) {
    guard heads.isMultiple(of: keyValueHeads) else {
      let problem = "\(heads) query heads cannot share \(keyValueHeads) evenly"
      throw .key("num_key_value_heads", file: file, .outOfRange(problem))
    }
    let (key, turned) =
      latentAttention.map { ("qk_rope_head_dim", $0.rotaryWidth) } ?? ("head_dim", headWidth)
    guard turned.isMultiple(of: 2) else {
      let problem = "\(turned) is odd, but rotary positions turn pairs"
      throw .key(key, file: file, .outOfRange(problem))
    }
    if latentAttention != nil {
      guard keyValueHeads == heads else {
        let problem =
          "\(keyValueHeads) is not \(heads): in latent attention each head has a key"
        throw .key("num_key_value_heads", file: file, .outOfRange(problem))
      }
      guard headWidth == turned else {
        let problem = "\(headWidth) is not qk_rope_head_dim, \(turned)"
        throw .key("head_dim", file: file, .outOfRange(problem))
      }
    }
  }

  /// Checks that the model classes of the family compute what the fields say.
  private func validateFamily(_ file: String) throws(CheckpointError) {
    func refuse(_ key: String, _ value: Any) throws(CheckpointError) {
      throw .key(key, file: file, .unsupported("\(value) in \(family.architecture)"))
    }
    guard (latentAttention != nil) == (family.defaults.latent != nil) else {
      return try refuse("kv_lora_rank", latentAttention == nil ? "missing" : "set")
    }
    guard (0...Self.mostLayers).contains(predictors) else {
      let problem = "\(predictors) is not in 0...\(Self.mostLayers)"
      throw .key("num_nextn_predict_layers", file: file, .outOfRange(problem))
    }
    guard predictors == 0 || family == .deepseekV3 else {
      return try refuse("num_nextn_predict_layers", predictors)
    }
    guard ropeInterleaved == (family == .deepseekV2) || family == .deepseekV3 else {
      return try refuse("rope_interleave", ropeInterleaved)
    }
    guard let experts else { return }
    guard let routing = family.routing else { return try refuse("n_routed_experts", "set") }
    guard experts.scoring == routing.scoring else {
      return try refuse("scoring_func", "'\(experts.scoring.rawValue)'")
    }
    guard routing.selections.contains(experts.selection) else {
      return try refuse("topk_method", "'\(experts.selection.rawValue)'")
    }
    guard !experts.normalizes || family != .deepseekV2 else {
      return try refuse("norm_topk_prob", true)
    }
  }

  private func validateConstants(_ file: String) throws(CheckpointError) {
    let constants = [
      ("rope_theta", ropeTheta), ("rms_norm_eps", rmsNormEpsilon),
    ]
    for (key, value) in constants where !(value > 0 && value.isFinite) {
      throw .key(key, file: file, .outOfRange("\(value) is not positive"))
    }
    guard (0...1).contains(initializerRange) else {
      let problem = "\(initializerRange) is not in 0...1"
      throw .key("initializer_range", file: file, .outOfRange(problem))
    }
    guard weightFormat.isTensorFormat else {
      throw .key("dtype", file: file, .unsupported(weightFormat.rawValue))
    }
  }

  private func validateRotary(_ file: String) throws(CheckpointError) {
    let found: (key: String, problem: String)? =
      switch ropeScaling {
      case nil: nil
      case .yarn(let yarn): yarn.problem
      case .llama3(let llama): llama.problem
      }
    if let (key, problem) = found {
      throw .key("rope_scaling." + key, file: file, .outOfRange(problem))
    }
    // YaRN divides by the logarithm of the base.
    if case .yarn = ropeScaling, ropeTheta < 2 {
      throw .key(
        "rope_theta", file: file,
        .outOfRange("\(ropeTheta) is less than 2, too little for YaRN"))
    }
    let block = weightBlock ?? WeightBlock(rows: 1, columns: 1)
    guard block.rows > 0, block.columns > 0 else {
      let problem = "[\(block.rows), \(block.columns)] has no element"
      throw .key("quantization_config.weight_block_size", file: file, .outOfRange(problem))
    }
  }

  private func validateTokens(_ file: String) throws(CheckpointError) {
    let tokens =
      [("bos_token_id", beginToken), ("pad_token_id", padToken)]
      + endTokens.map { ("eos_token_id", $0) }
    for (key, token) in tokens {
      guard let token, !(0..<vocabularySize).contains(token) else { continue }
      let problem = "\(token) is not one of the \(vocabularySize) tokens"
      throw .key(key, file: file, .outOfRange(problem))
    }
  }
}

extension ExpertSizes {
  /// Checks that the sizes fit together.
  fileprivate func validate(_ file: String) throws(CheckpointError) {
    func refuse(_ key: String, _ problem: String) throws(CheckpointError) {
      throw .key(key, file: file, .outOfRange(problem))
    }
    let largest = DecoderConfiguration.largestSize
    let sizes = [
      ("n_routed_experts", count, 1), ("num_experts_per_tok", active, 1),
      ("n_shared_experts", shared, 0), ("moe_intermediate_size", width, 1),
      ("first_k_dense_replace", denseLayers, 0), ("moe_layer_freq", stride, 1),
      ("n_group", groups, 1), ("topk_group", activeGroups, 1),
    ]
    for (key, size, least) in sizes where !(least...largest).contains(size) {
      try refuse(key, "\(size) is not in \(least)...\(largest)")
    }
    guard count.isMultiple(of: groups) else {
      return try refuse("n_group", "\(count) experts do not divide into \(groups) groups")
    }
    guard activeGroups <= groups else {
      return try refuse("topk_group", "\(activeGroups) is more than the \(groups) groups")
    }
    let reachable = count / groups * activeGroups
    guard active <= reachable else {
      return try refuse(
        "num_experts_per_tok", "\(active) is more than the \(reachable) experts within reach")
    }
    // A group counts as much as its two best experts together.
    guard selection != .biased || count / groups >= 2 else {
      return try refuse("n_group", "groups of one expert have no two best")
    }
    guard scale > 0 && scale.isFinite else {
      return try refuse("routed_scaling_factor", "\(scale) is not positive")
    }
    guard balanceWeight >= 0 && balanceWeight.isFinite else {
      return try refuse("aux_loss_alpha", "\(balanceWeight) is not 0 or more")
    }
  }
}
