import ExerciseKit
import Exercises02
import Foundation
import Solutions02
import TestSupport
import Testing

@Suite struct `Exercise 2.5` {
  static let exercise = Exercise<
    @Sendable (String, [(left: String, right: String)]) throws -> [String]
  >(
    "2.5", yours: Exercises02.mergedParts(of:merges:),
    solution: Solutions02.mergedParts(of:merges:),
    mutants: [
      "takes the longest part": Mutants2_5.takesLongest,
      "takes the leftmost pair": Mutants2_5.takesLeftmost,
      "stops early": Mutants2_5.stopsEarly,
    ]
  ) { answer in
    let learnt = [(left: "a", right: "t"), ("h", "e"), ("t", "he")]
    try demand(try answer("the", learnt) == ["the"], "Is a new part tried with its neighbours?")
    try demand(
      try answer("that", learnt) == ["t", "h", "at"], "What can h and at make? Nothing.")
    let crossing = [(left: "b", right: "c"), ("a", "b"), ("c", "d")]
    try demand(
      try answer("abcd", crossing) == ["a", "bc", "d"], "Which merge stands first in the list?")
    try demand(
      try answer("aaa", [("a", "a")]) == ["aa", "a"], "Of equals, is the leftmost pair taken?")
    try demand(
      try answer("aaaaaaaa", [("a", "a"), ("aa", "aa"), ("aaaa", "aaaa")]) == ["aaaaaaaa"],
      "Are all occurrences joined before a later merge has its turn?")
    let short = [(left: "x", right: "y"), ("a", "b"), ("ab", "c"), ("b", "c")]
    try demand(
      try answer("abcbc", short) == ["abc", "bc"], "Does a later word end the search?")
    try demand(try answer("", learnt).isEmpty, "What are the parts of an empty word?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
