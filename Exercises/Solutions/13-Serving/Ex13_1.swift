/// The answer to exercise 13.1.
///
/// Why this way: a scale costs 16 / 32 of a bit, a zero point 4 / 32 more. 37·10⁹ weights of 4.5 bits are
/// 20.8 gigabytes, which 50 gigabytes a second deliver 2.4 times. That is the limit for one text; a second
/// text in the same step finds the weights already there, if it needs the same ones. With experts it mostly needs
/// others: one is spared by a token with 1 − 8 / 256 and by sixteen with the sixteenth power of that,
/// so 256 (1 − .9688¹⁶) = 102 of at most 128 are read. That is why V3's decoding units are hundreds of
/// GPUs wide: only with thousands of texts does an expert get many rows. Six bits of sixteen are
/// as much a part of V2's 93.3 % as the latent is.
public func tokenWeight() throws -> Mutants13_1.Answer {
  (4.5, 4.625, 2.402, 101.96, 0.9334, 0.8224)
}

/// Wrong answers to exercise 13.1.
public enum Mutants13_1 {
  /// What the exercise asks for.
  public typealias Answer = (
    bits: Double, bitsWithZero: Double, tokensPerSecond: Double, experts: Double,
    saved: Double, savedAtEqualBits: Double
  )

  /// Counts the codes alone.
  public static func forgetsTheScale() throws -> Answer {
    (4, 4, 2.703, 101.96, 0.9334, 0.8224)
  }

  /// Gives the zero point sixteen bits too.
  public static func widensTheZero() throws -> Answer {
    (4.5, 5, 2.402, 101.96, 0.9334, 0.8224)
  }

  /// Takes bits for bytes.
  public static func takesBitsForBytes() throws -> Answer {
    (4.5, 4.625, 0.3003, 101.96, 0.9334, 0.8224)
  }

  /// Reads all 671 billion weights for each token.
  public static func readsAllExperts() throws -> Answer {
    (4.5, 4.625, 0.1325, 101.96, 0.9334, 0.8224)
  }

  /// Thinks that sixteen texts never meet.
  public static func neverMeets() throws -> Answer {
    (4.5, 4.625, 2.402, 128, 0.9334, 0.8224)
  }

  /// Thinks that sixteen texts use the same experts.
  public static func alwaysMeets() throws -> Answer {
    (4.5, 4.625, 2.402, 8, 0.9334, 0.8224)
  }

  /// Lets a token draw the same expert twice.
  public static func drawsTwice() throws -> Answer {
    (4.5, 4.625, 2.402, 100.88, 0.9334, 0.8224)
  }

  /// Takes the published figure for the latent's own.
  public static func believesTheHeadline() throws -> Answer {
    (4.5, 4.625, 2.402, 101.96, 0.9334, 0.9334)
  }
}
