import Foundation
import Weaving

let usage = """
  OVERVIEW: Show what is solved and what is next, and help where it is hard.

  USAGE: exercises [board]
         exercises hint <number> [--more | --all]
         exercises solution <number>

  SUBCOMMANDS:
    board           Test every answer and show the state of all exercises. (default)
    hint            Show the first hint; --more shows the second, --all the skeleton too.
    solution        Show the answer of the book and why it is so.
  """

func complain(_ sentence: String) {
  FileHandle.standardError.write(Data("Error: \(sentence)\n".utf8))
}

func board(of book: Book) throws -> Int32 {
  FileHandle.standardError.write(Data("Building and testing your answers …\n".utf8))
  let run = try ExerciseRun(root: book.root)
  guard !run.verdicts.isEmpty else {
    complain("The exercises did not run. The end of the log:\n\(run.log.suffix(4_000))")
    return 1
  }
  print(Board(Catalogue(of: book), verdicts: run.verdicts).text)
  return 0
}

/// Does what the words say and returns the exit code.
func run(_ words: [String]) throws -> Int32 {
  if words.contains("--help") || words.contains("-h") {
    print(usage)
    return 0
  }
  let here = URL(filePath: FileManager.default.currentDirectoryPath)
  guard let root = Book.root(above: here) else {
    complain("No folder above \(here.path) holds both Package.swift and book/.")
    return 1
  }
  let book = try Book(root: root)
  let helps: [String: Catalogue.Entry.Help] = ["--more": .more, "--all": .all]
  let exercises = Catalogue(of: book).exercises
  func entry(_ number: String) -> Catalogue.Entry? {
    let found = exercises.first { $0.number == number }
    if found == nil { complain("There is no exercise \(number).") }
    return found
  }
  switch words.first ?? "board" {
  case "board" where words.count <= 1:
    return try board(of: book)
  case "hint" where words.count == 2 || words.count == 3 && helps[words[2]] != nil:
    guard let entry = entry(words[1]) else { return 64 }
    print(try entry.hints(words.count == 3 ? helps[words[2]] ?? .first : .first, in: book))
    return 0
  case "solution" where words.count == 2:
    guard let entry = entry(words[1]) else { return 64 }
    print(try entry.solution(in: book))
    return 0
  default:
    complain("Unknown words '\(words.joined(separator: " "))'.\n\(usage)")
    return 64
  }
}

do {
  exit(try run(Array(ProcessInfo.processInfo.arguments.dropFirst())))
} catch {
  complain("\(error)")
  exit(1)
}
