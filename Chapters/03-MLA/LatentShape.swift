import Checkpoints
import Tensors

/// The sizes of latent attention, and the factor on its scores.
public struct LatentShape: Sendable, Hashable {
  /// The number of heads.
  public let heads: Int
  /// The widths.
  public let sizes: LatentAttentionSizes
  /// τ, by which the scores are multiplied.
  public let scale: Float

  /// Creates the sizes; τ is 1 / √(contentWidth + rotaryWidth) unless YaRN changes it.
  public init(_ sizes: LatentAttentionSizes, heads: Int, scale: Float? = nil) {
    insist(
      heads > 0 && sizes.keyValueRank > 0 && sizes.contentWidth > 0 && sizes.valueWidth > 0
        && sizes.rotaryWidth > 0 && sizes.rotaryWidth % 2 == 0,
      "LatentShape: \(heads) heads of \(sizes); widths are positive, the rotary one even")
    self.heads = heads
    self.sizes = sizes
    let width = sizes.contentWidth + sizes.rotaryWidth
    self.scale = scale ?? 1 / Float(width).squareRoot()
  }

  /// The width of a query and of a key: content first, then what turns.
  public var keyWidth: Int { sizes.contentWidth + sizes.rotaryWidth }
  /// What the latent vector is expanded to for each head: content key first, then value.
  public var expandedWidth: Int { sizes.contentWidth + sizes.valueWidth }
  /// What is kept of a token: latent first, then the rotary key.
  public var cachedWidth: Int { sizes.keyValueRank + sizes.rotaryWidth }
}
