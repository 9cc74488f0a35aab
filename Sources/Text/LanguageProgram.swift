import Tensors

/// A straight-line program over four registers, every run of which ends.
///
/// ```
/// program := statement (";" statement)* ";" "r" variable
/// statement := variable "=" operand operation operand
/// variable := a | b | c | d        operand := variable | x | digit
/// operation := + | - | * | m       all modulo 100; m is the larger of the two
/// ```
/// Registers start at zero; `x` is the input.
public struct Program: Sendable, Hashable, CustomStringConvertible {
  /// The four operations; results stay within 0…99.
  public enum Operation: String, CaseIterable, Sendable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case maximum = "m"

    /// Applies the operation to numbers in 0…99.
    public func callAsFunction(_ left: Int, _ right: Int) -> Int {
      switch self {
      case .plus: (left + right) % 100
      case .minus: (left - right + 100) % 100
      case .times: left * right % 100
      case .maximum: max(left, right)
      }
    }
  }

  /// One of the registers a, b, c and d, by its number.
  public struct Register: Sendable, Hashable {
    /// 0…3.
    public let number: Int
    package init(_ number: Int) {
      insist((0..<4).contains(number), "register \(number): there are four")
      self.number = number
    }
  }

  /// What an operation is applied to.
  public enum Operand: Sendable, Hashable {
    /// The value of a register.
    case register(Register)
    /// The input, `x`.
    case input
    /// A number of one digit.
    case digit(Int)
  }

  /// One assignment.
  public struct Statement: Sendable, Hashable {
    /// The register that receives the value.
    public let target: Register
    /// The left operand.
    public let left: Operand
    /// What is done.
    public let operation: Operation
    /// The right operand.
    public let right: Operand

    /// Joins the four parts.
    package init(target: Register, left: Operand, operation: Operation, right: Operand) {
      (self.target, self.left) = (target, left)
      (self.operation, self.right) = (operation, right)
    }
  }

  /// The assignments in order; at least one.
  public let statements: [Statement]
  /// The register whose value is the result.
  public let result: Register

  /// Joins statements, of which there is at least one, and the register that tells the result.
  package init(statements: [Statement], result: Register) {
    insist(!statements.isEmpty, "Program: there must be a statement")
    (self.statements, self.result) = (statements, result)
  }

  /// The program as text that the parser reads back to an equal program.
  public var description: String {
    statements.map { "\($0);" }.joined() + "r\(result)"
  }
}

extension Program.Register: CustomStringConvertible {
  /// The letter.
  public var description: String { ["a", "b", "c", "d"][number] }
}

extension Program.Operand: CustomStringConvertible {
  /// A letter or a digit.
  public var description: String {
    switch self {
    case .register(let register): register.description
    case .input: "x"
    case .digit(let digit): "\(digit)"
    }
  }
}

extension Program.Statement: CustomStringConvertible {
  /// Five letters, as in `b=a*2`.
  public var description: String { "\(target)=\(left)\(operation.rawValue)\(right)" }
}
