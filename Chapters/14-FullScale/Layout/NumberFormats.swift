/// In how many bytes a training keeps its numbers.
public struct NumberFormats: Sendable, Equatable {
  /// The weights with which is multiplied.
  public var working: Double
  /// Their gradients.
  public var gradient: Double
  /// The weights that the optimizer moves; nothing if those are the working ones.
  public var master: Double
  /// Both moments together.
  public var moments: Double
  /// What a product keeps of its input.
  public var input: Double
  /// The input of attention's last product.
  public var attentionOutput: Double
  /// Rows between blocks, and all else that is kept.
  public var rows: Double

  /// Describes formats.
  public init(
    working: Double, gradient: Double, master: Double, moments: Double, input: Double,
    attentionOutput: Double, rows: Double
  ) {
    (self.working, self.gradient, self.master) = (working, gradient, master)
    (self.moments, self.input) = (moments, input)
    (self.attentionOutput, self.rows) = (attentionOutput, rows)
  }

  /// What a scale of four bytes adds to each of 128 numbers.
  private static let scale = 4.0 / 128

  /// V3 §3.3: products in eight bits, E5M6 behind attention, moments in BF16; gradients and master
  /// weights in single precision.
  public static let v3 = NumberFormats(
    working: 1 + 4.0 / (128 * 128), gradient: 4, master: 4, moments: 4, input: 1 + scale,
    attentionOutput: 1.5 + scale, rows: 2)

  /// The usual mixture of BF16 and single precision.
  public static let brain = NumberFormats(
    working: 2, gradient: 4, master: 4, moments: 8, input: 2, attentionOutput: 2, rows: 2)

  /// Bytes for each weight apart from the working copy, before anything is shared: 12 for V3, 16
  /// for BF16.
  public var optimizerAndGradient: Double { gradient + master + moments }
}

/// What is computed again on the way back instead of being kept: V3 §3.2.3 and §3.3.3.
public struct Recomputation: OptionSet, Sendable {
  /// The bits.
  public let rawValue: Int
  /// Creates a set from its bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Every RMSNorm.
  public static let norms = Recomputation(rawValue: 1)
  /// The maps of latent attention from latents to queries, keys and values.
  public static let expansions = Recomputation(rawValue: 2)
  /// SwiGLU.
  public static let swiGLU = Recomputation(rawValue: 4)

  /// All three.
  public static let v3: Recomputation = [.norms, .expansions, .swiGLU]
}
