import Tensors

/// The tasks themselves: from numbers to question, steps and answer.
extension TaskItem {
  /// Adds two numbers column by column from the right: `7+8+0=15;5+6+1=12`, the carry last.
  public static func addition(_ left: Int, _ right: Int) -> TaskItem {
    insist(
      left >= 0 && right >= 0, "\(left)+\(right): the columns are those of whole numbers")
    var steps: [String] = []
    var rest = (left, right)
    var carry = 0
    repeat {
      let sum = rest.0 % 10 + rest.1 % 10 + carry
      steps.append("\(rest.0 % 10)+\(rest.1 % 10)+\(carry)=\(sum)")
      carry = sum / 10
      rest = (rest.0 / 10, rest.1 / 10)
    } while rest != (0, 0)
    return TaskItem(
      kind: .addition, prompt: "\(left)+\(right)", steps: steps.joined(separator: ";"),
      answer: "\(left + right)")
  }

  /// Sums digits modulo ten; every step shows a digit and the sum so far: `33 70 11 90`.
  ///
  /// The pairs make each step local, which small models need: sums alone were not learnt.
  public static func digitSum(_ digits: [Int]) -> TaskItem {
    let sums = running(digits, modulo: 10)
    return TaskItem(
      kind: .digitSum, prompt: "\(joined(digits))+", steps: pairs(digits, sums),
      answer: "\(sums.last ?? 0)")
  }

  /// Tells whether the number of ones is odd; every step shows a bit and the parity so far.
  public static func parity(_ bits: [Int]) -> TaskItem {
    let sums = running(bits, modulo: 2)
    return TaskItem(
      kind: .parity, prompt: "p\(joined(bits))", steps: pairs(bits, sums),
      answer: "\(sums.last ?? 0)")
  }

  /// Multiplies by the digits of the second number from the right: `6*34=204;5*34=170;204+1700=1904`.
  ///
  /// A second number of one digit needs no steps.
  public static func multiplication(_ left: Int, _ right: Int) -> TaskItem {
    insist(left >= 0 && (0..<100).contains(right), "\(left)*\(right): at most two digits")
    let (tens, ones) = (right / 10, right % 10)
    let low = ones * left
    let high = tens * left
    let steps =
      "\(ones)*\(left)=\(low);\(tens)*\(left)=\(high);\(low)+\(high * 10)=\(left * right)"
    return TaskItem(
      kind: .multiplication, prompt: "\(left)*\(right)", steps: tens == 0 ? nil : steps,
      answer: "\(left * right)")
  }

  /// Divides and keeps what is left: `57%7` by `7*8=56;57-56=1`.
  public static func remainder(_ number: Int, _ divisor: Int) -> TaskItem {
    insist(number >= 0 && divisor > 0, "\(number)%\(divisor): the divisor must be positive")
    let times = number / divisor
    let left = number % divisor
    let steps = "\(divisor)*\(times)=\(divisor * times);\(number)-\(divisor * times)=\(left)"
    return TaskItem(
      kind: .remainder, prompt: "\(number)%\(divisor)", steps: steps, answer: "\(left)")
  }

  /// Sorts digits.
  public static func sorting(_ digits: [Int]) -> TaskItem {
    TaskItem(
      kind: .sorting, prompt: "s\(joined(digits))", steps: nil, answer: joined(digits.sorted()))
  }

  /// Copies digits.
  public static func copying(_ digits: [Int]) -> TaskItem {
    TaskItem(kind: .copying, prompt: "c\(joined(digits))", steps: nil, answer: joined(digits))
  }

  /// Writes digits backwards.
  public static func reversal(_ digits: [Int]) -> TaskItem {
    TaskItem(
      kind: .reversal, prompt: "r\(joined(digits))", steps: nil,
      answer: joined(digits.reversed()))
  }

  /// Runs a program on an input.
  public static func output(of program: Program, x: Int) -> TaskItem {
    TaskItem(
      kind: .output, prompt: "out \(program) x=\(x)", steps: program.trace(x: x),
      answer: "\(program.run(x: x))")
  }

  private static func joined(_ digits: [Int]) -> String { digits.map(String.init).joined() }

  private static func running(_ digits: [Int], modulo base: Int) -> [Int] {
    var sum = 0
    return digits.map { digit in
      sum = (sum + digit) % base
      return sum
    }
  }

  private static func pairs(_ digits: [Int], _ sums: [Int]) -> String {
    zip(digits, sums).map { "\($0)\($1)" }.joined(separator: " ")
  }
}
