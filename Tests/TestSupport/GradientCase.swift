import Tensors
import Testing

/// One check of an operation: its value and its gradient against a plain twin in Double.
///
/// The twin computes the same function on lists of numbers. Its values check the forward; its
/// central differences check what the tape returns. A case is a few lines:
///
///     GradientCase("multiply", of: .test(2, 3), .test(2, 3)) {
///       $0[0] * $0[1]
///     } twin: { x in zip(x[0], x[1]).map { $0 * $1 } }
public struct GradientCase: Sendable, CustomTestStringConvertible {
  /// The operands of the operation, all of them parameters.
  public struct Operands {
    /// Where the operation is recorded.
    public let tape: Tape
    /// The inputs, for operations that take a parameter.
    public let parameters: [Parameter]

    /// One input on the tape.
    public subscript(index: Int) -> Variable { tape[parameters[index]] }
  }

  /// The name under which the operation records itself.
  public let operation: String
  /// What this case is about, when an operation has several.
  public let note: String
  let inputs: [Tensor]
  let tolerance: Tolerance
  let body: @Sendable (Operands) -> Variable
  let twin: @Sendable ([[Double]]) -> [Double]

  /// Creates a case from inputs, the operation on variables, and its twin on lists of numbers.
  public init(
    _ operation: String, _ note: String = "", of inputs: Tensor...,
    tolerance: Tolerance = .gradient, body: @escaping @Sendable (Operands) -> Variable,
    twin: @escaping @Sendable ([[Double]]) -> [Double]
  ) {
    self.init(
      operation, note, of: inputs, tolerance: tolerance, body: body, twin: twin)
  }

  /// Creates a case from a list of inputs.
  public init(
    _ operation: String, _ note: String = "", of inputs: [Tensor],
    tolerance: Tolerance = .gradient, body: @escaping @Sendable (Operands) -> Variable,
    twin: @escaping @Sendable ([[Double]]) -> [Double]
  ) {
    self.operation = operation
    self.note = note
    self.inputs = inputs
    self.tolerance = tolerance
    self.body = body
    self.twin = twin
  }

  /// The name of the case in a test report.
  public var testDescription: String { note.isEmpty ? operation : "\(operation), \(note)" }

  /// Expects the operation to agree with its twin.
  public func check(sourceLocation: SourceLocation = #_sourceLocation) {
    for complaint in complaints() {
      Issue.record("\(testDescription): \(complaint)", sourceLocation: sourceLocation)
    }
  }

  /// Runs the operation and compares its value and its gradients with the twin.
  package func complaints() -> [String] {
    let operands = Operands(tape: Tape(), parameters: inputs.map { Parameter($0) })
    let y = body(operands)
    let x = inputs.map(\.doubles)
    var complaints: [String] = []
    if !operands.tape.operations.contains(operation) {
      complaints.append("recorded only \(operands.tape.operations)")
    }
    if let error = worstError(y.value.scalars, twin(x), shape: y.shape, tolerance) {
      complaints.append("value: \(error)")
    }
    let weights = Tensor.test(shape: y.shape, seed: 99)
    let gradients = operands.tape.gradients(of: y, upstream: weights).now()
    for (index, parameter) in operands.parameters.enumerated() {
      guard let gradient = gradients[parameter], gradient.shape == parameter.shape else {
        complaints.append("input \(index) has no gradient of its shape")
        continue
      }
      let expected = differences(x, index, weights.doubles)
      if let error = worstError(
        gradient.scalars, expected, shape: gradient.shape, tolerance)
      {
        complaints.append("gradient of input \(index): \(error)")
      }
    }
    return complaints
  }

  /// The central differences of Σ weight · twin(x) along each entry of one input.
  private func differences(_ x: [[Double]], _ index: Int, _ weights: [Double]) -> [Double] {
    let step = 1e-5
    return x[index].indices.map { place in
      let loss: (Double) -> Double = { shift in
        var moved = x
        moved[index][place] += shift
        return zip(weights, twin(moved)).reduce(0.0) { $0 + $1.0 * $1.1 }
      }
      return (loss(step) - loss(-step)) / (2 * step)
    }
  }
}

/// A list of gradient cases, one after the other without commas.
///
/// The compiler checks the lines of a builder one by one; a long array literal of closures is too
/// much for it.
@resultBuilder public enum GradientCaseList {
  /// Joins the cases.
  public static func buildBlock(_ cases: [GradientCase]...) -> [GradientCase] {
    cases.flatMap { $0 }
  }
  /// Takes one case.
  public static func buildExpression(_ one: GradientCase) -> [GradientCase] { [one] }
  /// Takes several cases.
  public static func buildExpression(_ several: [GradientCase]) -> [GradientCase] { several }
}

/// A list of numbers given by a formula for the number at each index, for the twins of cases.
public func table(_ count: Int, _ entry: (Int) -> Double) -> [Double] {
  (0..<count).map { entry($0) }
}

/// A list cut into runs of one length, as rows of a matrix.
public func rows(_ numbers: [Double], of width: Int) -> [[Double]] {
  stride(from: 0, to: numbers.count, by: width).map { Array(numbers[$0..<($0 + width)]) }
}
