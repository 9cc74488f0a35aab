import Foundation

/// A picture for the book, drawn to the same bytes wherever it is drawn.
public protocol Figure {
  /// What the picture shows, above it and for screen readers.
  var title: String { get }
  /// What there is to see, in a sentence or two, for those who cannot see it.
  var description: String { get }
  /// Draws the picture as a complete SVG document.
  func svg() -> String
}

extension Figure {
  /// Writes the SVG document to a file.
  ///
  /// - Throws: The system's error when the file cannot be written.
  public func write(to file: URL) throws {
    try Data(svg().utf8).write(to: file, options: .atomic)
  }
}
