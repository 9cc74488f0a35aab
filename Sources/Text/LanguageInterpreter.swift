/// Running a program, with and without telling.
extension Program {
  /// Runs the program on an input and returns its result.
  ///
  /// Both are in 0…99; the input is taken modulo 100.
  public func run(x: Int) -> Int {
    var registers = Registers(x: x)
    for statement in statements { registers.execute(statement) }
    return registers.values[result.number]
  }

  /// Tells every statement with its values: `a=4+3=7;b=7*2=14`.
  public func trace(x: Int) -> String {
    steps(x: x).map { "\($0)" }.joined(separator: ";")
  }

  /// Runs the program on an input and keeps what every statement did.
  public func steps(x: Int) -> [Step] {
    var registers = Registers(x: x)
    return statements.map { statement in
      Step(
        target: statement.target, left: registers.value(of: statement.left),
        operation: statement.operation, right: registers.value(of: statement.right),
        value: registers.execute(statement))
    }
  }

  /// A statement with its values, as it was executed.
  public struct Step: Sendable, Hashable, CustomStringConvertible {
    /// The register that received the value.
    public let target: Register
    /// The value of the left operand.
    public let left: Int
    /// What was done.
    public let operation: Operation
    /// The value of the right operand.
    public let right: Int
    /// The result.
    public let value: Int

    /// Describes a step, whether or not its arithmetic is right.
    package init(target: Register, left: Int, operation: Operation, right: Int, value: Int) {
      (self.target, self.left, self.operation) = (target, left, operation)
      (self.right, self.value) = (right, value)
    }

    /// The step as a trace shows it: `b=7*2=14`.
    public var description: String { "\(target)=\(left)\(operation.rawValue)\(right)=\(value)" }
  }

  /// Whether two one-digit inputs give different results; asking for an input is free where none do.
  public var dependsOnInput: Bool {
    let first = run(x: 0)
    return (1..<10).contains { run(x: $0) != first }
  }

  /// The same program with its registers renamed in the order of first appearance.
  ///
  /// Two programs that differ in names only have the same canonical form, so a held-out program cannot
  /// return under another name.
  public var canonical: Program {
    var names: [Register: Register] = [:]
    func renamed(_ register: Register) -> Register {
      if let name = names[register] { return name }
      let name = Register(names.count)
      names[register] = name
      return name
    }
    func renamed(_ operand: Operand) -> Operand {
      guard case .register(let register) = operand else { return operand }
      return .register(renamed(register))
    }
    let renamedStatements = statements.map { statement in
      let left = renamed(statement.left)
      let right = renamed(statement.right)
      return Statement(
        target: renamed(statement.target), left: left, operation: statement.operation,
        right: right)
    }
    return Program(statements: renamedStatements, result: renamed(result))
  }
}

/// The memory of a run.
private struct Registers {
  var values = [0, 0, 0, 0]
  let x: Int

  init(x: Int) { self.x = (x % 100 + 100) % 100 }

  func value(of operand: Program.Operand) -> Int {
    switch operand {
    case .register(let register): values[register.number]
    case .input: x
    case .digit(let digit): digit
    }
  }

  @discardableResult
  mutating func execute(_ statement: Program.Statement) -> Int {
    let value = statement.operation(value(of: statement.left), value(of: statement.right))
    values[statement.target.number] = value
    return value
  }
}
