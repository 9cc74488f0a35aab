import Foundation

/// Runs the exercise tests and collects what they make of the reader's answers.
struct ExerciseRun {
  let root: URL

  /// The verdicts, a line each; empty when the tests could not run.
  private(set) var verdicts = ""
  /// What the build and the tests printed.
  private(set) var log = ""

  /// Builds the tests and runs those of the exercises.
  ///
  /// Each test appends its verdict to a file of this run as soon as it knows it, so an answer that
  /// traps hides only the verdicts after its own.
  init(root: URL) throws {
    self.root = root
    let board = FileManager.default.temporaryDirectory.appending(
      path: "board-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: board) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["swift", "test", "--filter", "Exercise[0-9][0-9]Tests"]
    process.currentDirectoryURL = root
    var environment = ProcessInfo.processInfo.environment
    environment["EXERCISES"] = nil
    environment["EXERCISES_BOARD"] = board.path
    process.environment = environment
    let pipe = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    log = String(decoding: data, as: UTF8.self)
    if let data = FileManager.default.contents(atPath: board.path) {
      verdicts = String(decoding: data, as: UTF8.self)
    }
  }
}
