/// The answer to exercise 12.4.
///
/// Why this way: tokens and their marks are laid out side by side first, and shifted together at the end.
/// So the last token of a question predicts the first of the response although it is itself only read,
/// and the last token of a response has no target when the judge comes next. The judge writes its
/// words at use too; a model that was trained on them would learn to judge itself, unseen.
public func trainingRow(
  _ turns: [(tokens: [Int], isModels: Bool)]
) throws -> (inputs: [Int], targets: [Int]) {
  let tokens = turns.flatMap(\.tokens)
  let marks = turns.flatMap { turn in turn.tokens.map { _ in turn.isModels } }
  let targets = zip(tokens, marks).dropFirst().map { $1 ? $0 : -1 }
  return (tokens.dropLast(), targets)
}

/// Wrong answers to exercise 12.4.
public enum Mutants12_4 {
  private static func row(_ turns: [(tokens: [Int], isModels: Bool)]) -> (
    tokens: [Int], marks: [Bool]
  ) {
    (turns.flatMap(\.tokens), turns.flatMap { turn in turn.tokens.map { _ in turn.isModels } })
  }

  /// Trains on what the judge says too, as the paper does.
  public static func learnsTheFeedback(
    _ turns: [(tokens: [Int], isModels: Bool)]
  ) throws -> (inputs: [Int], targets: [Int]) {
    let first = turns.firstIndex { $0.isModels } ?? turns.count
    return try trainingRow(
      turns.enumerated().map { ($1.tokens, $0 >= first) })
  }

  /// Masks by the token that is read instead of the token that is predicted.
  public static func masksTheInput(
    _ turns: [(tokens: [Int], isModels: Bool)]
  ) throws -> (inputs: [Int], targets: [Int]) {
    let (tokens, marks) = row(turns)
    return (tokens.dropLast(), zip(tokens.dropFirst(), marks).map { $1 ? $0 : -1 })
  }

  /// Predicts the token that it has just read.
  public static func doesNotShift(
    _ turns: [(tokens: [Int], isModels: Bool)]
  ) throws -> (inputs: [Int], targets: [Int]) {
    let (tokens, marks) = row(turns)
    return (tokens.dropLast(), zip(tokens, marks).dropLast().map { $1 ? $0 : -1 })
  }

  /// Keeps only the last response.
  public static func keepsTheLast(
    _ turns: [(tokens: [Int], isModels: Bool)]
  ) throws -> (inputs: [Int], targets: [Int]) {
    let last = turns.lastIndex { $0.isModels && !$0.tokens.isEmpty }
    return try trainingRow(
      turns.enumerated().map { ($1.tokens, $0 == last) })
  }

  /// Shifts each turn by itself, so that the first token of a response is never predicted.
  public static func shiftsEachTurn(
    _ turns: [(tokens: [Int], isModels: Bool)]
  ) throws -> (inputs: [Int], targets: [Int]) {
    let targets = turns.flatMap { turn in
      turn.tokens.indices.map { turn.isModels && $0 > 0 ? turn.tokens[$0] : -1 }
    }
    return (turns.flatMap(\.tokens).dropLast(), Array(targets.dropFirst()))
  }
}
