import ExerciseKit
import Exercises02
import Foundation
import Solutions02
import TestSupport
import Testing

@Suite struct `Exercise 2.3` {
  static let exercise = Exercise<@Sendable (Int, Int) throws -> [[Bool]]>(
    "2.3", yours: Exercises02.causalMask(new:cached:),
    solution: Solutions02.causalMask(new:cached:),
    mutants: [
      "is the code as it was found": Mutants2_3.forgetsCache(new:cached:),
      "hides a token from itself": Mutants2_3.hidesItself(new:cached:),
      "looks ahead": Mutants2_3.looksAhead(new:cached:),
    ]
  ) { answer in
    let (whole, none) = (try answer(5, 0), try answer(0, 4))
    try demand(none.isEmpty, "How many rows has the mask of no new tokens?")
    for place in 0..<5 {
      try demand(
        whole[place] == (0..<5).map { $0 <= place },
        "With an empty cache, does token \(place) see itself and all before it?")
    }
    for cut in 1..<5 {
      try demand(
        try answer(cut, 0) + answer(5 - cut, cut) == pieces(whole, cut),
        "Do a piece of \(cut) and the rest together see what the whole text sees?")
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

/// The rows that a text of two pieces needs: the first cannot even name the keys of the second.
private func pieces(_ whole: [[Bool]], _ cut: Int) -> [[Bool]] {
  whole[..<cut].map { Array($0[..<cut]) } + whole[cut...]
}
