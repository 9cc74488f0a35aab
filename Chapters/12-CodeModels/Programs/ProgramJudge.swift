import Text

/// What became of an answer when it was tried.
///
/// Paper: CODEI/O, whose checker has these five.
public enum AnswerStatus: String, CaseIterable, Sendable, Codable {
  /// The answer works.
  case success
  /// The answer can be tried, and does not work.
  case wrong
  /// There is no answer where one belongs.
  case noAnswer = "no-answer"
  /// The answer cannot be tried: a number that is none, a program that breaks the grammar.
  case exception
  /// A response without an end, or a program that runs too long.
  case timeout
}

extension ProgramProblem {
  // snippet.judge
  /// Judges an answer by what it does, never by comparing it with the expected text.
  ///
  /// A predicted input is run, and any input that works is right. A mended program is run on
  /// every one-digit input, not on the examples that it has seen alone: few examples would reward
  /// a program that fits them by chance. An explanation must agree with the interpreter in every
  /// step.
  public func judge(_ answer: String) -> AnswerStatus {
    switch task {
    case .output:
      guard let value = Int(number: answer) else { return .exception }
      return value == program.run(x: inputs[0]) ? .success : .wrong
    case .input:
      guard let x = Int(number: answer) else { return .exception }
      return program.run(x: x) == program.run(x: inputs[0]) ? .success : .wrong
    case .repair:
      let mended: Program
      do { mended = try Program(parsing: answer) } catch .tooLong { return .timeout } catch {
        return .exception
      }
      // Nothing loops here, so the number of statements is the time of a run.
      guard mended.statements.count <= 2 * shown.statements.count else { return .timeout }
      return mended.behaves(like: program) ? .success : .wrong
    case .explanation:
      guard let told = Explanation(reading: answer) else { return .exception }
      return told == Explanation(of: program, x: inputs[0]) ? .success : .wrong
    }
  }
  // snippet.end

  /// Judges a whole response: first its form, then its answer.
  public func judge(
    _ response: [Int], alphabet: CodeAlphabet = .standard
  ) -> AnswerStatus {
    switch alphabet.answer(in: response) {
    case .endless: .timeout
    case .noAnswer: .noAnswer
    case .answer(let text): judge(text)
    }
  }
}
