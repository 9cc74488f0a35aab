import Foundation
import Tensors

/// Divergences between rows of logits, and their gradients.
enum DivergenceKernel {
  /// scale · Σ ℓ and, if wanted, its gradient along the student's logits.
  ///
  /// The losses of the rows are summed in their order, so that threads change no bit.
  /// - Shape: student [rows, vocabulary], teacher the same, targets [rows]
  static func sweep(
    student: Tensor, teacher: Tensor?, targets: [Int], _ divergence: Divergence, scale: Double,
    withGradient: Bool
  ) -> (loss: Float, gradient: Tensor?) {
    let (rows, width) = (student.rows, student.columns)
    insist(
      targets.allSatisfy { $0 < width },
      "distillationLoss: a target lies outside the vocabulary of \(width)")
    let gradient = Tensor(uninitialized: withGradient ? student.shape : [0])
    let losses = Tensor(uninitialized: [rows])
    // Three rows of numbers for each row that is at work, and a fourth for the gradient.
    let scratch = Tensor(uninitialized: [max(Rows.blockCount(rows), 1), 4 * width])
    nonisolated(unsafe) let (z, t) = (student.address, teacher?.address)
    nonisolated(unsafe) let (out, loss, space) = (gradient.fresh, losses.fresh, scratch.fresh)
    let factor = Float(scale / divergence.temperature)
    Rows.forEachBlock(rows, work: 60 * student.count) { block, range in
      let space = space + block * 4 * width
      for row in range {
        let g = withGradient ? out + row * width : space + 3 * width
        guard targets[row] >= 0 else {
          (loss[row], _) = (0, g.update(repeating: 0, count: width))
          continue
        }
        let pair = RowPair(
          width, student: z + row * width, teacher: t.map { $0 + row * width },
          temperature: divergence.temperature, space)
        loss[row] = Float(pair.divergence(divergence.kind, target: targets[row], into: g))
        if withGradient { RowKernel.scale(width, g, by: factor) }
      }
    }
    withExtendedLifetime((student, teacher, scratch)) {}
    let sum = losses.scalars.reduce(0.0) { $0 + Double($1) }
    return (Float(sum * scale), withGradient ? gradient : nil)
  }
}

/// The distributions S and T of one position.
private struct RowPair {
  private let width: Int
  private let student, teacher: Softmax
  private let mixture: UnsafeMutablePointer<Float>

  init(
    _ width: Int, student: UnsafePointer<Float>, teacher: UnsafePointer<Float>?,
    temperature: Double, _ space: UnsafeMutablePointer<Float>
  ) {
    self.width = width
    self.student = Softmax(width, student, temperature, into: space)
    self.teacher = Softmax(width, teacher ?? student, temperature, into: space + width)
    mixture = space + 2 * width
  }

  // snippet.kinds
  /// ℓ; its gradient along z / τ goes to `g`.
  func divergence(
    _ kind: Divergence.Kind, target: Int, into g: UnsafeMutablePointer<Float>
  ) -> Double {
    let (s, t) = (student.shares, teacher.shares)
    switch kind {
    case .sequence:
      g.update(from: s, count: width)
      g[target] -= 1
      return -student.log(target)
    case .forward:
      for j in 0..<width { g[j] = s[j] - t[j] }
      return teacher.mean { $0 - student.log($1) }
    case .reverse:
      return towards(teacher.log, weight: 1, into: g)
    case .jensenShannon(let beta):
      let (b, rest) = (Float(beta), Float(1 - beta))
      for j in 0..<width { mixture[j] = b * t[j] + rest * s[j] }
      let logMixture = { (j: Int) in Foundation.log(Double(mixture[j])) }
      let toTeacher = teacher.mean { $0 - logMixture($1) }
      return beta * toTeacher + towards(logMixture, weight: 1 - beta, into: g)
    }
  }
  // snippet.end

  // snippet.towards
  /// weight · KL(S ‖ Q), with the gradient weight · S (log(S / Q) − KL(S ‖ Q)).
  ///
  /// For Q = M it is the gradient of the whole Jensen–Shannon divergence: what M owes to S
  /// cancels between its two halves.
  private func towards(
    _ log: (Int) -> Double, weight: Double, into g: UnsafeMutablePointer<Float>
  ) -> Double {
    let mean = student.mean { $0 - log($1) }
    for j in 0..<width {
      let s = Double(student.shares[j])
      g[j] = s == 0 ? 0 : Float(weight * s * (student.log(j) - log(j) - mean))
    }
    return weight * mean
  }
  // snippet.end
}

/// A row of logits as shares of one and their logarithms.
private struct Softmax {
  let width: Int
  let shares: UnsafeMutablePointer<Float>
  private let logits: UnsafePointer<Float>
  private let inverse: Double
  private let shift: Double

  init(
    _ width: Int, _ logits: UnsafePointer<Float>, _ temperature: Double,
    into shares: UnsafeMutablePointer<Float>
  ) {
    self.width = width
    self.logits = logits
    self.shares = shares
    inverse = 1 / temperature
    shares.update(from: logits, count: width)
    if temperature != 1 { RowKernel.scale(width, shares, by: Float(inverse)) }
    let highest = RowKernel.maximum(width, shares)
    let sum = RowKernel.exponentials(width, shares, minus: highest, into: shares)
    RowKernel.scale(width, shares, by: 1 / sum)
    shift = Double(highest) + Foundation.log(Double(sum))
  }

  /// log p_j.
  func log(_ j: Int) -> Double { Double(logits[j]) * inverse - shift }

  /// Σ p_j f(log p_j, j), in which 0 times anything is 0.
  func mean(_ f: (_ log: Double, _ j: Int) -> Double) -> Double {
    var sum = 0.0
    for j in 0..<width where shares[j] > 0 { sum += Double(shares[j]) * f(log(j), j) }
    return sum
  }
}
