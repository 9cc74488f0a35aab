/// The answer to exercise 11.3.
///
/// Why this way: four mistakes. The training starts from the base: text carries over what the policy
/// can do, and leaves behind what reinforcement has bent on the way, such as a router or the odds of
/// what it was never asked. Starting from the policy would also hide bad examples, since it can do
/// already what they should teach. A response that was cut teaches not to end. One tongue is not
/// enough, it must be the question's; a thought without words has none. And a quarter of all is a third of the
/// others: s / (1 − s).
public func thirdStage(
  base: [Float], policy: [Float], replies: [Mutants11_3.Reply], others: Int, share: Double
) throws -> Mutants11_3.Plan {
  Third().plan(base, policy, replies, others, share)
}

/// The rule, and what mutants change of it.
private struct Third {
  enum Purity { case own, any, none, withSigns, evenEmpty }
  var startsFromPolicy = false
  var keepsCut = false
  var keepsWrong = false
  var purity = Purity.own
  var isOfReasoning = false
  var rounds = false
  var hasEnough = false

  func plan(
    _ base: [Float], _ policy: [Float], _ replies: [Mutants11_3.Reply], _ others: Int,
    _ share: Double
  ) -> Mutants11_3.Plan {
    let kept = replies.indices.filter { place in
      let reply = replies[place]
      return (reply.isRight || keepsWrong) && (reply.isFinished || keepsCut) && isPure(reply)
    }
    let part = isOfReasoning ? share : share / (1 - share)
    let wanted = Double(kept.count) * part
    let count = Int(rounds ? wanted.rounded() : wanted)
    return (
      startsFromPolicy ? policy : base, kept, hasEnough ? count : min(count, others)
    )
  }

  private func isPure(_ reply: Mutants11_3.Reply) -> Bool {
    let letters = reply.thought.utf8.map { UInt8(ascii: "a")...UInt8(ascii: "j") ~= $0 }
    let digits = reply.thought.utf8.map { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    let own = (reply.isInLetters ? letters : digits).count { $0 }
    let foreign = (reply.isInLetters ? digits : letters).count { $0 }
    switch purity {
    case .own: return own > 0 && foreign == 0
    case .any: return own == 0 ? foreign > 0 : foreign == 0
    case .none: return own + foreign > 0
    case .withSigns: return own > 0 && own == reply.thought.utf8.count
    case .evenEmpty: return foreign == 0
    }
  }
}

/// Wrong answers to exercise 11.3.
public enum Mutants11_3 {
  /// A response of the policy.
  public typealias Reply = (
    isInLetters: Bool, thought: String, isRight: Bool, isFinished: Bool
  )
  /// What the exercise asks for.
  public typealias Plan = (start: [Float], thoughts: [Int], others: Int)

  /// Leaves all four mistakes.
  public static func leavesIt(
    base: [Float], policy: [Float], replies: [Reply], others: Int, share: Double
  ) throws -> Plan {
    Third(startsFromPolicy: true, keepsCut: true, purity: .any, isOfReasoning: true)
      .plan(base, policy, replies, others, share)
  }

  /// Goes on from the weights of the policy.
  public static func startsFromPolicy(
    base: [Float], policy: [Float], replies: [Reply], others: Int, share: Double
  ) throws -> Plan { Third(startsFromPolicy: true).plan(base, policy, replies, others, share) }

  /// Keeps what was cut short.
  public static func keepsTheCut(
    base: [Float], policy: [Float], replies: [Reply], others: Int, share: Double
  ) throws -> Plan { Third(keepsCut: true).plan(base, policy, replies, others, share) }

  /// Keeps what is well written and wrong.
  public static func keepsTheWrong(
    base: [Float], policy: [Float], replies: [Reply], others: Int, share: Double
  ) throws -> Plan { Third(keepsWrong: true).plan(base, policy, replies, others, share) }

  /// Keeps mixed thoughts.
  public static func keepsTheMixed(
    base: [Float], policy: [Float], replies: [Reply], others: Int, share: Double
  ) throws -> Plan { Third(purity: .none).plan(base, policy, replies, others, share) }

  /// Keeps thoughts that are wholly in the other tongue.
  public static func keepsTheForeign(
    base: [Float], policy: [Float], replies: [Reply], others: Int, share: Double
  ) throws -> Plan { Third(purity: .any).plan(base, policy, replies, others, share) }

  /// Takes signs for foreign words.
  public static func countsSigns(
    base: [Float], policy: [Float], replies: [Reply], others: Int, share: Double
  ) throws -> Plan { Third(purity: .withSigns).plan(base, policy, replies, others, share) }

  /// Keeps thoughts without a word.
  public static func keepsSilence(
    base: [Float], policy: [Float], replies: [Reply], others: Int, share: Double
  ) throws -> Plan { Third(purity: .evenEmpty).plan(base, policy, replies, others, share) }

  /// Takes the share of the reasoning, and not of all.
  public static func takesTheShareOfReasoning(
    base: [Float], policy: [Float], replies: [Reply], others: Int, share: Double
  ) throws -> Plan { Third(isOfReasoning: true).plan(base, policy, replies, others, share) }

  /// Rounds up too.
  public static func roundsUp(
    base: [Float], policy: [Float], replies: [Reply], others: Int, share: Double
  ) throws -> Plan { Third(rounds: true).plan(base, policy, replies, others, share) }

  /// Takes more than there are.
  public static func takesTooMany(
    base: [Float], policy: [Float], replies: [Reply], others: Int, share: Double
  ) throws -> Plan { Third(hasEnough: true).plan(base, policy, replies, others, share) }
}
