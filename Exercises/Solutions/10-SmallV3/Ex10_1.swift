/// The answer to exercise 10.1.
///
/// Why this way: a step is longer the later it comes, so dn = dc / (4096 b(c)), whose integral is a
/// logarithm: 469·10⁹ / (4096 · 12 288) · ln 5 = 9318 · 1.609 = 14 997 steps. The rest goes by the full
/// batch, 14.331·10¹² / 62.9·10⁶ = 227 784. The other way round, tokens grow exponentially with steps:
/// c = (469·10⁹ / 4) · (exp(4n / 37 273) − 1), which is 28·10⁹ after 2000 of them, 0.19 % of all.
///
/// The warm-up has .8 % of the steps and a quarter of that in tokens. Adam's averages want so many
/// steps, however many tokens are in one; the schedule that follows counts tokens. Whoever puts both
/// on one axis is wrong in one of them.
public func course() throws -> Mutants10_1.Answer {
  (growing: 14_997, all: 242_781, warmupShare: 0.0019)
}

/// Wrong answers to exercise 10.1.
public enum Mutants10_1 {
  /// What the exercise asks for.
  public typealias Answer = (growing: Double, all: Double, warmupShare: Double)

  /// Divides by the mean of the two sizes of a batch.
  public static func takesTheMean() throws -> Answer { (12_424, 240_208, 0.0019) }

  /// Divides by the largest batch from the beginning.
  public static func forgetsTheRamp() throws -> Answer { (7455, 235_239, 0.0085) }

  /// Grows in a straight line over the steps.
  public static func countsSteps() throws -> Answer { (14_997, 242_781, 0.0082) }

  /// Keeps the first batch while the rate rises.
  public static func standsStill() throws -> Answer { (14_997, 242_781, 0.0017) }

  /// Takes all tokens at the size of the full batch, and the growing steps besides.
  public static func countsTwice() throws -> Answer { (14_997, 250_236, 0.0019) }
}
