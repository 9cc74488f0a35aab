/// The answer to exercise 10.3.
///
/// Why this way: the mask belongs to the target. A place is trained when the token *behind* it is the
/// assistant's, so the assistant's role, which nobody learns, predicts the first word. There were
/// three mistakes. The mask was that of the input, which loses the first word and teaches the role that
/// follows an answer. It counted the role among the answer. And padding was known by its token, which
/// takes the end from every answer where both are the same token. Only the last is seen in a
/// tokenizer without padding, and only as a model that talks on.
public func taught(
  _ turns: [Mutants10_3.Turn], tokens: Mutants10_3.Tokens, length: Int, ignored: Int
) throws -> Mutants10_3.Row {
  Mutants10_3.row(turns, tokens, length, ignored)
}

/// Wrong answers to exercise 10.3.
public enum Mutants10_3 {
  /// What one side says.
  public typealias Turn = (isAnswer: Bool, words: [Int])
  /// The special tokens.
  public typealias Tokens = (begin: Int, user: Int, assistant: Int, end: Int, padding: Int)
  /// What the exercise asks for.
  public typealias Row = (inputs: [Int], targets: [Int])

  /// - Parameters:
  ///   - shift: how far behind its place the token is whose mark counts.
  ///   - teachesRoles: whether the token of the assistant's role is marked.
  ///   - teachesEnds: whether the end of an answer is marked.
  ///   - teachesQuestions: whether the words of the user are marked.
  ///   - knowsPadding: whether no token equal to the padding is a target.
  fileprivate static func row(
    _ turns: [Turn], _ tokens: Tokens, _ length: Int, _ ignored: Int, shift: Int = 1,
    teachesRoles: Bool = false, teachesEnds: Bool = true, teachesQuestions: Bool = false,
    knowsPadding: Bool = false
  ) -> Row {
    var marked = [(tokens.begin, false)]
    for turn in turns {
      let role = turn.isAnswer ? tokens.assistant : tokens.user
      marked.append((role, turn.isAnswer && teachesRoles))
      marked += turn.words.map { ($0, turn.isAnswer || teachesQuestions) }
      if turn.isAnswer { marked.append((tokens.end, teachesEnds)) }
    }
    while marked.count < length + 1 { marked.append((tokens.padding, false)) }
    let targets = (0..<length).map { place -> Int in
      let target = marked[place + 1].0
      let isTaught = marked[min(place + shift, length)].1
      return isTaught && !(knowsPadding && target == tokens.padding) ? target : ignored
    }
    return (marked.dropLast().map(\.0), targets)
  }

  /// Leaves all three mistakes.
  public static func leavesIt(
    _ turns: [Turn], tokens: Tokens, length: Int, ignored: Int
  ) throws -> Row {
    row(turns, tokens, length, ignored, shift: 0, teachesRoles: true, knowsPadding: true)
  }

  /// Marks the inputs instead of the targets.
  public static func marksInputs(
    _ turns: [Turn], tokens: Tokens, length: Int, ignored: Int
  ) throws -> Row { row(turns, tokens, length, ignored, shift: 0) }

  /// Moves the marks to the wrong side.
  public static func movesTooFar(
    _ turns: [Turn], tokens: Tokens, length: Int, ignored: Int
  ) throws -> Row { row(turns, tokens, length, ignored, shift: 2) }

  /// Teaches who speaks next.
  public static func teachesRoles(
    _ turns: [Turn], tokens: Tokens, length: Int, ignored: Int
  ) throws -> Row { row(turns, tokens, length, ignored, teachesRoles: true) }

  /// Leaves the ends out.
  public static func neverStops(
    _ turns: [Turn], tokens: Tokens, length: Int, ignored: Int
  ) throws -> Row { row(turns, tokens, length, ignored, teachesEnds: false) }

  /// Leaves out every target that is equal to the padding.
  public static func knowsPadding(
    _ turns: [Turn], tokens: Tokens, length: Int, ignored: Int
  ) throws -> Row { row(turns, tokens, length, ignored, knowsPadding: true) }

  /// Teaches the questions as well.
  public static func teachesAll(
    _ turns: [Turn], tokens: Tokens, length: Int, ignored: Int
  ) throws -> Row { row(turns, tokens, length, ignored, teachesQuestions: true) }
}
