import Tensors
import Text

extension Variable {
  /// The mean divergence between a student and its teacher over the positions that count.
  ///
  /// L = (1/N) Σ ℓ, with ℓ and its gradient from the table of `Divergence`. Softmax, divergence
  /// and gradient are one operation. The teacher is a tensor and not a variable: nothing can flow
  /// into it.
  /// - Shape: self [positions, vocabulary], teacher the same → []
  /// - Parameters:
  ///   - teacher: the teacher's logits at the same positions; not needed for its text alone.
  ///   - targets: the token that the text has next; a position with a negative one is left out.
  ///   - divisor: N; the number of positions that count, if nil.
  public func distillationLoss(
    teacher: Tensor?, targets: [Int], _ divergence: Divergence, divisor: Int? = nil
  ) -> Variable {
    insist(
      value.rows == targets.count,
      "distillationLoss: \(value.rows) rows of logits, \(targets.count) targets")
    insist(
      teacher.map { $0.shape == value.shape } ?? !divergence.needsTeacher,
      "distillationLoss: the student's logits are \(shape) and the teacher's "
        + "\(teacher.map { "\($0.shape)" } ?? "missing"); both must know the same tokens")
    let count = divisor ?? targets.count { $0 >= 0 }
    let result = DivergenceKernel.sweep(
      student: value, teacher: teacher, targets: targets, divergence,
      scale: divergence.scale / Double(max(count, 1)),
      withGradient: tape.isRecording)
    return tape.record("distillationLoss", Tensor(result.loss), from: [self]) { upstream in
      guard let gradient = result.gradient else { return [.none] }
      return [.later { gradient.scaled(by: upstream.scalar) }]
    }
  }
}
