/// Normalisation by the root mean square, with a weight for each column.
public struct RMSNorm: Module {
  /// w, one entry for each column; all ones at first.
  public let weight: Parameter
  /// ε, added under the root so that a row of zeros stays one.
  public let epsilon: Float

  /// Creates the normalisation.
  public init(width: Int, epsilon: Float) {
    weight = Parameter(Tensor(repeating: 1, shape: [width]))
    self.epsilon = epsilon
  }

  /// The weight under its checkpoint name.
  public var parts: KeyValuePairs<String, any Part> { ["weight": weight] }

  /// Normalises each row.
  public func callAsFunction(_ x: Variable) -> Variable {
    x.rmsNorm(weight: x.tape[weight], epsilon: epsilon)
  }
}
