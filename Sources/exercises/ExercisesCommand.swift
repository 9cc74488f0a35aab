import CommandLine
import Foundation
import Weaving

/// The root of the program.
struct ExercisesCommand: Command {
  static let name = "exercises"
  static let overview = "Show what is solved and what is next, and help where it is hard."
  static var subcommands: [any Command.Type] {
    [ShowBoard.self, ShowHint.self, ShowSolution.self]
  }
}

/// Shows the state of all exercises.
struct ShowBoard: Command {
  static let name = "board"
  static let overview = "Test every answer and show the state of all exercises (the default)."

  func run() throws {
    let book = try Book.aroundHere()
    Console.log("Building and testing your answers …")
    let run = try ExerciseRun(root: book.root)
    guard !run.verdicts.isEmpty else { throw NoVerdicts(log: run.log) }
    Console.print(Board(Catalogue(of: book), verdicts: run.verdicts).text)
  }
}

/// Shows hints to one exercise.
struct ShowHint: Command {
  static let name = "hint"
  static let overview = "Show the first hint to an exercise."
  static var inputs: [Input<ShowHint>] {
    [
      .argument("number", \.number, "The exercise, such as 1.2."),
      .flag("more", \.more, "Show the second hint too."),
      .flag("all", \.all, "Show both hints and the skeleton of the answer."),
    ]
  }

  var number = ""
  var more = false
  var all = false

  func run() throws {
    let book = try Book.aroundHere()
    let entry = try book.exercise(number)
    Console.print(try entry.hints(all ? .all : more ? .more : .first, in: book))
  }
}

/// Shows the answer of the book.
struct ShowSolution: Command {
  static let name = "solution"
  static let overview = "Show the answer of the book, and why it is so."
  static var inputs: [Input<ShowSolution>] {
    [.argument("number", \.number, "The exercise, such as 1.2.")]
  }

  var number = ""

  func run() throws {
    let book = try Book.aroundHere()
    let entry = try book.exercise(number)
    Console.print(try entry.solution(in: book))
  }
}

extension Book {
  /// The exercise with a number.
  fileprivate func exercise(_ number: String) throws -> Catalogue.Entry {
    let exercises = Catalogue(of: self).exercises
    guard let entry = exercises.first(where: { $0.number == number }) else {
      let known = exercises.map(\.number).joined(separator: ", ")
      throw UsageError("There is no exercise '\(number)'; there are \(known).")
    }
    return entry
  }
}

private struct NoVerdicts: Error, CustomStringConvertible {
  let log: String
  var description: String { "The exercises did not run. The log ends:\n\(log.suffix(4_000))" }
}
