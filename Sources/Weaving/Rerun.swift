import Foundation

/// Runs the commands whose output the book shows.
public struct Rerun {
  private let root: URL
  private let programs: URL

  /// Prepares to run programs that lie together in one build folder.
  public init(root: URL, programs: URL) {
    self.root = root
    self.programs = programs
  }

  /// Runs a command such as `chapter-demo mla --seed 5` and returns what it printed.
  ///
  /// A slow command may print its progress to standard error; that is part of its record.
  func output(of command: String, includingErrors: Bool) throws -> String {
    let words = Rerun.words(of: command)
    guard let name = words.first else {
      throw RerunError(command: command, rule: "names no program")
    }
    let process = Process()
    if name == "swift" {
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = words
    } else {
      process.executableURL = programs.appending(path: name)
      process.arguments = Array(words.dropFirst())
      guard FileManager.default.isExecutableFile(atPath: programs.appending(path: name).path)
      else { throw RerunError(command: command, rule: "needs \(name), which is not built") }
    }
    let pipe = Pipe()
    process.currentDirectoryURL = root
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = includingErrors ? pipe : FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw RerunError(command: command, rule: "left with code \(process.terminationStatus)")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// The words of a command line; double quotes hold words together.
  static func words(of command: String) -> [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    for character in command {
      if character == "\"" {
        isQuoted.toggle()
        word = word ?? ""
      } else if character == " ", !isQuoted {
        if let done = word { words.append(done) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let done = word { words.append(done) }
    return words
  }
}

/// A command of the book that did not run.
struct RerunError: Error, CustomStringConvertible {
  let command: String
  let rule: String
  var description: String { "The command `\(command)` \(rule)." }
}

extension Book {
  /// Runs every quick command again and compares what it prints with the record.
  public func rerunFindings(_ rerun: Rerun) -> [Finding] {
    var findings: [Finding] = []
    for block in outputBlocks where !block.isSlow {
      guard let record = record(of: block.command) else { continue }
      do {
        let printed = try rerun.output(of: block.command, includingErrors: false)
        if !OutputRecord(command: block.command, printed: printed).agrees(with: record) {
          findings.append(
            Finding(
              block.page.path, block.line,
              "`\(block.command)` prints something else now; run `swift run book weave --run`.")
          )
        }
      } catch {
        findings.append(Finding(block.page.path, block.line, "\(error)"))
      }
    }
    return findings
  }
}
