import Foundation
import Text

/// The documents of a text file.
///
/// A line `<|endoftext|>` stands between two documents, as in the files of TinyStories. A file
/// without one is a single document.
public enum DocumentFile {
  /// The line that stands between documents.
  public static let separator = "<|endoftext|>"

  /// Cuts a text at its separators; what is empty between them is left out.
  public static func documents(of text: String) -> [String] {
    text.components(separatedBy: separator)
      .map { $0.trimmingCharacters(in: .newlines) }
      .filter { !$0.isEmpty }
      .map { $0 + "\n" }
  }
}
