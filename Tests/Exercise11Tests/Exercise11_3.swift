import ExerciseKit
import Exercises11
import Solutions11
import TestSupport
import Testing

@Suite struct `Exercise 11.3` {
  typealias Reply = Mutants11_3.Reply
  typealias Answer =
    @Sendable (
      _ base: [Float], _ policy: [Float], _ replies: [Reply], _ others: Int, _ share: Double
    ) throws -> Mutants11_3.Plan

  static let exercise = Exercise<Answer>(
    "11.3", yours: Exercises11.thirdStage(base:policy:replies:others:share:),
    solution: Solutions11.thirdStage(base:policy:replies:others:share:),
    mutants: [
      "leaves it": Mutants11_3.leavesIt(base:policy:replies:others:share:),
      "starts from the policy": Mutants11_3.startsFromPolicy(base:policy:replies:others:share:),
      "keeps the cut": Mutants11_3.keepsTheCut(base:policy:replies:others:share:),
      "keeps the wrong": Mutants11_3.keepsTheWrong(base:policy:replies:others:share:),
      "keeps the mixed": Mutants11_3.keepsTheMixed(base:policy:replies:others:share:),
      "keeps the foreign": Mutants11_3.keepsTheForeign(base:policy:replies:others:share:),
      "counts signs": Mutants11_3.countsSigns(base:policy:replies:others:share:),
      "keeps silence": Mutants11_3.keepsSilence(base:policy:replies:others:share:),
      "takes the share of reasoning":
        Mutants11_3.takesTheShareOfReasoning(base:policy:replies:others:share:),
      "rounds up": Mutants11_3.roundsUp(base:policy:replies:others:share:),
      "takes too many": Mutants11_3.takesTooMany(base:policy:replies:others:share:),
    ]
  ) { answer in
    let check = Check(answer: answer)
    let good: Reply = (false, "1123=3", true, true)
    try demand(
      try check.plan([good]).start == check.base,
      "Which of the two sets of weights has reinforcement not touched?")
    try check.kept([good, (true, "bbcd=d", true, true)], [0, 1], "Both are good to read.")
    try check.kept([(false, "1124=4", false, true), good], [1], "What does a wrong sum teach?")
    try check.kept(
      [(false, "1123=3", true, false), good], [1], "This one never ended. What would it teach?")
    try check.kept([(false, "11cd=d", true, true), good], [1], "Half of it is in letters.")
    try check.kept(
      [(false, "bbcd=d", true, true), (true, "1123=3", true, true)], [],
      "One tongue each, but is it the question's?")
    try check.kept(
      [(true, "=;=", true, true), (false, "", true, true)], [], "Who says nothing?")
    try check.kept([], [], "Nobody answered.")

    let nine = [Reply](repeating: good, count: 9)
    for (others, share, wanted) in [
      (100, 0.25, 3), (100, 0.5, 9), (100, 0, 0), (100, 0.3, 3), (100, 0.35, 4), (2, 0.25, 2),
    ] {
      let found = try check.plan(nine, others: others, share: share).others
      try demand(
        found == wanted,
        "Nine thoughts, \(others) other texts, and others shall be \(share) of all, rounded down: "
          + "how many are that? (found \(found))")
    }
  }

  private struct Check {
    let answer: Answer
    let base: [Float] = [1, 2, 3]
    let policy: [Float] = [1.5, 2.5, 2]

    func plan(_ replies: [Reply], others: Int = 100, share: Double = 0.25) throws
      -> Mutants11_3.Plan
    {
      try answer(base, policy, replies, others, share)
    }

    func kept(_ replies: [Reply], _ wanted: [Int], _ hint: String) throws {
      let found = try plan(replies).thoughts
      try demand(found == wanted, "\(hint) (found \(found))")
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
