/// The error of a starter that nobody has solved yet.
public struct Unfinished: Error, Equatable, CustomStringConvertible {
  /// The number of the exercise, such as "1.2".
  public let exercise: String
  /// Creates the error for one exercise.
  public init(_ exercise: String) { self.exercise = exercise }
  /// One sentence that says where help is.
  public var description: String {
    "Exercise \(exercise) is still to do. A hint: swift run exercises hint \(exercise)"
  }
}
