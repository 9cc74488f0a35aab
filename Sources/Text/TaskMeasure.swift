import Foundation
import Tensors

/// The exact entropy and mean length of a line of tasks.
extension TaskSource {
  /// Answers and steps follow from the question, so only questions (and whether steps are shown) cost bits.
  var lineRate: EntropyRate {
    .mixture(
      entries.map { entry in
        (weight: entry.weight, rate: Self.rate(entry.kind, size: entry.size))
      })
  }

  /// The rate of one family in one size.
  package static func rate(_ kind: TaskKind, size: Int) -> EntropyRate {
    let (question, steps) = lengths(kind, size: size)
    var rate = EntropyRate(bits: questionBits(kind, size: size), bytes: question)
    if let steps {
      let shown = [4 - workedQuarters, workedQuarters]
      rate.bits += EntropyRate.entropy(ofWeights: shown)
      rate.bytes += Double(workedQuarters) / 4 * (steps + Double(" think: ".utf8.count))
    }
    return rate
  }

  private static func questionBits(_ kind: TaskKind, size: Int) -> Double {
    let choices = log2(Double(numbers(digits: size).count))
    switch kind {
    case .addition, .multiplication: return 2 * choices
    case .remainder: return choices + log2(Double(divisors.count))
    case .parity: return Double(size)
    case .digitSum, .sorting, .copying, .reversal: return Double(size) * log2(10.0)
    case .output: return ProgramSource.bits(statements: size) + log2(10.0)
    }
  }

  /// The mean bytes of a line without steps, and of the steps.
  private static func lengths(_ kind: TaskKind, size: Int) -> (Double, steps: Double?) {
    let zeros = [Int](repeating: 0, count: size)
    switch kind {
    case .addition: return additionLengths(digits: size)
    case .multiplication:
      return meanLengths(size, numbers(digits: size), TaskItem.multiplication)
    case .remainder: return meanLengths(size, divisors, TaskItem.remainder)
    case .digitSum: return lengths(of: .digitSum(zeros))
    case .parity: return lengths(of: .parity(zeros))
    case .sorting: return lengths(of: .sorting(zeros))
    case .copying: return lengths(of: .copying(zeros))
    case .reversal: return lengths(of: .reversal(zeros))
    case .output: return ProgramSource.lengths(statements: size)
    }
  }

  /// For families in which every question of a size is written with equally many letters.
  private static func lengths(of item: TaskItem) -> (Double, steps: Double?) {
    (Double(item.line(worked: false).utf8.count), item.steps.map { Double($0.utf8.count) })
  }

  /// For families small enough to write out every question.
  private static func meanLengths(
    _ digits: Int, _ right: Range<Int>, _ make: (Int, Int) -> TaskItem
  ) -> (Double, steps: Double?) {
    let left = numbers(digits: digits)
    var (lines, steps, worked) = (0, 0, 0)
    for first in left {
      for second in right {
        let item = make(first, second)
        lines += item.line(worked: false).utf8.count
        steps += item.steps?.utf8.count ?? 0
        worked += item.steps == nil ? 0 : 1
      }
    }
    let count = left.count * right.count
    insist(worked == 0 || worked == count, "a size must have steps always or never")
    return (Double(lines) / Double(count), worked == 0 ? nil : Double(steps) / Double(count))
  }

  /// Walks the columns from the right, with the chance of a carry as the only memory.
  private static func additionLengths(digits: Int) -> (Double, steps: Double?) {
    var carry = 0.0  // chance that the next column receives one
    var steps = Double(8 * digits - 1)  // "7+8+0=5" in every column, ";" between columns
    for column in 0..<digits {
      let lowest = column == digits - 1 && digits > 1 ? 1 : 0
      let values = lowest..<10
      // Pairs of digits that reach ten, without and with a carry coming in.
      var carrying = [0, 0]
      for left in values {
        for right in values {
          carrying[0] += left + right >= 10 ? 1 : 0
          carrying[1] += left + right + 1 >= 10 ? 1 : 0
        }
      }
      let pairs = Double(values.count * values.count)
      carry = (1 - carry) * Double(carrying[0]) / pairs + carry * Double(carrying[1]) / pairs
      steps += carry
    }
    let line = "Q: + A: ".utf8.count + 3 * digits
    return (Double(line) + carry, steps)
  }
}
