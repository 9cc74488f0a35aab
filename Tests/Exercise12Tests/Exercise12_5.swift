import ExerciseKit
import Exercises12
import Solutions12
import TestSupport
import Testing

@Suite struct `Exercise 12.5` {
  static let exercise = Exercise<@Sendable (String) throws -> String>(
    "12.5", yours: Exercises12.canonicalForm, solution: Solutions12.canonicalForm,
    mutants: [
      "keeps names": Mutants12_5.keepsNames,
      "blurs names": Mutants12_5.blursNames,
      "sorts names": Mutants12_5.sortsNames,
      "names targets only": Mutants12_5.namesTargets,
      "names everything": Mutants12_5.namesEverything,
      "replaces one by one": Mutants12_5.replacesOneByOne,
      "sorts statements": Mutants12_5.sortsStatements,
    ]
  ) { form in
    let programs = [
      "a=x+3;b=a*2;rb", "a=x+3;a=a*2;ra", "a=3+x;b=a*2;rb", "a=x+3;b=a*2;ra", "a=b+x;c=dma;rc",
      "a=a+x;c=dma;rc", "a=x+1;b=x+1;c=a+b;d=c-a;rd", "a=x+1;b=x+1;c=a+b;d=c-b;rd",
      "b=x+1;a=b+1;ra", "a=a*2;a=x+3;ra", "a=x+x;ra", "a=b+b;ra", "a=x*2;b=x*3;c=amb;rc",
      "a=x*3;b=x*2;c=bma;rc",
    ]
    let forms = try programs.map(form)
    for (index, one) in programs.enumerated() {
      for names in permutations("abcd") {
        let other = String(one.map { names[$0] ?? $0 })
        try demand(
          try form(other) == forms[index],
          "\(one) and \(other) differ in names only. In which order do you meet the registers?")
      }
      for (otherIndex, other) in programs.enumerated()
      where !permutations("abcd").contains(where: { names in
        String(one.map { names[$0] ?? $0 }) == other
      }) {
        try demand(
          forms[index] != forms[otherIndex],
          "\(one) and \(other) are two programs. What do you lose on the way?")
      }
    }
  }

  /// Every way to give letters other letters of the same set.
  private static func permutations(_ letters: String) -> [[Character: Character]] {
    func orders(_ rest: [Character]) -> [[Character]] {
      rest.isEmpty
        ? [[]]
        : rest.flatMap { first in orders(rest.filter { $0 != first }).map { [first] + $0 } }
    }
    let from = Array(letters)
    return orders(from).map { Dictionary(uniqueKeysWithValues: zip(from, $0)) }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
