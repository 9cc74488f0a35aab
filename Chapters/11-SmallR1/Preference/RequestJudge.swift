/// What people think of an answer to a request: the truth that a reward model tries to learn.
///
/// Three different digits that the question lacks, in its tongue, are wanted. Each of the first three
/// is worth 1; everything else – a digit of the question, a repetition, a foreign word, a fourth – costs 1.
/// No stage is paid by this judge. It only tells what a stage was worth.
public enum RequestJudge {
  /// The digits that are wanted.
  public static let wanted = 3

  /// The value of an answer, from minus its length to 3; of no answer at all −3.
  public static func value(of answer: String?, to question: Question) -> Double {
    guard let answer, !answer.isEmpty else { return -Double(wanted) }
    let asked = Set(question.digits)
    var named: Set<Int> = []
    var value = 0.0
    for character in answer.utf8 {
      guard let word = Tongue.reading(character), word.tongue == question.tongue,
        !asked.contains(word.digit), named.count < wanted, named.insert(word.digit).inserted
      else {
        value -= 1
        continue
      }
      value += 1
    }
    return value
  }

  /// The share of questions whose answer is better than a rival's; equal ones count half.
  public static func winRate(
    of answers: [String?], against rivals: [String?], to questions: [Question]
  ) -> Double {
    zip(questions, zip(answers, rivals)).map { $0 }.average { question, pair in
      let (own, other) = (value(of: pair.0, to: question), value(of: pair.1, to: question))
      return own == other ? 0.5 : own > other ? 1 : 0
    }
  }
}
