/// Momentum, orthogonalised: every direction of a hidden matrix moves equally far.
///
/// The gradient of a matrix is dominated by a few directions, and Adam, which treats a matrix as a
/// bag of numbers, follows them. Muon replaces the singular values of the momentum by 1, so that the
/// rare directions learn as fast as the common ones:
///
///     M ← μ M + (1 − μ) G
///     W ← (1 − η λ) W − η √max(1, rows/columns) · orthogonalised(μ M + (1 − μ) G)
///
/// The second line looks ahead by one step (Nesterov). A matrix in which several maps lie one above
/// the other (`Parameter.maps`) is moved as those maps, not as one. An embedding is a list of rows
/// and not a map between hidden spaces, a head is nearly one, and a vector has no directions to even
/// out: these are moved by AdamW.
///
/// Paper: K. Jordan and others, "Muon: An optimizer for hidden layers in neural networks", 2024.
public struct Muon: Optimizer {
  /// η, the learning rate of the matrices at a factor of 1.
  public let rate: Float
  /// μ, how much of the momentum is kept.
  public let momentum: Float
  /// λ, the share of a matrix that a step with η = 1 would take away.
  public let decay: Float
  /// The rule for everything that is not a hidden matrix.
  public private(set) var rest: AdamW
  private var matrices: [Matrix]

  fileprivate struct Matrix {
    let name: String
    let parameter: Parameter
    var momentum: Tensor
  }

  /// Creates an optimizer that remembers nothing yet.
  /// - Parameters:
  ///   - parameters: the weights of a model under their checkpoint names.
  ///   - rate: the rate of hidden matrices.
  ///   - restRate: the rate of AdamW for the others.
  ///   - momentum: how much of the mean gradient is kept.
  ///   - decay: the weight decay of matrices, and of the head.
  public init(
    _ parameters: [(name: String, parameter: Parameter)], rate: Float = 0.02,
    restRate: Float = 5e-3, momentum: Float = 0.95, decay: Float = 0
  ) {
    self.rate = rate
    self.momentum = momentum
    self.decay = decay
    let all = withoutRepetition(parameters)
    let isHidden = all.map { name, parameter in
      parameter.shape.count == 2
        && WeightRole(name: name, shape: parameter.shape) == .matrix
    }
    rest = AdamW(
      zip(all, isHidden).filter { !$0.1 }.map(\.0), rate: restRate, decay: decay)
    matrices = zip(all, isHidden).filter(\.1).map {
      Matrix(
        name: $0.0.name, parameter: $0.0.parameter,
        momentum: Tensor(shape: $0.0.parameter.shape))
    }
  }

  /// Moves every weight that has a gradient.
  ///
  /// One matrix is one thread's work: their products are too small to be cut.
  public mutating func step(_ gradients: Gradients, factor: Float = 1) {
    let (before, momentum) = (matrices, momentum)
    let (rate, keep) = (rate * factor, 1 - rate * factor * decay)
    let after = Threads.map(before.count) { index in
      let matrix = before[index]
      return gradients[matrix.parameter].map {
        matrix.moved(along: $0, keeping: momentum, rate: rate, keep: keep)
      } ?? matrix.momentum
    }
    for (index, momentum) in after.enumerated() { matrices[index].momentum = momentum }
    rest.step(gradients, factor: factor)
  }
}

extension Muon.Matrix {
  /// Changes the weights, and returns the new momentum.
  fileprivate func moved(
    along gradient: Tensor, keeping share: Float, rate: Float, keep: Float
  ) -> Tensor {
    let shape = parameter.shape
    insist(
      gradient.shape == shape,
      "Muon: the gradient of \(name) is \(gradient.shape), the weight \(shape)")
    // snippet.muon
    let new = OptimizerKernel.mix(gradient, into: momentum, keeping: share)
    let ahead = OptimizerKernel.mix(gradient, into: new, keeping: share)
    for (first, map) in maps(of: ahead) {
      let direction = map.orthogonalized()
      // Each row of a tall matrix gets a smaller part of a unit step; the root makes up for it.
      let factor = max(1, Float(map.rows) / Float(map.columns)).squareRoot()
      parameter.update {
        OptimizerKernel.descend(
          &$0, from: first, along: direction, rate: rate * factor, keep: keep)
      }
    }
    // snippet.end
    return new
  }

  /// The maps that lie one above the other in the weight, each with its first row.
  private func maps(of whole: Tensor) -> [(first: Int, map: Tensor)] {
    let sizes = parameter.maps
    guard sizes.count > 1 else { return [(0, whole)] }
    var first = 0
    return sizes.map { count in
      defer { first += count }
      return (first, whole.rows(first..<first + count))
    }
  }
}

extension Muon {
  /// For each hidden matrix "….momentum", and the state of AdamW for the others.
  public var state: [(name: String, tensor: Tensor)] {
    matrices.map { ("\($0.name).momentum", $0.momentum) } + rest.state
  }

  /// Takes back what `state` gave.
  public mutating func restore(_ saved: [String: Tensor]) throws(OptimizerStateError) {
    let tensors = try tensors(from: saved)
    let ours = Set(matrices.map { "\($0.name).momentum" })
    try rest.restore(saved.filter { !ours.contains($0.key) })
    for index in matrices.indices { matrices[index].momentum = tensors[index] }
  }
}
