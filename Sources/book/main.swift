import Foundation
import Weaving

let usage = """
  OVERVIEW: Check that the book and the code agree, or make them agree.

  USAGE: book check [--run] [--stats]
         book weave [--run] [--recorded]

  SUBCOMMANDS:
    check           Report every place where the book and the code disagree.
    weave           Refresh snippets, numbers and output blocks.

  OPTIONS:
    --run           Run the commands whose output the book shows.
    --recorded      Run the slow ones too.
    --stats         Count the words of each chapter.
  """

func complain(_ sentence: String) {
  FileHandle.standardError.write(Data("Error: \(sentence)\n".utf8))
}

/// Does what the words say and returns the exit code.
func run(_ words: [String]) throws -> Int32 {
  let options = Set(words.dropFirst())
  let known: [String: Set<String>] = [
    "check": ["--run", "--stats"], "weave": ["--run", "--recorded"],
  ]
  if words.isEmpty || words.contains("--help") || words.contains("-h") {
    print(usage)
    return 0
  }
  guard let allowed = known[words[0]], options.isSubset(of: allowed) else {
    complain("Unknown words '\(words.joined(separator: " "))'.\n\(usage)")
    return 64
  }
  let here = URL(filePath: FileManager.default.currentDirectoryPath)
  guard let root = Book.root(above: here) else {
    complain("No folder above \(here.path) holds both Package.swift and book/.")
    return 1
  }
  let book = try Book(root: root)
  let program = Bundle.main.executableURL ?? URL(filePath: ProcessInfo.processInfo.arguments[0])
  let rerun = Rerun(root: root, programs: program.deletingLastPathComponent())
  if words[0] == "weave" {
    let all = options.contains("--recorded")
    let changed = try book.weave(
      all ? .all : options.contains("--run") ? .quick : .missing, rerun)
    print(changed.isEmpty ? "Nothing to change." : changed.joined(separator: "\n"))
    return 0
  }
  if options.contains("--stats") {
    for count in book.wordCounts() { print("\(count.page): \(count.words) words") }
  }
  let findings = book.findings() + (options.contains("--run") ? book.rerunFindings(rerun) : [])
  for finding in findings { print(finding) }
  print("\(book.pages.count) pages checked, \(findings.count) findings.")
  return findings.isEmpty ? 0 : 1
}

do {
  exit(try run(Array(ProcessInfo.processInfo.arguments.dropFirst())))
} catch {
  complain("\(error)")
  exit(1)
}
