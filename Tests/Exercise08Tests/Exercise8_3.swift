import ExerciseKit
import Exercises08
import Solutions08
import TestSupport
import Testing

@Suite struct `Exercise 8.3` {
  typealias Answer =
    @Sendable (_ tokens: [Int], _ promptLength: Int, _ stop: Int, _ padding: Int) throws ->
    (targets: [Int], weights: [Double])

  static let exercise = Exercise<Answer>(
    "8.3", yours: Exercises08.trainingRows(_:promptLength:stop:padding:),
    solution: Solutions08.trainingRows(_:promptLength:stop:padding:),
    mutants: [
      "leaves it": Mutants8_3.leavesIt(_:promptLength:stop:padding:),
      "scores what was read": Mutants8_3.scoresWhatWasRead(_:promptLength:stop:padding:),
      "forgets the mask": Mutants8_3.forgetsTheMask(_:promptLength:stop:padding:),
      "trains the prompt": Mutants8_3.trainsThePrompt(_:promptLength:stop:padding:),
      "drops the stop token": Mutants8_3.dropsTheStop(_:promptLength:stop:padding:),
      "goes on": Mutants8_3.goesOn(_:promptLength:stop:padding:),
      "trains padding": Mutants8_3.trainsPadding(_:promptLength:stop:padding:),
      "stops in the prompt": Mutants8_3.stopsInThePrompt(_:promptLength:stop:padding:),
    ]
  ) { answer in
    // 9 stops, 0 is padding.
    let plain = try answer([5, 6, 7, 3, 4, 9, 0, 0], 3, 9, 0)
    try demand(
      plain.targets == [6, 7, 3, 4, 9, 0, 0],
      "Row 0 has read token 0. Which token does it predict? (found \(plain.targets))")
    try demand(plain.weights.count == 7, "How many rows predict a token that is known?")
    try demand(plain.weights[2] == 1, "Which row predicts the first token of the response?")
    try demand(plain.weights[4] == 1, "From which row would the model learn to stop?")
    try demand(
      plain.weights[..<2].allSatisfy { $0 == 0 },
      "Rows 0 and 1 predict tokens that nobody sampled. What is their weight?")
    try demand(plain.weights == [0, 0, 1, 1, 1, 0, 0], "Which tokens follow the stop token?")

    try demand(
      answer([5, 6, 3, 9, 4, 9], 2, 9, 0).weights == [0, 1, 1, 0, 0],
      "Two stop tokens in a response: where does it end?")
    try demand(
      answer([5, 6, 3, 4, 0], 2, 9, 0).weights == [0, 1, 1, 0],
      "This response was cut short. Is padding a part of it?")
    try demand(
      answer([5, 9, 6, 3, 9, 0], 3, 9, 0).weights == [0, 0, 1, 1, 0],
      "A stop token in the prompt: whose end is it?")
    try demand(
      answer([5, 9], 1, 9, 0).weights == [1], "Is a response that only stops a response?")
    try demand(answer([5, 3, 4], 1, 9, 0).weights == [1, 1], "Is the last token trained?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
