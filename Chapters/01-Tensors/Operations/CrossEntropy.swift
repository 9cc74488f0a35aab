/// What is done with the losses of the positions.
extension Variable {
  /// The mean negative log-probability of the targets, from logits.
  ///
  /// L = (1/N) Σ (log Σⱼ exp xⱼ − x_target), and x̄ = (softmax x − onehot) / N.
  /// - Shape: [positions, vocabulary] → []
  /// - Parameter targets: one column for each row; a negative one is left out.
  public func crossEntropy(targets: [Int]) -> Variable {
    let x = value
    insist(
      x.rows == targets.count,
      "crossEntropy: \(x.rows) rows of logits, \(targets.count) targets")
    let counted = targets.count { $0 >= 0 }
    let y = x.logSoftmaxed()
    let loss = -y.sumOfPicked(targets) / Float(max(counted, 1))
    return tape.record("crossEntropy", Tensor(loss), from: [self]) { upstream in
      [
        .later {
          y.crossEntropyPullback(targets, scale: upstream.scalar / Float(max(counted, 1)))
        }
      ]
    }
  }

  /// The loss of a language model's last step: head product and cross-entropy in one.
  ///
  /// The logits of a whole batch would be the largest tensor of training: 32 768 positions by
  /// 129 280 tokens are 17 GB. So the rows are taken in chunks of about a megabyte of logits, and
  /// each chunk's gradients are formed while its logits are at hand.
  /// - Shape: self [positions, width], head [vocabulary, width] → []
  /// - Parameters:
  ///   - targets: one token for each position; a negative one is left out.
  ///   - divisor: what the sum of the losses is divided by; the number of targets, if nil.
  public func crossEntropy(
    head: Variable, targets: [Int], divisor: Int? = nil
  ) -> Variable {
    let (x, w) = (value.asRows, head.value)
    insist(
      x.rows == targets.count, "crossEntropy: \(x.rows) positions, \(targets.count) targets")
    let scale = 1 / Float(max(divisor ?? targets.count { $0 >= 0 }, 1))
    let wantsGradient = tape.isRecording && (place != nil || head.place != nil)
    let result = x.chunkedCrossEntropy(
      head: w, targets: targets, scale: scale, withGradients: wantsGradient)
    let shape = shape
    return tape.record("headCrossEntropy", Tensor(result.loss), from: [self, head]) {
      upstream in
      guard let (input, weight) = result.gradients else { return [.none, .none] }
      let factor = upstream.scalar
      return [
        .later { input.scaled(by: factor).reshaped(to: shape) },
        .later { weight.scaled(by: factor) },
      ]
    }
  }
}
