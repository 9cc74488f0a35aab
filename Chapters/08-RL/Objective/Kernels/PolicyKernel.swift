import Foundation
import Tensors

/// Reads the probabilities of chosen tokens from hidden rows, chunk by chunk, and differentiates.
enum PolicyKernel {
  /// What was read.
  struct Reading {
    /// log p of each chosen token.
    var logProbabilities: [Float] = []
    /// −Σ p log p of each row.
    var entropies: [Float] = []
    /// The gradients of the rows and of the head, if asked for.
    var gradients: (input: Tensor, head: Tensor)?
  }

  /// Reads the rows without differentiating.
  static func read(
    _ x: Tensor, head: Tensor, tokens: [Int], temperature: Double
  ) -> Reading {
    sweep(x, head: head, tokens: tokens, temperature: temperature, slope: nil)
  }

  /// Reads the rows and, given the slope of a loss along each log p, forms the gradients.
  ///
  /// With p = softmax(z / T) and g = ∂L/∂log p_a, z̄_j = g (1[j = a] − p_j) / T; then x̄ = z̄ W and
  /// W̄ = z̄ᵀ x. The logits of a chunk become their own gradient.
  /// - Parameter slope: told a row and its log p_a; called once for each row, in order.
  /// - Shape: x [rows, width], head [vocabulary, width]
  static func sweep(
    _ x: Tensor, head: Tensor, tokens: [Int], temperature: Double,
    slope: ((_ row: Int, _ logProbability: Float) -> Float)?
  ) -> Reading {
    let (vocabulary, width) = (head.shape[0], head.shape[1])
    insist(
      x.shape == [tokens.count, width],
      "policyLoss: rows of shape \(x.shape) for \(tokens.count) tokens and a head of \(head.shape)"
    )
    insist(
      tokens.allSatisfy { $0 >= 0 && $0 < vocabulary },
      "policyLoss: a token lies outside the vocabulary of \(vocabulary)")
    let chunk = min(max(x.rows, 1), max(24, 262_144 / vocabulary / 6 * 6))
    let logits = Tensor(uninitialized: [chunk * vocabulary + vocabulary])
    let (z, powers) = (logits.fresh, logits.fresh + chunk * vocabulary)
    let inputGradient = Tensor(uninitialized: slope == nil ? [0] : x.shape)
    let headGradient = slope == nil ? Tensor(uninitialized: [0]) : Tensor(shape: head.shape)
    let w = Operand(head.address, row: width, column: 1)
    var reading = Reading()
    for start in stride(from: 0, to: x.rows, by: chunk) {
      let size = min(chunk, x.rows - start)
      let rows = Operand(x.address + start * width, row: width, column: 1)
      MatrixProductKernel.multiply(
        size, vocabulary, width, rows, w.transposed, into: Result(z, row: vocabulary))
      for row in start..<start + size {
        let z = z + (row - start) * vocabulary
        let softmax = softmax(vocabulary, z, temperature: temperature, powers)
        let log = Float(Double(z[tokens[row]]) - softmax.logSum)
        reading.logProbabilities.append(log)
        reading.entropies.append(softmax.entropy)
        guard let slope else { continue }
        let step = slope(row, log) / Float(temperature)
        let factor = -step / softmax.sum
        for j in 0..<vocabulary { z[j] = factor * powers[j] }
        z[tokens[row]] += step
      }
      guard slope != nil else { continue }
      let upstream = Operand(z, row: vocabulary, column: 1)
      MatrixProductKernel.multiply(
        size, width, vocabulary, upstream, w,
        into: Result(inputGradient.fresh + start * width, row: width))
      MatrixProductKernel.multiply(
        vocabulary, width, size, upstream.transposed, rows,
        into: Result(headGradient.fresh, row: width), accumulating: start > 0)
    }
    withExtendedLifetime((x, head, logits)) {}
    if slope != nil { reading.gradients = (inputGradient, headGradient) }
    return reading
  }

  /// What a softmax leaves behind, beside its powers.
  private struct Softmax {
    /// Σ exp(z_j − highest).
    let sum: Float
    /// log Σ exp z_j less what has been taken from the row: 0 is the highest.
    let logSum: Double
    let entropy: Float
  }

  /// Divides a row by the temperature, takes its maximum away, and writes the powers of the rest.
  private static func softmax(
    _ n: Int, _ z: UnsafeMutablePointer<Float>, temperature: Double,
    _ powers: UnsafeMutablePointer<Float>
  ) -> Softmax {
    if temperature != 1 { RowKernel.scale(n, z, by: Float(1 / temperature)) }
    let highest = RowKernel.maximum(n, z)
    for j in 0..<n { z[j] -= highest }
    let sum = RowKernel.exponentials(n, z, minus: 0, into: powers)
    let logSum = log(Double(sum))
    let mean = Double(MatrixProductKernel.dot(n, powers, z)) / Double(sum)
    return Softmax(sum: sum, logSum: logSum, entropy: Float(logSum - mean))
  }
}
