/// One exercise: three kinds of answer and the check that tells them apart.
///
/// An answer is whatever the reader writes: a function, a tuple of functions, or a metatype.
public struct Exercise<Answer: Sendable>: Sendable {
  /// The number in the book, such as "1.2".
  public let number: String
  /// The reader's answer.
  public let yours: Answer
  /// The answer of the book.
  public let solution: Answer
  /// Wrong answers that the check must catch, by what is wrong with them.
  public let mutants: [Mutant]
  private let check: @Sendable (Answer) throws -> Void

  /// A wrong answer, planted to prove that the check notices it.
  public struct Mutant: Sendable {
    /// What is wrong, such as "forgets the shift".
    public let name: String
    /// The wrong answer.
    public let answer: Answer
  }

  /// Creates an exercise.
  ///
  /// The check throws `Wrong` for a wrong answer, through `demand` and `demandClose`, and lets the
  /// answer's own errors through.
  public init(
    _ number: String, yours: Answer, solution: Answer,
    mutants: KeyValuePairs<String, Answer>, check: @escaping @Sendable (Answer) throws -> Void
  ) {
    self.number = number
    self.yours = yours
    self.solution = solution
    self.mutants = mutants.map { Mutant(name: $0.key, answer: $0.value) }
    self.check = check
  }

  /// The names of the mutants, as arguments of a test.
  public var mutantNames: [String] { mutants.map(\.name) }

  /// Checks one answer.
  public func verdict(of answer: Answer) -> Verdict {
    do {
      try check(answer)
      return .right
    } catch is Unfinished {
      return .unfinished
    } catch let error as Wrong {
      return .wrong(hint: error.hint)
    } catch {
      return .failed(error: "\(error)")
    }
  }

  /// Why the proof of the solution fails, or nil.
  ///
  /// The solution must pass, and there must be a mutant that shows what the check can find.
  public var solutionFault: String? {
    let verdict = verdict(of: solution)
    if verdict != .right { return "The solution of exercise \(number) is \(verdict)." }
    return mutants.isEmpty ? "Exercise \(number) needs a mutant." : nil
  }

  /// Why the proof of one mutant fails, or nil; an error other than `Wrong` does not count.
  public func mutantFault(_ name: String) -> String? {
    let named = mutants.filter { $0.name == name }
    guard let mutant = named.first, named.count == 1 else {
      return "Exercise \(number) has \(named.count) mutants named '\(name)'."
    }
    let verdict = verdict(of: mutant.answer)
    if case .wrong = verdict { return nil }
    return "The mutant '\(name)' of exercise \(number) is not caught, but \(verdict)."
  }
}
