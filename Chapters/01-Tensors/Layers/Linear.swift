/// A linear map with an optional bias: y = x · Wᵀ + b.
public struct Linear: Module {
  /// W, one row for each output.
  public let weight: Parameter
  /// b, one entry for each output.
  public let bias: Parameter?

  /// Creates a map with normally distributed weights and a zero bias.
  public init(
    from inputs: Int, to outputs: Int, bias: Bool = false, deviation: Float,
    using generator: inout some RandomNumberGenerator
  ) {
    weight = Parameter(
      .normal(shape: [outputs, inputs], deviation: deviation, using: &generator))
    self.bias = bias ? Parameter(Tensor(shape: [outputs])) : nil
  }

  /// Creates a map from its weights.
  public init(weight: Parameter, bias: Parameter? = nil) {
    self.weight = weight
    self.bias = bias
  }

  /// The weights under their checkpoint names.
  public var parts: KeyValuePairs<String, any Part> { ["weight": weight, "bias": bias] }

  /// Applies the map to each row.
  /// - Shape: [rows…, in] → [rows…, out]
  public func callAsFunction(_ x: Variable) -> Variable {
    x.tape.products.linear(x, [self])[0]
  }
}
