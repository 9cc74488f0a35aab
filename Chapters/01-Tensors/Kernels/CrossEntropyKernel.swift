import Foundation

extension Tensor {
  /// A copy multiplied by a number; the tensor itself when the number is one.
  package func scaled(by factor: Float) -> Tensor {
    guard factor != 1 else { return self }
    var copy = self
    copy.scale(by: factor)
    return copy
  }

  /// The sum of one chosen entry from each row; a negative choice adds nothing.
  package func sumOfPicked(_ targets: [Int]) -> Float {
    let width = columns
    return withScalars { x in
      var sum = 0.0
      for (row, target) in targets.enumerated() where target >= 0 {
        insist(target < width, "crossEntropy: target \(target) is outside \(width) columns")
        sum += Double(x[row * width + target])
      }
      return Float(sum)
    }
  }

  /// The gradient of the logits, from their log-softmax: (softmax − onehot) · scale.
  package func crossEntropyPullback(_ targets: [Int], scale: Float) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let width = columns
    nonisolated(unsafe) let (y, out) = (address, result.fresh)
    Rows.forEachBlock(rows, work: 20 * count) { _, range in
      for row in range {
        let out = out + row * width
        guard targets[row] >= 0 else {
          out.update(repeating: 0, count: width)
          continue
        }
        _ = RowKernel.exponentials(width, y + row * width, minus: 0, into: out)
        RowKernel.scale(width, out, by: scale)
        out[targets[row]] -= scale
      }
    }
    return result
  }

  /// The loss and, if wanted, its gradients with respect to the rows and to the head.
  ///
  /// The loss is scale · Σ (log Σⱼ exp xⱼ − x_target), summed in Double in order of the rows.
  package func chunkedCrossEntropy(
    head: Tensor, targets: [Int], scale: Float, withGradients: Bool
  ) -> (loss: Float, gradients: (input: Tensor, head: Tensor)?) {
    let (vocabulary, width) = (head.shape[0], head.shape[1])
    insist(columns == width, "crossEntropy: rows of \(columns) meet a head of \(head.shape)")
    for target in targets {
      insist(
        target < vocabulary, "crossEntropy: target \(target) is outside \(vocabulary) tokens")
    }
    let chunk = min(max(rows, 1), max(24, 262_144 / vocabulary / 6 * 6))
    let logits = Memory(count: chunk * vocabulary)
    let inputGradient = Tensor(uninitialized: withGradients ? shape : [0])
    let headGradient = Tensor(uninitialized: withGradients ? head.shape : [0])
    var sum = 0.0
    var start = 0
    while start < rows {
      let size = min(chunk, rows - start)
      let x = Operand(address + start * width, row: width, column: 1)
      let z = Operand(logits.base, row: vocabulary, column: 1)
      let w = Operand(head.address, row: width, column: 1)
      MatrixProductKernel.multiply(
        size, vocabulary, width, x, w.transposed, into: Result(logits.base, row: vocabulary))
      let losses = Tensor.lossesAndGradients(
        logits.base, vocabulary, Array(targets[start..<start + size]),
        withGradients ? scale : nil)
      sum = losses.reduce(sum, +)
      if withGradients {
        MatrixProductKernel.multiply(
          size, width, vocabulary, z, w,
          into: Result(inputGradient.fresh + start * width, row: width))
        MatrixProductKernel.multiply(
          vocabulary, width, size, z.transposed, x,
          into: Result(headGradient.fresh, row: width), accumulating: start > 0)
      }
      start += size
    }
    if rows == 0 && withGradients { headGradient.fresh.update(repeating: 0, count: head.count) }
    withExtendedLifetime((logits, head)) {}
    return (Float(sum * Double(scale)), withGradients ? (inputGradient, headGradient) : nil)
  }

  /// The loss of each row; with a scale, the logits become their own gradient.
  private static func lossesAndGradients(
    _ logits: UnsafeMutablePointer<Float>, _ width: Int, _ targets: [Int], _ scale: Float?
  ) -> [Double] {
    let losses = Tensor(uninitialized: [targets.count])
    nonisolated(unsafe) let (logits, out) = (logits, losses.fresh)
    Rows.forEachBlock(targets.count, work: 30 * targets.count * width) { _, range in
      for row in range {
        let x = logits + row * width
        guard targets[row] >= 0 else {
          out[row] = 0
          if scale != nil { x.update(repeating: 0, count: width) }
          continue
        }
        let target = x[targets[row]]
        guard let scale else {
          out[row] = RowKernel.logSumExp(width, x) - target
          continue
        }
        let shift = RowKernel.maximum(width, x)
        let sum = RowKernel.exponentials(width, x, minus: shift, into: x)
        out[row] = shift + Float(log(Double(sum))) - target
        RowKernel.scale(width, x, by: scale / sum)
        x[targets[row]] -= scale
      }
    }
    return losses.scalars.map(Double.init)
  }
}
