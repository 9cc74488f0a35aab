/// The answer to exercise 11.1.
///
/// Why this way: the shares of the first three are 1, 4/6 and 1, and the fourth has no words, so it is
/// paid for being right and for nothing else. Fluent and wrong earns half of what silent and right
/// does; with w = 1, which is how the paper prints the sum, a fluent wrong answer is worth a right one
/// that was thought in the other tongue.
///
/// The last two lines surprise. In a group of which nobody is right, accuracy is the same for all, so
/// it cancels, and the deviation of what is left divides w away: √1.5 = 1.225 for every w. A weight
/// weighs rewards against each other within a group; where only one of them differs, it is as loud at
/// 1/1000 as at 1/2. Groups that were dead under accuracy alone now teach the language.
///
/// σ(log 3) = 3/4: a lead of log 3 is a bet of three to one. The slope is −σ(−log 3) = −1/4, what is left
/// to be surprised at.
public func paidForWhat() throws -> Mutants11_1.Answer { Mutants11_1.right }

/// Wrong answers to exercise 11.1.
public enum Mutants11_1 {
  /// What the exercise asks for.
  public typealias Answer = (
    payments: [Double], loud: Double, soft: Double, weight: Double, chance: Double,
    slope: Double
  )

  static let right: Answer = ([1.5, 1.3333, 0.5, 1], 1.2247, 1.2247, 1, 0.75, -0.25)

  private static func with(_ change: (inout Answer) -> Void) -> Answer {
    var answer = right
    change(&answer)
    return answer
  }

  /// Pays nothing for a wrong answer.
  public static func gatesTheLanguage() throws -> Answer { with { $0.payments[2] = 0 } }

  /// Takes silence for a language that is spoken well.
  public static func paysSilence() throws -> Answer { with { $0.payments[3] = 1.5 } }

  /// Takes a thought in two tongues for half of one.
  public static func halvesTheMixed() throws -> Answer { with { $0.payments[1] = 1.25 } }

  /// Thinks that a small weight teaches little.
  public static func trustsTheWeight() throws -> Answer { with { $0.soft = 0.0024 } }

  /// Takes a group without a right answer for dead.
  public static func buriesTheGroup() throws -> Answer { with { ($0.loud, $0.soft) = (0, 0) } }

  /// Divides by n − 1.
  public static func dividesByLess() throws -> Answer { with { ($0.loud, $0.soft) = (1, 1) } }

  /// Finds a tie where a right answer is paid twice a wrong one.
  public static func findsNoTie() throws -> Answer { with { $0.weight = 0.5 } }

  /// Takes the quotient of the odds for the chance.
  public static func takesTheOdds() throws -> Answer { with { $0.chance = 3 } }

  /// Turns the sign, so that training makes the liked answer worse.
  public static func turnsTheSign() throws -> Answer { with { $0.slope = 0.25 } }

  /// Takes the chance for the surprise.
  public static func pushesTheSure() throws -> Answer { with { $0.slope = -0.75 } }
}
