/// The answer to exercise 3.1.
///
/// Why this way: each of 128 heads has 128 content entries and 128 values, and each of these is a
/// product with a latent of 512. The rotary key is not made from the latent, so it is not in the sum.
/// Expanding is a price for each cached token, paid once; the difference of 278 528 and 81 920 is
/// saved for each new one. At 171 new tokens the savings overtake the price. A prompt has more, so it
/// is read in the expanded form; writing has one at a time, so it takes the absorbed form, and a few
/// drafted tokens are still far from the bound. (Bytes move the bound: expanded keys must be put
/// somewhere.)
public func expansionPaysOff() throws -> (flopPerToken: Int, newTokens: Int) {
  let expansion = 2 * 128 * (128 + 128) * 512
  let saving = 278_528 - 81_920
  return (expansion, expansion / saving + 1)
}

/// Wrong answers to exercise 3.1.
public enum Mutants3_1 {
  /// Expands the keys and forgets the values.
  public static func forgetsValues() throws -> (flopPerToken: Int, newTokens: Int) {
    (16_777_216, 86)
  }

  /// Expands the rotary keys too, which are kept as they are.
  public static func expandsRotary() throws -> (flopPerToken: Int, newTokens: Int) {
    (41_943_040, 214)
  }

  /// Compares the price with the whole of the absorbed form.
  public static func forgetsScores() throws -> (flopPerToken: Int, newTokens: Int) {
    (33_554_432, 121)
  }

  /// Rounds down, to where the absorbed form is still cheaper.
  public static func roundsDown() throws -> (flopPerToken: Int, newTokens: Int) {
    (33_554_432, 170)
  }
}
