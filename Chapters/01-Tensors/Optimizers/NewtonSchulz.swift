extension Tensor {
  /// Turns a matrix into the nearest thing to a rotation: all its singular values become about 1.
  ///
  /// G = U S Vᵀ gives about U Vᵀ, without a singular value decomposition. An odd polynomial of a
  /// matrix acts on its singular values alone, and this one, five times over, brings whatever is
  /// above a hundredth of the matrix's length between 0.68 and 1.14:
  ///
  ///     X ← G / ‖G‖,    then five times    X ← (a I + b X Xᵀ + c (X Xᵀ)²) X
  ///
  /// with a = 3.4445, b = −4.775, c = 2.0315. They do not converge to 1, on purpose: the slope a at
  /// zero is what lifts small singular values fast.
  /// - Shape: [m, n] → [m, n]
  ///
  /// Paper: K. Jordan and others, "Muon", 2024.
  public func orthogonalized(iterations: Int = 5) -> Tensor {
    insist(shape.count == 2, "orthogonalized: \(shape) is not a matrix")
    // snippet.newton-schulz
    var x = self
    x.scale(by: 1 / max(Float(sumOfSquares.squareRoot()), 1e-7))
    // A tall matrix is multiplied from the right, so that the square one is always the smaller.
    let isTall = shape[0] > shape[1]
    for _ in 0..<iterations {
      let square = x.square(transposing: isTall ? .left : .right)
      let polynomial = OptimizerKernel.polynomial(
        of: square, squared: square.square(transposing: .right))
      x = isTall ? x.matmul(polynomial) : polynomial.matmul(x)
    }
    // snippet.end
    return x
  }
}
