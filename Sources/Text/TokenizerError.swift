/// What is wrong with a tokenizer's file, in one sentence that names the file, the place and the rule.
public struct TokenizerError: Error, Equatable, CustomStringConvertible {
  /// The name of the file, or of the task that failed.
  public let file: String

  /// The way to the value within the file, such as `model.merges[3]`; empty for the whole file.
  public let place: String

  /// What is wrong there.
  public let problem: String

  init(_ file: String, at place: String = "", _ problem: String) {
    self.file = file
    self.place = place
    self.problem = problem
  }

  /// File, place and problem.
  public var description: String {
    place.isEmpty ? "\(file): \(problem)." : "\(file), \(place): \(problem)."
  }
}
