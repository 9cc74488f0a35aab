/// The answer to exercise 9.1.
///
/// Why this way: forward is 3/4 log 3/2 − 1/4 log 2, reverse is ½ log 2/3 + ½ log 2, and M is 5/8 and
/// 3/8. The two directions hardly differ, and the third is far below both: it is no mean of them. At
/// β = ½ it is about a quarter of either, for each half goes half the way, and divergences grow as the
/// square of the way.
///
/// The silent student tells them apart. The slopes are S − T, S (log(S / T) − KL) and
/// ½ S (log(S / M) − KL); the first tends to −3/4, and S log S takes the others to 0. What a student
/// never says, only a teacher's text or its whole distribution can teach: a mean over the student's own
/// words does not contain it. Rewards are such a mean too.
public func threeToOne() throws -> Mutants9_1.Answer {
  (undecided: (0.131, 0.144, 0.034), silent: (-0.75, 0, 0))
}

/// Wrong answers to exercise 9.1.
public enum Mutants9_1 {
  /// One number of each divergence.
  public typealias Three = (forward: Double, reverse: Double, between: Double)
  /// What the exercise asks for.
  public typealias Answer = (undecided: Three, silent: Three)

  /// Takes each direction for the other.
  public static func swaps() throws -> Answer {
    ((0.144, 0.131, 0.034), (0, -0.75, 0))
  }

  /// Takes logarithms to the base of 2.
  public static func countsBits() throws -> Answer {
    ((0.189, 0.208, 0.049), (-0.75, 0, 0))
  }

  /// Takes what lies between for the mean of the two.
  public static func takesTheMean() throws -> Answer {
    ((0.131, 0.144, 0.137), (-0.75, 0, -0.375))
  }

  /// Forgets the two halves.
  public static func forgetsTheHalves() throws -> Answer {
    ((0.131, 0.144, 0.068), (-0.75, 0, 0))
  }

  /// Thinks that every divergence teaches what is missing.
  public static func teachesAll() throws -> Answer {
    ((0.131, 0.144, 0.034), (-0.75, -0.75, -0.75))
  }

  /// Gives the divergences of the silent student, and not their slopes.
  public static func givesTheValues() throws -> Answer {
    ((0.131, 0.144, 0.034), (.infinity, 1.386, 0.380))
  }
}
