import ExerciseKit
import Exercises10
import Solutions10
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `Exercise 10.2` {
  typealias Answer =
    @Sendable (_ documents: [[Int]], _ length: Int, _ padding: Int, _ ignored: Int) throws ->
    Mutants10_2.Row

  static let exercise = Exercise<Answer>(
    "10.2", yours: Exercises10.row(_:length:padding:ignored:),
    solution: Solutions10.row(_:length:padding:ignored:),
    mutants: [
      "predicts across": Mutants10_2.predictsAcross(_:length:padding:ignored:),
      "looks across": Mutants10_2.looksAcross(_:length:padding:ignored:),
      "counts on": Mutants10_2.countsOn(_:length:padding:ignored:),
      "sees all": Mutants10_2.seesAll(_:length:padding:ignored:),
      "frames the padding": Mutants10_2.framesThePadding(_:length:padding:ignored:),
      "knows it by its token": Mutants10_2.knowsItByItsToken(_:length:padding:ignored:),
      "teaches padding": Mutants10_2.teachesPadding(_:length:padding:ignored:),
    ]
  ) { answer in
    let found = try answer([[5, 6, 7], [8, 9]], 7, 0, -1)
    try demand(found.inputs == [5, 6, 7, 8, 9, 0, 0], "Side by side, then padding.")
    try demand(
      found.positions == [0, 1, 2, 0, 1, 0, 0],
      "A document in a row is read as if it were alone. Where does it count from?")
    try demand(
      found.starts == [0, 0, 0, 3, 3, 5, 6],
      "Who sees whom? A token its own document, a place of padding itself.")
    try demand(
      found.next == [6, 7, -1, 9, -1, -1, -1],
      "What does the last token of a document predict?")
    try demand(
      found.second == [7, -1, -1, -1, -1, -1, -1],
      "Two places on: how many places at the end of a document have no such token?")
    try demand(
      try answer([[0, 4, 0], [], [0]], 5, 0, -1).next == [4, 0, -1, -1, -1],
      "The token of the padding stands in a document. Is it to be predicted there?")
    try demand(
      try answer([], 2, 3, -1).starts == [0, 1], "A row of nothing is padding all along.")

    // Each place against the same document alone in its row.
    var generator = SplitMix64(seed: 10)
    for _ in 0..<50 {
      let documents = (0..<4).map { _ in
        (0..<Draw.below(5, using: &generator)).map { _ in Draw.below(6, using: &generator) }
      }
      let row = try answer(documents, 20, 2, -1)
      try demand(
        [row.inputs, row.positions, row.starts, row.next, row.second].allSatisfy {
          $0.count == 20
        }, "Is there a number for each of the 20 places?")
      var first = 0
      for document in documents {
        let alone = try answer([document], max(document.count, 1), 2, -1)
        for place in document.indices {
          let there = first + place
          try demand(
            row.inputs[there] == alone.inputs[place] && row.next[there] == alone.next[place]
              && row.second[there] == alone.second[place]
              && row.positions[there] == alone.positions[place]
              && row.starts[there] - first == alone.starts[place],
            "\(documents): does it matter what else is in the row?")
        }
        first += document.count
      }
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
