import Tensors

extension BlockScaled {
  /// Multiplies matrices in eight bits, with a promotion to FP32 after every 128 summed entries.
  ///
  ///     C[m, n] = Σ over blocks of ( Σ a[m, k] · b[k, n] over the block's k ) · sA[m] · sB[n]
  ///
  /// A scale can only be taken out of a sum if it is the same for all that is summed, so the groups
  /// of both operands must be 128 long along the summed axis:
  ///
  /// | product | this | other |
  /// |---|---|---|
  /// | `.right`: X · Wᵀ | 1 × 128 | 128 × 128 |
  /// | `.none`: Ȳ · W | 1 × 128 | 128 × 128 or 128 × 1 |
  /// | `.left`: Ȳᵀ · X | 128 × 1 | 128 × 1 |
  ///
  /// - Shape: [m, k] · [k, n] → [m, n], where an operand may be transposed
  public func matmul(
    _ other: BlockScaled, transposing sides: Transposition = .right
  ) -> Tensor {
    switch sides {
    case .none: EightBitProductKernel.product(CodedRows(self), CodedColumns(other))
    case .right:
      EightBitProductKernel.product(CodedRows(self), CodedColumns(other, transposed: true))
    case .left: EightBitProductKernel.product(CodedChannels(self), CodedColumns(other))
    case .both:
      EightBitProductKernel.product(CodedChannels(self), CodedColumns(other, transposed: true))
    }
  }
}
