/// The keys of `config.json` that only the mixtures of experts have.
extension LatentAttentionSizes {
  /// Reads the widths; a rank of zero means, like null, that queries are not compressed.
  init(_ fields: JSONFields, defaults: LatentAttentionSizes) throws(CheckpointError) {
    let sizes = 1...DecoderConfiguration.largestSize
    let absent = fields.object["q_lora_rank"] == nil ? defaults.queryRank ?? 0 : 0
    let rank = try fields.integer("q_lora_rank", default: absent, in: 0...sizes.upperBound)
    self.init(
      queryRank: rank == 0 ? nil : rank,
      keyValueRank: try fields.integer(
        "kv_lora_rank", default: defaults.keyValueRank, in: sizes),
      contentWidth: try fields.integer(
        "qk_nope_head_dim", default: defaults.contentWidth, in: sizes),
      rotaryWidth: try fields.integer(
        "qk_rope_head_dim", default: defaults.rotaryWidth, in: sizes),
      valueWidth: try fields.integer("v_head_dim", default: defaults.valueWidth, in: sizes))
  }

  /// Writes the widths.
  func write(to object: inout JSONObject) {
    object["q_lora_rank"] = queryRank.map { .integer($0) } ?? .null
    object["kv_lora_rank"] = .integer(keyValueRank)
    object["qk_nope_head_dim"] = .integer(contentWidth)
    object["qk_rope_head_dim"] = .integer(rotaryWidth)
    object["v_head_dim"] = .integer(valueWidth)
  }
}

extension ExpertSizes {
  /// Reads the experts; `nil` in the dense families, and where a file has none.
  init?(
    _ fields: JSONFields, _ family: DecoderConfiguration.Family
  ) throws(CheckpointError) {
    guard let defaults = family.defaults.experts, let routing = family.routing else {
      return nil
    }
    let sizes = 0...DecoderConfiguration.largestSize
    let isNull = fields.object["n_routed_experts"] == .null
    let count = try fields.integer(
      "n_routed_experts", default: isNull ? 0 : defaults.count, in: sizes)
    if count == 0 { return nil }
    let selection: Selection = try Self.word(
      "topk_method", in: fields, default: family == .deepseekV3 ? .biased : .greedy)
    let (groups, activeGroups) = try Self.groups(fields, defaults, selection)
    self.init(
      count: count,
      active: try fields.integer(
        "num_experts_per_tok",
        default: family.defaults.namesActiveExperts ? defaults.active : nil, in: sizes),
      shared: try Self.shared(fields, defaults),
      width: try fields.integer("moe_intermediate_size", default: defaults.width, in: sizes),
      denseLayers: try fields.integer(
        "first_k_dense_replace", default: defaults.denseLayers, in: sizes),
      stride: try fields.integer("moe_layer_freq", default: 1, in: sizes),
      groups: groups, activeGroups: activeGroups,
      scoring: try Self.word("scoring_func", in: fields, default: routing.scoring),
      selection: selection,
      // The classes of V2 never divide by the sum, whatever a file says.
      normalizes: try family == .deepseekV2
        ? false : fields.bool("norm_topk_prob", default: defaults.normalizes),
      scale: try fields.number("routed_scaling_factor", default: defaults.scale),
      balanceWeight: try fields.number("aux_loss_alpha", default: defaults.balanceWeight),
      balancesSequences: try fields.bool("seq_aux", default: true))
  }

  /// Reads how the experts are grouped; no groups, null and a free choice all mean a single one.
  private static func groups(
    _ fields: JSONFields, _ defaults: ExpertSizes, _ selection: Selection
  ) throws(CheckpointError) -> (all: Int, active: Int) {
    let sizes = 1...DecoderConfiguration.largestSize
    let isNull = fields.object["n_group"] == .null
    let all = try fields.integer("n_group", default: isNull ? 1 : defaults.groups, in: sizes)
    let fallback = all == 1 ? 1 : defaults.activeGroups
    let active = try fields.integer("topk_group", default: fallback, in: sizes)
    return selection == .greedy || isNull ? (1, 1) : (all, active)
  }

  private static func shared(
    _ fields: JSONFields, _ defaults: ExpertSizes
  ) throws(CheckpointError) -> Int {
    let isNull = fields.object["n_shared_experts"] == .null
    return try fields.integer(
      "n_shared_experts", default: isNull ? 0 : defaults.shared,
      in: 0...DecoderConfiguration.largestSize)
  }

  private static func word<Choice: RawRepresentable<String>>(
    _ key: String, in fields: JSONFields, default choice: Choice
  ) throws(CheckpointError) -> Choice {
    let name = try fields.string(key, default: choice.rawValue)
    guard let found = Choice(rawValue: name) else {
      throw fields.error(key, .unsupported("'\(name)'"))
    }
    return found
  }

  /// Writes the experts.
  func write(to object: inout JSONObject) {
    object["n_routed_experts"] = .integer(count)
    object["num_experts_per_tok"] = .integer(active)
    object["n_shared_experts"] = .integer(shared)
    object["moe_intermediate_size"] = .integer(width)
    object["first_k_dense_replace"] = .integer(denseLayers)
    object["moe_layer_freq"] = .integer(stride)
    object["n_group"] = .integer(groups)
    object["topk_group"] = .integer(activeGroups)
    object["scoring_func"] = .string(scoring.rawValue)
    object["topk_method"] = .string(selection.rawValue)
    object["norm_topk_prob"] = .bool(normalizes)
    object["routed_scaling_factor"] = .number(scale)
    object["aux_loss_alpha"] = .number(balanceWeight)
    object["seq_aux"] = .bool(balancesSequences)
  }
}
