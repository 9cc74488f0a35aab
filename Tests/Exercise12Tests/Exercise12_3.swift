import ExerciseKit
import Exercises12
import Solutions12
import TestSupport
import Testing

@Suite struct `Exercise 12.3` {
  typealias Answer =
    @Sendable (_ answer: String, _ x: Int, _ program: (Int) -> Int) throws -> Bool?

  static let exercise = Exercise<Answer>(
    "12.3", yours: Exercises12.judgedInput, solution: Solutions12.judgedInput,
    mutants: [
      "compares with the input": Mutants12_3.compares,
      "compares with the result": Mutants12_3.comparesTheResult,
      "reads signs": Mutants12_3.readsSigns,
      "knows no exception": Mutants12_3.knowsNoException,
      "searches for digits": Mutants12_3.searches,
    ]
  ) { judge in
    let twice: (Int) -> Int = { 2 * $0 % 100 }
    try demand(try judge("4", 4, twice) == true, "Is the very input not right?")
    try demand(
      try judge("54", 4, twice) == true,
      "What does the program give for 54, and what for 4?")
    try demand(try judge("04", 4, twice) == true, "Which number is 04?")
    try demand(
      try judge("8", 4, twice) == false, "Do you run the program on the answer, or compare?")
    try demand(try judge("5", 4, twice) == false, "Is every number right?")
    for text in ["+4", "-96", "004", "104", "4 ", "x=4", "", "four", "٤"] {
      try demand(
        try judge(text, 4, twice) == nil,
        "Are one or two digits all that is in '\(text)'?")
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
