/// One place where the book and the code disagree, told in a sentence.
public struct Finding: Equatable, Sendable, CustomStringConvertible {
  /// The file, relative to the root of the repository.
  public let page: String
  /// The line, counted from one.
  public let line: Int
  /// What is wrong and what to do about it.
  public let sentence: String

  /// Creates a finding about one line of one file.
  public init(_ page: String, _ line: Int, _ sentence: String) {
    self.page = page
    self.line = line
    self.sentence = sentence
  }

  /// The finding as editors and terminals like it: `page:line: sentence`.
  public var description: String { "\(page):\(line): \(sentence)" }
}
