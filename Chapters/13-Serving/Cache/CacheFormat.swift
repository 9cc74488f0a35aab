import Checkpoints
import MLA

/// How the cache keeps its numbers.
public enum CacheFormat: String, Sendable, CaseIterable {
  /// Four bytes a number.
  case fp32
  /// Two bytes.
  case bf16
  /// One byte, and a scale of four bytes for each 64 numbers of a token.
  case int8

  /// The numbers of a token that share a scale in eight bits.
  static let tile = 64

  /// The bytes of some neighbouring numbers of a token, in whole words of four bytes.
  public func bytes(_ numbers: Int) -> Int {
    switch self {
    case .fp32: 4 * numbers
    case .bf16: (2 * numbers + 3) / 4 * 4
    case .int8: (numbers + 3) / 4 * 4 + 4 * ((numbers + Self.tile - 1) / Self.tile)
    }
  }
}

extension DecoderConfiguration {
  /// What the cache takes for one token in bytes, with any number of bits for each number.
  ///
  /// DeepSeek-V2 keeps (512 + 64) · 60 = 34 560 numbers a token in 6 bits on average: 25 920 bytes.
  /// DeepSeek 67B kept 194 560 in 16: 389 120 bytes. The paper's 93.3 % is 1 − 25 920 / 389 120;
  /// with 16 bits for both it would be 82.2 %.
  /// Paper: DeepSeek-V2 §3.2.3.
  public func cacheBytesPerToken(bits: Double) -> Double {
    Double(cacheBytesPerToken(bytesPerNumber: 8)) / 64 * bits
  }
}
