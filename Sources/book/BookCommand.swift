import CommandLine
import Foundation
import Weaving

/// The root of the program.
struct BookCommand: Command {
  static let name = "book"
  static let overview = "Check that the book and the code agree, or make them agree."
  static var subcommands: [any Command.Type] { [Check.self, Weave.self] }
}

/// Reports the places where the book and the code disagree.
struct Check: Command {
  static let name = "check"
  static let overview = "Report every place where the book and the code disagree."
  static var inputs: [Input<Check>] {
    [
      .flag("run", \.reruns, "Run the commands whose output the book shows, and compare."),
      .flag("stats", \.stats, "Count the words of each chapter."),
    ]
  }

  var reruns = false
  var stats = false

  func run() throws {
    let book = try Book.aroundHere()
    if stats {
      for count in book.wordCounts() { Console.print("\(count.page): \(count.words) words") }
    }
    let findings = book.findings() + (reruns ? book.rerunFindings(Rerun(of: book)) : [])
    for finding in findings { Console.print("\(finding)") }
    if !findings.isEmpty { throw Disagreement(count: findings.count) }
    Console.print("\(book.pages.count) pages agree with the code.")
  }
}

/// Refreshes what the book quotes.
struct Weave: Command {
  static let name = "weave"
  static let overview = "Refresh snippets, numbers and output blocks."
  static var inputs: [Input<Weave>] {
    [
      .flag(
        "run", \.reruns, "Run the commands whose output the book shows, not only new ones."),
      .flag("recorded", \.recorded, "Run the slow ones too; they take minutes."),
    ]
  }

  var reruns = false
  var recorded = false

  func run() throws {
    let book = try Book.aroundHere()
    let recording: Book.Recording = recorded ? .all : reruns ? .quick : .missing
    let changed = try book.weave(recording, Rerun(of: book))
    Console.print(changed.isEmpty ? "Nothing to change." : changed.joined(separator: "\n"))
  }
}

extension Rerun {
  /// Runs the programs that were built together with this one.
  fileprivate init(of book: Book) {
    let program =
      Bundle.main.executableURL ?? URL(filePath: ProcessInfo.processInfo.arguments[0])
    self.init(root: book.root, programs: program.deletingLastPathComponent())
  }
}

private struct Disagreement: Error, CustomStringConvertible {
  let count: Int
  var description: String {
    "The book and the code disagree in \(count) \(count == 1 ? "place" : "places")."
  }
}
