/// Why nothing can be distilled.
public enum DistillationError: Error, Equatable, CustomStringConvertible {
  /// A teacher that is hardly ever right has nothing to teach.
  case teacherIsWrong(right: Int, asked: Int)
  /// Two models whose next tokens cannot be compared.
  case unlikeTokens(student: Int, teacher: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .teacherIsWrong(let right, let asked):
      "The teacher was right in \(right) of \(asked) responses; one in a hundred is the least "
        + "from which samples are taken."
    case .unlikeTokens(let student, let teacher):
      "The student knows \(student) tokens and the teacher \(teacher); their next tokens can be "
        + "compared only if both know the same ones."
    }
  }
}
