import ExerciseKit
import Exercises11
import Solutions11
import TestSupport
import Testing

@Suite struct `Exercise 11.2` {
  typealias Answer =
    @Sendable (_ thought: String?, _ isGreek: Bool, _ isRight: Bool, _ weight: Double) throws
    -> Double

  static let exercise = Exercise<Answer>(
    "11.2", yours: Exercises11.payment(thought:isGreek:isRight:weight:),
    solution: Solutions11.payment(thought:isGreek:isRight:weight:),
    mutants: [
      "counts signs": Mutants11_2.countsSigns(thought:isGreek:isRight:weight:),
      "counts letters": Mutants11_2.countsLetters(thought:isGreek:isRight:weight:),
      "splits at spaces": Mutants11_2.splitsAtSpaces(thought:isGreek:isRight:weight:),
      "joins words": Mutants11_2.joinsWords(thought:isGreek:isRight:weight:),
      "praises silence": Mutants11_2.praisesSilence(thought:isGreek:isRight:weight:),
      "divides by nothing": Mutants11_2.dividesByNothing(thought:isGreek:isRight:weight:),
      "pays the fluent": Mutants11_2.paysTheFluent(thought:isGreek:isRight:weight:),
      "wants Latin": Mutants11_2.wantsLatin(thought:isGreek:isRight:weight:),
      "wants all": Mutants11_2.wantsAll(thought:isGreek:isRight:weight:),
      "weighs all": Mutants11_2.weighsAll(thought:isGreek:isRight:weight:),
    ]
  ) { answer in
    func demandPaid(
      _ thought: String?, isGreek: Bool = false, isRight: Bool = true, weight: Double = 0.5,
      _ wanted: Double, _ hint: String
    ) throws {
      let found = try answer(thought, isGreek, isRight, weight)
      try demandClose(
        found, wanted, within: 1e-12, "\(hint) The thought was \(thought ?? "nil").")
    }
    try demandPaid("so the sum is even", 1.5, "Five Latin words and none else: what share?")
    try demandPaid("12 + 30 = 42, so even", 1.5, "Are digits and signs words of any language?")
    try demandPaid("so αρα even", 1 + 0.5 * 2 / 3, "Two words of three are Latin.")
    try demandPaid(
      "a αβγδεζηθ", 1.25, "One word of each alphabet: does a long word count for more?")
    try demandPaid("abγ", 1.25, "Where the alphabet changes, how many words are there?")
    try demandPaid(
      "ab ab γ", 1 + 0.5 * 2 / 3, "A space ends a word. How many Latin ones are there?")
    try demandPaid("a1b2c γ", 1 + 0.5 * 3 / 4, "Does a digit end a word?")
    try demandPaid("so αρα even", isGreek: true, 1 + 0.5 / 3, "Now the question was in Greek.")
    try demandPaid("ως", isGreek: true, 1.5, "Is ς at the end of a word a letter, from α to ω?")
    try demandPaid(nil, 1, "There is no thought. Is it a pure one?")
    try demandPaid("", 1, "An empty thought: what would reinforcement make of a share of 1?")
    try demandPaid("12 + 30", 1, "A thought without words: what is 0 of 0 here?")
    try demandPaid(
      "so the sum is odd", isRight: false, 0, "Fluent and wrong: does the gate hold?")
    try demandPaid("so αρα", weight: 0.2, 1.1, "What is multiplied by the weight?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
