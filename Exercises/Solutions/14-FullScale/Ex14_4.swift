/// The answer to exercise 14.4.
///
/// Why this way: 1 + 4 bytes are on every card that has the weight, 4 + 2 · 2 are shared out. A common
/// weight is on two cards of each pipeline. An expert is on one card in `spread` of those, so fewer share
/// what belongs to it: with V3's numbers 4 and not 256.
public func bytesOfWeights(
  common: Double, experts: Double, spread: Double, pipelines: Double
) throws -> Double {
  let own = experts / spread
  let copies = 2 * pipelines
  return 5 * (common + own) + 8 * (common / copies + own / (copies / spread))
}

/// Wrong answers to exercise 14.4.
public enum Mutants14_4 {
  /// Shares out nothing.
  public static func sharesNothing(
    common: Double, experts: Double, spread: Double, pipelines: Double
  ) throws -> Double {
    13 * (common + experts / spread)
  }

  /// Shares out the gradients too, which is ZeRO-2.
  public static func sharesGradients(
    common: Double, experts: Double, spread: Double, pipelines: Double
  ) throws -> Double {
    let (own, copies) = (experts / spread, 2 * pipelines)
    return common + own + 12 * (common / copies + own * spread / copies)
  }

  /// Lets as many cards share an expert as a common weight.
  public static func sharesExpertsWidely(
    common: Double, experts: Double, spread: Double, pipelines: Double
  ) throws -> Double {
    5 * (common + experts / spread) + 8 * (common + experts / spread) / (2 * pipelines)
  }

  /// Forgets that DualPipe has two copies.
  public static func countsOneCopy(
    common: Double, experts: Double, spread: Double, pipelines: Double
  ) throws -> Double {
    let own = experts / spread
    return 5 * (common + own) + 8 * (common / pipelines + own * spread / pipelines)
  }

  /// Keeps moments in single precision.
  public static func keepsWideMoments(
    common: Double, experts: Double, spread: Double, pipelines: Double
  ) throws -> Double {
    let (own, copies) = (experts / spread, 2 * pipelines)
    return 5 * (common + own) + 12 * (common / copies + own * spread / copies)
  }
}
