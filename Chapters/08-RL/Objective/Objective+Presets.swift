extension Objective {
  /// GRPO with the settings of DeepSeekMath §4.2; ε is not stated there.
  public static let grpo = Objective(
    advantage: .scored(.population), weight: .sequenceMean, clip: Clip(0.2),
    penalty: Penalty(weight: 0.04))

  /// What DeepSeek-R1 prints in equations 1 to 3, with ε and β of its first reasoning stage.
  ///
  /// A ratio of whole responses, and no mean over tokens. For comparison: see `.grpo`.
  public static let deepSeekR1AsPrinted = Objective(
    advantage: .scored(.population), weight: .sequenceSum, ratio: .sequence, clip: Clip(10),
    penalty: Penalty(weight: 0.001))

  // snippet.presets
  /// GRPO done right: neither a response's length nor the spread of rewards is divided by.
  ///
  /// Paper: Liu et al., 2025 (Dr. GRPO), §3.2.
  /// - Parameter budget: the most tokens of a response, a constant.
  public static func drGRPO(budget: Int) -> Objective {
    Objective(advantage: .centred, weight: .constant(budget), clip: Clip(0.2))
  }

  /// DAPO: a wider window upwards, token level, truncated responses left out, no penalty.
  ///
  /// Dynamic sampling is the loop's business, with `isLive`; the soft punishment needs a
  /// length.
  public static let dapo = Objective(
    advantage: .scored(.population), weight: .groupTokens, clip: Clip(low: 0.2, high: 0.28),
    leavesOutTruncated: true)
  // snippet.end

  /// REINFORCE: r ∇ log π of whole responses, without a baseline (Williams, 1992).
  public static let reinforce = Objective(
    advantage: .reward, weight: .sequenceSum, ratio: .none)

  /// REINFORCE with the group's mean as its baseline.
  public static let reinforceWithBaseline = Objective(
    advantage: .centred, weight: .sequenceSum, ratio: .none)

  /// Fine-tuning on the accepted ones among sampled responses (DeepSeekMath §5.2.1).
  ///
  /// RFT if a frozen model sampled them, online RFT if this one did: the loss is the same.
  public static let rft = Objective(
    advantage: .accepted(from: 0.5), weight: .sequenceMean, ratio: .none)
}
