import Tensors

/// The three products of a linear map.
extension EightBitProduct {
  /// Y = X · Wᵀ + b, rounded to BF16.
  func forward(_ x: BlockScaled, _ map: Linear) -> Tensor {
    var y = Tensor(uninitialized: x.shape.dropLast() + [map.weight.shape[0]])
    let isLast = map.bias == nil
    EightBitProductKernel.multiply(
      CodedRows(x), map.weight.coded(.right),
      into: .init(base: y.fresh, row: y.columns, isRounding: isLast))
    if let bias = map.bias {
      y.addToRows(bias.value)
      y.roundToBrain()
    }
    return y
  }

  /// X̄ = Σ Ȳ · W over the maps, rounded to BF16.
  func inputShare(_ upstream: [Tensor?], _ maps: [Linear], shape: [Int]) -> Tensor {
    let used = zip(maps, upstream).compactMap { map, g in g.map { (map.weight, $0) } }
    guard !used.isEmpty else { return Tensor(shape: shape) }
    let result = Tensor(uninitialized: shape)
    for (index, (weight, upstream)) in used.enumerated() {
      let target = EightBitProductKernel.Target(
        base: result.fresh, row: result.columns, isAdding: index > 0,
        isRounding: index == used.count - 1)
      multiply(
        upstream.rows, upstream.columns, upstream.address, row: upstream.columns, weight,
        .single,
        into: target)
      withExtendedLifetime(upstream) {}
    }
    return result
  }

  /// Multiplies gradients by weights on their way to the input.
  func multiply(
    _ rows: Int, _ columns: Int, _ base: UnsafePointer<Float>, row: Int, _ weight: Parameter,
    _ rule: ScaleRule, into target: EightBitProductKernel.Target
  ) {
    guard options.gradientGroup == .tile else {
      let copy = Tensor(uninitialized: [rows, columns])
      for i in 0..<rows {
        (copy.fresh + i * columns).update(from: base + i * row, count: columns)
      }
      let coded = BlockScaled(
        copy, in: options.gradientFormat, by: options.gradientGroup, scales: rule)
      return EightBitProductKernel.multiply(
        CodedRows(coded), weight.coded(.none), into: target)
    }
    let gradients = RoundedRows(
      rows, columns, base, row: row, in: RoundingGrid(options.gradientFormat), scales: rule)
    EightBitProductKernel.multiply(gradients, weight.coded(.none), into: target)
  }

  /// W̄ = Ȳᵀ · X.
  func weightShare(_ upstream: Tensor, _ columns: CodedColumns) -> Tensor {
    let gradients = RoundedColumns(
      upstream.columns, upstream.rows, upstream.address, row: upstream.columns,
      in: RoundingGrid(options.gradientFormat), scales: .single)
    let result = EightBitProductKernel.product(gradients, columns)
    withExtendedLifetime(upstream) {}
    return result
  }
}

extension Parameter {
  /// The codes of the weights, made once a step, as the right operand W or Wᵀ of a product.
  func coded(_ sides: Transposition) -> CodedColumns {
    let isTransposed = sides == .right
    return prepared(isTransposed ? "E4M3, transposed" : "E4M3, columns") {
      CodedColumns(BlockScaled($0, by: .block), transposed: isTransposed)
    }
  }
}

extension Tensor {
  /// Rounds every number to BF16, in place.
  mutating func roundToBrain() {
    withMutableScalars { numbers in
      guard let base = numbers.baseAddress else { return }
      let whole = numbers.count & ~7
      for i in stride(from: 0, to: whole, by: 8) {
        store(RoundingToBrain.rounded(load(base + i)), base + i)
      }
      for i in whole..<numbers.count { base[i] = RoundingToBrain.rounded(base[i]) }
    }
  }
}
