import Foundation

/// Standard output for results and standard error for everything said about them.
public enum Console {
  /// Prints a line of results.
  public static func print(_ text: String = "") {
    write(text + "\n", to: .standardOutput)
  }

  /// Prints a line of progress or logs.
  public static func log(_ text: String) {
    write(text + "\n", to: .standardError)
  }

  /// Prints results as they come, such as the pieces of a text being generated.
  public static func stream(_ text: String) {
    write(text, to: .standardOutput)
  }

  /// Whether results go to a terminal rather than to a file or another program.
  public static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Writes at once.
  ///
  /// When the program that reads our results has gone, so do we, quietly.
  static func write(_ text: String, to file: FileHandle) {
    guard !text.isEmpty else { return }
    do {
      try file.write(contentsOf: Data(text.utf8))
    } catch {
      // Nobody reads the logs any more, but the results may still be wanted.
      if file === FileHandle.standardOutput { exit(0) }
    }
  }
}
