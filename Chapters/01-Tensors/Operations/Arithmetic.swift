/// Sums, differences, products and quotients, entry by entry.
///
/// Shapes are compared from the last axis on. An axis of size 1, or one that is missing in front,
/// is stretched: a matrix and a row, a matrix and a column, anything and a scalar. What was read
/// several times in the product collects its gradient as a sum over the stretched axes.
extension Tensor {
  /// The sum of two tensors.
  public static func + (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, "add", +) }

  /// The difference of two tensors.
  public static func - (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, "subtract", -) }

  /// The product of two tensors, entry by entry.
  public static func * (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, "multiply", *) }

  /// The quotient of two tensors, entry by entry.
  public static func / (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, "divide", /) }

  /// A multiple of a tensor.
  public static func * (a: Tensor, factor: Float) -> Tensor { a.mapped { $0 * factor } }
}

extension Variable {
  /// The sum of two variables, with ā = ȳ and b̄ = ȳ.
  public static func + (a: Variable, b: Variable) -> Variable {
    let (left, right) = (a.shape, b.shape)
    return a.tape.record("add", a.value + b.value, from: [a, b]) { upstream in
      [.later { upstream.summed(to: left) }, .later { upstream.summed(to: right) }]
    }
  }

  /// The difference of two variables, with ā = ȳ and b̄ = −ȳ.
  public static func - (a: Variable, b: Variable) -> Variable {
    let (left, right) = (a.shape, b.shape)
    return a.tape.record("subtract", a.value - b.value, from: [a, b]) { upstream in
      [.later { upstream.summed(to: left) }, .later { upstream.summed(to: right) * -1 }]
    }
  }

  // snippet.multiply
  /// The product of two variables, entry by entry, with ā = ȳ b and b̄ = ȳ a.
  public static func * (a: Variable, b: Variable) -> Variable {
    let (left, right) = (a.value, b.value)
    return a.tape.record("multiply", left * right, from: [a, b]) { upstream in
      [
        .later { (upstream * right).summed(to: left.shape) },
        .later { (upstream * left).summed(to: right.shape) },
      ]
    }
  }
  // snippet.end

  /// The quotient y of two variables, entry by entry, with ā = ȳ / b and b̄ = −ȳ y / b.
  public static func / (a: Variable, b: Variable) -> Variable {
    let (left, right) = (a.shape, b.value)
    let quotient = a.value / right
    return a.tape.record("divide", quotient, from: [a, b]) { upstream in
      [
        .later { (upstream / right).summed(to: left) },
        .later { (upstream * quotient / right).summed(to: right.shape) * -1 },
      ]
    }
  }
}

// MARK: With a number

extension Variable {
  /// A multiple of a variable, with x̄ = ȳ c.
  public static func * (x: Variable, factor: Float) -> Variable {
    x.tape.record("scale", x.value * factor, from: [x]) { upstream in
      [.later { upstream * factor }]
    }
  }

  /// A variable plus a number, with x̄ = ȳ.
  public static func + (x: Variable, number: Float) -> Variable {
    x.tape.record("shift", x.value.mapped { $0 + number }, from: [x]) { upstream in
      [.now(upstream)]
    }
  }

  /// A multiple of a variable.
  public static func * (factor: Float, x: Variable) -> Variable { x * factor }

  /// A number plus a variable.
  public static func + (number: Float, x: Variable) -> Variable { x + number }

  /// A variable minus a number.
  public static func - (x: Variable, number: Float) -> Variable { x + -number }

  /// A number minus a variable.
  public static func - (number: Float, x: Variable) -> Variable { -x + number }

  /// A variable times the reciprocal of a number.
  public static func / (x: Variable, divisor: Float) -> Variable { x * (1 / divisor) }

  /// A number divided by a variable.
  public static func / (number: Float, x: Variable) -> Variable {
    x.tape.constant(Tensor(number)) / x
  }

  /// The variable with the opposite sign.
  public static prefix func - (x: Variable) -> Variable { x * -1 }
}
