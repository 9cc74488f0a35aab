/// A file of a code corpus: its path, which tells the language, and its text.
public struct SourceFile: Sendable, Equatable {
  /// The path within the repository.
  public let path: String
  /// The whole text.
  public let text: String

  /// Describes a file.
  public init(path: String, text: String) {
    self.path = path
    self.text = text
  }

  /// What follows the last full stop of the name, in small letters; empty if there is none.
  public var suffix: String {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }
}
