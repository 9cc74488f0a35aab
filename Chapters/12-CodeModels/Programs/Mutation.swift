import Tensors
import Text

extension Program {
  /// The one-digit inputs on which two programs are compared.
  public static let trialInputs = 0..<10

  /// Whether two programs give the same results on all inputs of one digit.
  public func behaves(like other: Program) -> Bool {
    Self.trialInputs.allSatisfy { run(x: $0) == other.run(x: $0) }
  }

  /// Plants a bug: one operation or one operand of one statement becomes another.
  ///
  /// The change shows in the result for some one-digit input; nil if none was found in a hundred
  /// tries, as when all of a program hangs on its last statement.
  public func withBug(using generator: inout some RandomNumberGenerator) -> Program? {
    for _ in 0..<100 {
      var changed = statements
      let place = Draw.below(changed.count, using: &generator)
      let written = Set(changed[..<place].map(\.target.number)).sorted()
      changed[place] = changed[place].changed(
        written: written.map { .register(Register($0)) }, using: &generator)
      let broken = Program(statements: changed, result: result)
      if !broken.behaves(like: self) { return broken }
    }
    return nil
  }
}

extension Program.Statement {
  /// The same statement with another operation or, twice as often, another operand.
  fileprivate func changed(
    written: [Program.Operand], using generator: inout some RandomNumberGenerator
  ) -> Program.Statement {
    /// A digit becomes another digit; a register or the input becomes a small digit, the input,
    /// or a register that an earlier statement has written.
    func other(than operand: Program.Operand) -> Program.Operand {
      var choices = (1...9).map { Program.Operand.digit($0) }
      if case .digit = operand {} else { choices = written + [.input] + choices.prefix(3) }
      choices.removeAll { $0 == operand }
      return choices[Draw.below(choices.count, using: &generator)]
    }
    switch Draw.below(3, using: &generator) {
    case 0:
      let others = Program.Operation.allCases.filter { $0 != operation }
      return Program.Statement(
        target: target, left: left,
        operation: others[Draw.below(others.count, using: &generator)], right: right)
    case 1:
      return Program.Statement(
        target: target, left: other(than: left), operation: operation, right: right)
    default:
      return Program.Statement(
        target: target, left: left, operation: operation, right: other(than: right))
    }
  }
}
