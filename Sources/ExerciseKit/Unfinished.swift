/// The error of a starter that nobody has solved yet.
public struct Unfinished: Error {
  /// The number of the exercise, such as "1.2".
  public let exercise: String
  /// Creates the error for one exercise.
  public init(_ exercise: String) { self.exercise = exercise }
}
