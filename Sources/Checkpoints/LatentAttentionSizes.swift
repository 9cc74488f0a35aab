/// The widths of multi-head latent attention, in which one latent vector stands for all keys and
/// values of a token.
///
/// A query and a key have two parts: one for the content and one that is turned by its position.
public struct LatentAttentionSizes: Equatable, Hashable, Sendable {
  /// The width of the queries' latent vector, or `nil` for queries that are not compressed:
  /// `q_lora_rank`.
  public var queryRank: Int?
  /// The width of the latent vector of keys and values: `kv_lora_rank`.
  public var keyValueRank: Int
  /// The width of a head's content part: `qk_nope_head_dim`.
  public var contentWidth: Int
  /// The width of a head's rotary part, whose key all heads share: `qk_rope_head_dim`.
  public var rotaryWidth: Int
  /// The width of a head's values: `v_head_dim`.
  public var valueWidth: Int

  /// Creates the widths.
  public init(
    queryRank: Int?, keyValueRank: Int, contentWidth: Int, rotaryWidth: Int, valueWidth: Int
  ) {
    self.queryRank = queryRank
    self.keyValueRank = keyValueRank
    self.contentWidth = contentWidth
    self.rotaryWidth = rotaryWidth
    self.valueWidth = valueWidth
  }
}
