import Tensors

/// Three linear maps and a gate: down(silu(gate(x)) ∘ up(x)).
public struct SwiGLUFeedForward: FeedForward {
  package let gate, up, down: Linear

  /// Creates the layer with normally distributed weights.
  public init(
    width: Int, hidden: Int, deviation: Float, outputDeviation: Float,
    using generator: inout some RandomNumberGenerator
  ) {
    gate = Linear(from: width, to: hidden, deviation: deviation, using: &generator)
    up = Linear(from: width, to: hidden, deviation: deviation, using: &generator)
    down = Linear(from: hidden, to: width, deviation: outputDeviation, using: &generator)
  }

  /// Joins three maps.
  package init(gate: Linear, up: Linear, down: Linear) {
    (self.gate, self.up, self.down) = (gate, up, down)
  }

  /// The weights under their checkpoint names.
  public var parts: KeyValuePairs<String, any Part> {
    ["gate_proj": gate, "up_proj": up, "down_proj": down]
  }

  /// Transforms each row.
  public func callAsFunction(_ x: Variable, in pass: Pass) -> Variable {
    let gated = x.tape.products.linear(x, [gate, up])
    return down(gated[0].swiGLU(gated[1]))
  }
}
