import Checkpoints

/// How the weights of a served model lie in memory.
///
/// A token that is decoded reads every active weight once and uses it once, so the bytes of a
/// weight are the time of a token. Activations stay in single precision.
public enum WeightFormat: Sendable, Hashable {
  /// Four bytes: the weights as they were trained.
  case fp32
  /// Two bytes: the upper half of single precision.
  case bf16
  /// E4M3, with a scale for each block of 128 × 128, as V3 is published.
  case fp8
  /// Four or eight bits, with a scale for each group of a row.
  case integer(IntegerFormat)

  /// Eight bits, symmetric, in groups of 32.
  public static let int8 = WeightFormat.integer(IntegerFormat(bits: 8))
  /// Four bits, symmetric, in groups of 32.
  public static let int4 = WeightFormat.integer(IntegerFormat(bits: 4))

  /// The bits that a weight takes, with its share of what stands beside the codes.
  public var bitsPerWeight: Double {
    switch self {
    case .fp32: 32
    case .bf16: 16
    case .fp8: 8 + 32 / 16384
    case .integer(let format): format.bitsPerWeight
    }
  }

  /// The word for the format on the command line.
  public var name: String {
    switch self {
    case .fp32: "fp32"
    case .bf16: "bf16"
    case .fp8: "fp8"
    case .integer(let format): "int\(format.bits)"
    }
  }

  /// What is not quantised when this format is chosen: the embedding, the head, and what is
  /// absorbed into attention.
  public var companion: WeightFormat { self == .fp32 ? .fp32 : .bf16 }
}
