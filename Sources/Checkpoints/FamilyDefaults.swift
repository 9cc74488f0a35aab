/// What a file means that leaves a key out, as `transformers` 5.23 has it in the configuration
/// class of each family.
struct FamilyDefaults {
  /// The heads of keys and values where the class names a number; else as many as query heads.
  var keyValueHeads: Int?
  var maximumPositions = 2048
  var beginToken: Int?
  var endToken: Int?
  /// The ranks and widths of latent attention, where the family has it.
  var latent: LatentAttentionSizes?
  /// The experts, where the family has them.
  var experts: ExpertSizes?
  /// Whether the experts active for a token may be left out.
  var namesActiveExperts = true
}

extension DecoderConfiguration.Family {
  var defaults: FamilyDefaults {
    switch self {
    case .llama:
      FamilyDefaults(beginToken: 1, endToken: 2)
    case .qwen2:
      FamilyDefaults(keyValueHeads: 32, maximumPositions: 32768)
    case .deepseekV2:
      FamilyDefaults(
        beginToken: 1, endToken: 2, latent: .published,
        experts: ExpertSizes(count: 64, active: 0, shared: 2, width: 1407, denseLayers: 0),
        namesActiveExperts: false)
    case .deepseekV3:
      FamilyDefaults(
        keyValueHeads: 128, maximumPositions: 4096, beginToken: 0, endToken: 1,
        latent: .published,
        experts: ExpertSizes(
          count: 256, active: 8, shared: 1, width: 2048, denseLayers: 3, groups: 8,
          activeGroups: 4, scoring: .sigmoid, selection: .biased, normalizes: true, scale: 2.5))
    case .deepseekMoE:
      // `transformers` has no class of its own; these are those of the released one.
      FamilyDefaults(
        beginToken: 100_000, endToken: 100_001,
        experts: ExpertSizes(
          count: 0, active: 0, shared: 0, width: 1407, denseLayers: 0, balanceWeight: 0.001),
        namesActiveExperts: false)
    }
  }

  /// The scoring and the selection that the model classes of the family compute.
  var routing: (scoring: ExpertSizes.Scoring, selections: [ExpertSizes.Selection])? {
    switch self {
    case .llama, .qwen2: nil
    case .deepseekV2: (.softmax, [.greedy, .groupLimitedGreedy])
    case .deepseekV3: (.sigmoid, [.biased])
    case .deepseekMoE: (.softmax, [.greedy])
    }
  }
}

extension LatentAttentionSizes {
  /// The widths of V2 and V3, which both classes have as defaults.
  fileprivate static let published = LatentAttentionSizes(
    queryRank: 1536, keyValueRank: 512, contentWidth: 128, rotaryWidth: 64, valueWidth: 128)
}
