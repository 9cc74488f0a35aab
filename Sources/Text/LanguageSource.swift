import Foundation
import Tensors

/// A source of random programs in which every statement goes on from the newest value.
///
/// Statement i writes register i mod 4. Its newest operand is the register written last (`x` for the first
/// statement), the other is a digit, the input, the newest again or the one written before it. The list
/// of statements at a place never depends on what came before, so the entropies add.
package enum ProgramSource {
  /// All statements that may stand at a place, with whole-number weights; no two print alike.
  package static func statements(at place: Int) -> [(weight: Int, statement: Program.Statement)]
  {
    let newest: Program.Operand =
      place == 0 ? .input : .register(Program.Register((place - 1) % 4))
    var others: [(weight: Int, operand: Program.Operand)] = (1...9).map { (1, .digit($0)) }
    if place > 0 { others.append((3, .input)) }
    if place > 1 { others.append((6, .register(Program.Register((place - 2) % 4)))) }

    let target = Program.Register(place % 4)
    var list: [(weight: Int, statement: Program.Statement)] = []
    func add(
      _ weight: Int, _ left: Program.Operand, _ name: Program.Operation,
      _ right: Program.Operand
    ) {
      let statement = Program.Statement(
        target: target, left: left, operation: name, right: right)
      list.append((weight, statement))
    }
    for (weight, other) in others {
      add(4 * weight, newest, .plus, other)
      add(3 * weight, newest, .minus, other)
      add(weight, other, .minus, newest)
      add(3 * weight, newest, .times, other)
      add(weight, newest, .maximum, other)
    }
    add(8, newest, .plus, newest)
    add(8, newest, .times, newest)
    return list
  }

  /// Draws a program of the given length and books the surprise.
  static func program(
    statements count: Int, draft: inout Draft, using generator: inout some RandomNumberGenerator
  ) -> Program {
    insist(count > 0, "a program has at least one statement")
    let chosen = (0..<count).map { place in
      let list = statements(at: place)
      return list[draft.choose(weights: list.map(\.weight), using: &generator)].statement
    }
    return Program(statements: chosen, result: Program.Register((count - 1) % 4))
  }

  /// The entropy of a program of the given length.
  static func bits(statements count: Int) -> Double {
    (0..<count).map { EntropyRate.entropy(ofWeights: statements(at: $0).map(\.weight)) }.reduce(
      0, +)
  }

  /// The mean bytes of a line without steps, and of the steps.
  static func lengths(statements count: Int) -> (Double, steps: Double?) {
    let question = "Q: out  x=0 A: ".utf8.count + 6 * count + 2
    let fixed = "a=+=".utf8.count * count + (count - 1)
    let digits = ProgramDigits(statements: count)
    return (Double(question) + digits.result, steps: Double(fixed) + digits.trace)
  }
}

/// The mean number of digits in a trace, by following the distribution of the two newest values.
///
/// Those two and the input are all that a statement of `ProgramSource` can read, so they are the state:
/// 10 · 100 · 100 chances, moved on once a statement. Nothing is sampled.
struct ProgramDigits {
  /// Mean digits of all operands and values in the trace.
  private(set) var trace = 0.0
  /// Mean digits of the result.
  private(set) var result = 0.0

  init(statements count: Int) {
    for x in 0..<10 {
      var chances = [Double](repeating: 0, count: 10_000)  // [newest, the one before]
      chances[x * 100] = 0.1
      for place in 0..<count {
        chances = advance(chances, x: x, place: place, isLast: place == count - 1)
      }
    }
  }

  private mutating func advance(_ chances: [Double], x: Int, place: Int, isLast: Bool)
    -> [Double]
  {
    let list = ProgramSource.statements(at: place)
    let total = Double(list.map(\.weight).reduce(0, +))
    var next = [Double](repeating: 0, count: chances.count)
    for (state, chance) in chances.enumerated() where chance > 0 {
      let (newest, older) = (state / 100, state % 100)
      func value(_ operand: Program.Operand) -> Int {
        switch operand {
        case .digit(let digit): digit
        case .input: x
        case .register(let register): register.number == (place + 3) % 4 ? newest : older
        }
      }
      for (weight, statement) in list {
        let part = chance * Double(weight) / total
        let (left, right) = (value(statement.left), value(statement.right))
        let outcome = statement.operation(left, right)
        trace += part * Double(digits(left) + digits(right) + digits(outcome))
        if isLast { result += part * Double(digits(outcome)) }
        next[outcome * 100 + newest] += part
      }
    }
    return next
  }

  private func digits(_ value: Int) -> Int { value < 10 ? 1 : 2 }
}
