import ExerciseKit
import Exercises12
import Solutions12
import TestSupport
import Testing

@Suite struct `Exercise 12.2` {
  typealias Answer = (
    rearranged: @Sendable (_ document: [Int], _ middle: Range<Int>) throws -> [Int],
    reassembled: @Sendable (_ tokens: [Int]) throws -> [Int]?
  )

  static let exercise = Exercise<Answer>(
    "12.2", yours: (Exercises12.rearranged, Exercises12.reassembled),
    solution: (Solutions12.rearranged, Solutions12.reassembled),
    mutants: [
      "keeps the order": (Mutants12_2.keepsTheOrder, Solutions12.reassembled),
      "begins with the suffix": (Mutants12_2.suffixFirst, Solutions12.reassembled),
      "takes a closed range": (Mutants12_2.closedRange, Solutions12.reassembled),
      "joins as they come": (Solutions12.rearranged, Mutants12_2.joinsAsTheyCome),
      "takes the first mark": (Solutions12.rearranged, Mutants12_2.takesTheFirst),
      "starts anywhere": (Solutions12.rearranged, Mutants12_2.startsAnywhere),
    ]
  ) { answer in
    try demand(
      try answer.rearranged([1, 2, 3, 4, 5, 6], 2..<4) == [-1, 1, 2, -2, 5, 6, -3, 3, 4],
      "In which order do prefix, suffix and middle come, and which tokens belong to each?")
    for count in 0...5 {
      let document = Array(0..<count)
      for i in 0...count {
        for j in i...count {
          let told = try answer.rearranged(document, i..<j)
          try demand(
            told.filter { $0 < 0 } == [-1, -2, -3] && told.count == count + 3,
            "Is every mark there, and every token, when a part is empty?")
          try demand(
            try answer.reassembled(told) == document,
            "Between which marks does the suffix stand, and where does it belong?")
        }
      }
    }
    for broken in [
      [], [1], [-1, 1, -3, 2, -2], [-1, 1, -2, 2], [1, -1, 2, -2, 3, -3, 4],
      [-1, -2, -3, 1, -3], [-1, 1, -2, 2, -2, -3], [-1, -1, -2, -3],
    ] {
      try demand(
        try answer.reassembled(broken) == nil, "Can \(broken) be put together in one way only?")
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
