import Foundation

/// Functions of one variable, applied to every entry.
extension Variable {
  /// The exponential y = eˣ, with x̄ = ȳ y.
  public func exp() -> Variable {
    let result = value.exponentials()
    return tape.record("exp", result, from: [self]) { upstream in
      [.later { upstream * result }]
    }
  }

  /// The natural logarithm y = ln x, with x̄ = ȳ / x.
  public func log() -> Variable {
    let x = value
    return tape.record("log", x.mapped { Foundation.log($0) }, from: [self]) { upstream in
      [.later { upstream / x }]
    }
  }

  /// The square root y = √x, with x̄ = ȳ / 2y.
  public func squareRoot() -> Variable {
    let result = value.mapped { $0.squareRoot() }
    return tape.record("squareRoot", result, from: [self]) { upstream in
      [.later { upstream.combined(with: result, "squareRoot") { 0.5 * $0 / $1 } }]
    }
  }

  /// The square y = x², with x̄ = 2 ȳ x.
  public func squared() -> Variable {
    let x = value
    return tape.record("square", x.mapped { $0 * $0 }, from: [self]) { upstream in
      [.later { upstream.combined(with: x, "square") { 2 * $0 * $1 } }]
    }
  }

  /// The logistic function y = σ(x) = 1 / (1 + e⁻ˣ), with x̄ = ȳ y (1 − y).
  public func sigmoid() -> Variable {
    let result = value.sigmoids()
    return tape.record("sigmoid", result, from: [self]) { upstream in
      [.later { upstream.combined(with: result, "sigmoid") { $0 * $1 * (1 - $1) } }]
    }
  }

  /// The sigmoid linear unit y = x σ(x), with x̄ = ȳ σ(x) (1 + x (1 − σ(x))).
  public func silu() -> Variable {
    let x = value
    return tape.record("silu", x.silus(), from: [self]) { upstream in
      [.later { x.siluShare(of: upstream) }]
    }
  }

  /// The larger of x and zero; the gradient passes where x > 0.
  public func relu() -> Variable {
    let x = value
    return tape.record("relu", x.mapped { $0 < 0 ? 0 : $0 }, from: [self]) { upstream in
      [.later { upstream.combined(with: x, "relu") { $1 > 0 ? $0 : 0 } }]
    }
  }

  /// The entries held within limits; the gradient passes where x lies within them.
  public func clamped(to limits: ClosedRange<Float>) -> Variable {
    let x = value
    let (low, high) = (limits.lowerBound, limits.upperBound)
    let result = x.mapped { $0 < low ? low : $0 > high ? high : $0 }
    return tape.record("clamp", result, from: [self]) { upstream in
      [.later { upstream.combined(with: x, "clamp") { $1 < low || $1 > high ? 0 : $0 } }]
    }
  }
}
