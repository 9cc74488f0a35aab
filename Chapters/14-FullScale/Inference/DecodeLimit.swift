import Checkpoints

/// How fast tokens can follow each other when the network is the only limit.
///
/// One expert to a card; two micro-batches, of which one travels while the other computes, and
/// computing takes no time. Hardware paper §2.3.2.
public struct DecodeLimit: Sendable, Equatable {
  /// The tokens of a micro-batch on each card.
  public var tokens: Double = 32
  /// The experts that a token's row goes to: 8 routed and 1 shared.
  public var copies: Double = 9
  /// The numbers of a row.
  public var width: Double = 7168
  /// Bytes of a number on the way out: FP8.
  public var dispatch: Double = 1
  /// Bytes of a number on the way back: BF16.
  public var combine: Double = 2
  /// The layers.
  public var layers: Double = 61
  /// Bytes a second from each card.
  public var speed: Double
  /// Seconds until the first byte arrives, once out and once back; the paper leaves them out.
  public var delay: Double = 0

  /// V3 on a network of some speed; the paper calculates with a width of 7000.
  public init(speed: Double, width: Double = 7168) {
    (self.speed, self.width) = (speed, width)
  }

  /// 400 Gbit/s InfiniBand, as the paper calculates.
  public static let infiniBand = DecodeLimit(speed: 50e9, width: 7000)
  /// 72 cards behind one switch, GB200 NVL72, as the paper calculates.
  public static let nvl72 = DecodeLimit(speed: 900e9, width: 7000)

  // snippet.limit
  /// Seconds in which a micro-batch goes to its experts and comes back.
  public var exchange: Double {
    (dispatch + combine) * tokens * copies * width / speed + 2 * delay
  }
  /// Seconds of a layer, in which both micro-batches do.
  public var layer: Double { 2 * exchange }
  /// TPOT: seconds from one token of a text to its next.
  public var timePerToken: Double { layers * layer }
  /// Tokens a second of one text.
  public var tokensPerSecond: Double { 1 / timePerToken }
  // snippet.end

  /// Tokens a second when a predictor's token is accepted so often: 1 + rate tokens at a time.
  public func tokensPerSecond(accepting rate: Double) -> Double {
    (1 + rate) * tokensPerSecond
  }
}
