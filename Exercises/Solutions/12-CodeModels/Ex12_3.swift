/// The answer to exercise 12.3.
///
/// Why this way: the task has as many right answers as inputs that work, and only a run tells which. The
/// form is checked by hand, since `Int` reads signs, and hundreds of digits at which a program of a
/// real language might well do something surprising. What cannot be tried is kept apart from what was
/// tried and failed: the first is a matter of form, the second of reasoning.
public func judgedInput(
  _ answer: String, x: Int, program: (Int) -> Int
) throws -> Bool? {
  let isLegal =
    (1...2).contains(answer.utf8.count) && answer.utf8.allSatisfy { (48...57).contains($0) }
  guard isLegal, let predicted = Int(answer) else { return nil }
  return program(predicted) == program(x)
}

/// Wrong answers to exercise 12.3.
public enum Mutants12_3 {
  /// Compares with the input that was used.
  public static func compares(
    _ answer: String, x: Int, program: (Int) -> Int
  ) throws -> Bool? {
    let verdict = try judgedInput(answer, x: x, program: program)
    return verdict == true ? Int(answer) == x : verdict
  }

  /// Compares the answer with the result.
  public static func comparesTheResult(
    _ answer: String, x: Int, program: (Int) -> Int
  ) throws -> Bool? {
    let verdict = try judgedInput(answer, x: x, program: program)
    return verdict == nil ? nil : Int(answer) == program(x)
  }

  /// Reads whatever `Int` reads.
  public static func readsSigns(
    _ answer: String, x: Int, program: (Int) -> Int
  ) throws -> Bool? {
    guard let predicted = Int(answer) else { return nil }
    return program(predicted) == program(x)
  }

  /// Calls everything wrong that is not right.
  public static func knowsNoException(
    _ answer: String, x: Int, program: (Int) -> Int
  ) throws -> Bool? {
    try judgedInput(answer, x: x, program: program) ?? false
  }

  /// Takes the number out of whatever stands around it.
  public static func searches(
    _ answer: String, x: Int, program: (Int) -> Int
  ) throws -> Bool? {
    try judgedInput(answer.filter { ("0"..."9").contains($0) }, x: x, program: program)
  }
}
