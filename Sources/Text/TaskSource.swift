import Tensors

/// A source of random tasks, one a line, with its exact entropy.
public struct TaskSource: Sendable {
  /// One family in one size, with its weight among the others.
  package struct Entry: Sendable {
    package let weight: Int
    package let kind: TaskKind
    /// Digits of each number, length of the string, or statements of the program.
    package let size: Int
  }

  /// Of the tasks that have steps, this many in four show them.
  package static let workedQuarters = 2

  package let entries: [Entry]

  init(entries: [Entry]) { self.entries = entries }

  /// Arithmetic and string tasks, easy ones more often.
  public static let arithmetic = TaskSource(entries: [
    Entry(weight: 4, kind: .addition, size: 1), Entry(weight: 8, kind: .addition, size: 2),
    Entry(weight: 4, kind: .addition, size: 3), Entry(weight: 3, kind: .digitSum, size: 4),
    Entry(weight: 3, kind: .digitSum, size: 6), Entry(weight: 2, kind: .digitSum, size: 8),
    Entry(weight: 2, kind: .parity, size: 4), Entry(weight: 2, kind: .parity, size: 8),
    Entry(weight: 4, kind: .multiplication, size: 1),
    Entry(weight: 4, kind: .multiplication, size: 2),
    Entry(weight: 4, kind: .remainder, size: 2),
    Entry(weight: 2, kind: .sorting, size: 3), Entry(weight: 2, kind: .sorting, size: 5),
    Entry(weight: 2, kind: .copying, size: 5), Entry(weight: 2, kind: .reversal, size: 4),
  ])

  /// Programs of one to four statements.
  public static let programs = TaskSource(entries: [
    Entry(weight: 1, kind: .output, size: 1), Entry(weight: 1, kind: .output, size: 2),
    Entry(weight: 1, kind: .output, size: 3), Entry(weight: 1, kind: .output, size: 4),
  ])

  /// Draws a task of the given family and size, each question of it equally likely.
  ///
  /// Programs are not equally likely: see `ProgramSource`.
  public static func item(
    _ kind: TaskKind, size: Int, using generator: inout some RandomNumberGenerator
  ) -> TaskItem {
    var draft = Draft()
    return item(kind, size: size, draft: &draft, using: &generator)
  }

  /// Writes a line, without its end, and books the surprise.
  func writeLine(to draft: inout Draft, using generator: inout some RandomNumberGenerator) {
    let entry = entries[draft.choose(weights: entries.map(\.weight), using: &generator)]
    let item = Self.item(entry.kind, size: entry.size, draft: &draft, using: &generator)
    var worked = false
    if item.steps != nil {
      let weights = [4 - Self.workedQuarters, Self.workedQuarters]
      worked = draft.choose(weights: weights, using: &generator) == 1
    }
    draft.text += item.line(worked: worked)
  }

  private static func item(
    _ kind: TaskKind, size: Int, draft: inout Draft,
    using generator: inout some RandomNumberGenerator
  ) -> TaskItem {
    func digits(_ base: Int) -> [Int] {
      (0..<size).map { _ in draft.choose(below: base, using: &generator) }
    }
    func number(in range: Range<Int>) -> Int {
      range.lowerBound + draft.choose(below: range.count, using: &generator)
    }
    switch kind {
    case .addition:
      return .addition(number(in: numbers(digits: size)), number(in: numbers(digits: size)))
    case .multiplication:
      return .multiplication(
        number(in: numbers(digits: size)), number(in: numbers(digits: size)))
    case .remainder:
      return .remainder(number(in: numbers(digits: size)), number(in: divisors))
    case .digitSum: return .digitSum(digits(10))
    case .parity: return .parity(digits(2))
    case .sorting: return .sorting(digits(10))
    case .copying: return .copying(digits(10))
    case .reversal: return .reversal(digits(10))
    case .output:
      let program = ProgramSource.program(statements: size, draft: &draft, using: &generator)
      return .output(of: program, x: draft.choose(below: 10, using: &generator))
    }
  }

  /// The whole numbers of so many digits.
  ///
  /// 0–9, 10–99, 100–999 and so on.
  package static func numbers(digits: Int) -> Range<Int> {
    insist((1...9).contains(digits), "numbers have one to nine digits, not \(digits)")
    let bound = (1..<digits).reduce(10) { bound, _ in bound * 10 }
    return (digits == 1 ? 0 : bound / 10)..<bound
  }

  package static let divisors = 2..<10
}
