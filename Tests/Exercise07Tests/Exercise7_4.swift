import DualPipe
import ExerciseKit
import Exercises07
import Solutions07
import TestSupport
import Testing

@Suite struct `Exercise 7.4` {
  typealias Work = (missing: [Chunk], longest: Int, isInOrder: Bool)

  static let exercise = Exercise<@Sendable ([DualPipe.Operation]) throws -> Work>(
    "7.4", yours: Exercises07.weightWork, solution: Solutions07.weightWork,
    mutants: [
      "defers all": Mutants7_4.defersAll,
      "looks at the end": Mutants7_4.looksAtTheEnd,
      "takes any order": Mutants7_4.takesAnyOrder,
      "only counts": Mutants7_4.onlyCounts,
    ]
  ) { answer in
    let chunks = (0..<4).map { Chunk(stage: 0, microBatch: $0) }
    // What the first of two ranks does last, under DualPipe.
    let good: [DualPipe.Operation] = [
      .forward(chunks[3]), .pair(forward: chunks[0], backward: chunks[0]),
      .inputs(chunks[1]), .inputs(chunks[2]), .weights(chunks[1]), .inputs(chunks[3]),
      .weights(chunks[2]), .weights(chunks[3]),
    ]
    try demand(
      answer(good) == (missing: [], longest: 2, isInOrder: true),
      "Which operations leave a weight half behind? And when do most of them wait?")
    try demand(
      answer(good.filter { $0 != .weights(chunks[2]) }).missing == [chunks[2]],
      "Which chunk had its inputs' half and no weights' half?")
    try demand(
      answer(good.filter { $0 != .weights(chunks[3]) })
        == (missing: [chunks[3]], longest: 2, isInOrder: true),
      "What waits when the plan is over?")
    var swapped = good
    swapped.swapAt(6, 7)
    try demand(
      answer(swapped) == (missing: [], longest: 2, isInOrder: false),
      "Chunk 3 came after chunk 2. Did it wait its turn?")
    try demand(
      answer([.backward(chunks[0]), .weights(chunks[0])]).isInOrder == false,
      "Who left the half that is taken here?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
