import DualPipe
import Tensors
import TestSupport
import Testing

@Suite struct `A step before the norm is known` {
  /// Three stages of one matrix each, beside one optimizer that knows the whole norm.
  private struct Trial {
    let stages = (0..<3).map { Parameter(.test(4, 3, seed: UInt64($0 + 1))) }
    let twins = (0..<3).map { Parameter(.test(4, 3, seed: UInt64($0 + 1))) }
    var optimizers: [PostValidation]
    var whole: AdamW

    init() {
      optimizers = stages.map {
        PostValidation(UndoableAdamW([$0], rate: 0.01), limit: 1)
      }
      whole = AdamW(
        twins.enumerated().map { ("layer\($0.offset).weight", $0.element) }, rate: 0.01)
    }

    /// One step with gradients of these lengths; a stage's NaN stands for an overflow.
    mutating func step(_ lengths: [Float], seed: UInt64) -> [PostValidation.Outcome] {
      var norm = PartialNorm()
      var all = Gradients()
      for stage in stages.indices {
        var tensor = Tensor.test(4, 3, seed: seed + UInt64(stage))
        tensor.scale(by: lengths[stage] / Float(tensor.sumOfSquares.squareRoot()))
        all[twins[stage]] = tensor
        var own = Gradients()
        own[stages[stage]] = tensor
        optimizers[stage].step(own, after: &norm)
      }
      let outcomes = optimizers.indices.map { optimizers[$0].validate(norm) }
      if (try? all.clip(toNorm: 1)) != nil { whole.step(all) }
      return outcomes
    }

    func check(_ comment: String) {
      for (one, other) in zip(stages, twins) {
        expectClose(one.value, other.value, .product, comment)
      }
    }
  }

  @Test func `ends where a step with the whole norm ends`() {
    var trial = Trial()
    // The second step is too long only with its last stage, the third from its first; the fourth
    // overflows in the middle; the last shows that moments and counts came back too.
    let steps: [(lengths: [Float], outcome: PostValidation.Outcome)] = [
      ([0.5, 0.5, 0.5], .kept), ([0.5, 0.5, 3], .clipped), ([2, 0.1, 0.1], .clipped),
      ([0.3, .nan, 0.3], .skipped), ([0.1, 0.6, 0.2], .kept),
    ]
    for (index, step) in steps.enumerated() {
      let outcomes = trial.step(step.lengths, seed: UInt64(10 * index + 20))
      #expect(outcomes == [step.outcome, step.outcome, step.outcome])
      trial.check("step \(index + 1)")
    }
  }

  @Test func `comes back up to rounding when it is undone`() {
    let parameter = Parameter(.test(5, 4))
    var gradients = Gradients()
    gradients[parameter] = .test(5, 4, seed: 2)
    var optimizer = UndoableAdamW([parameter], rate: 0.02)
    optimizer.step(gradients)
    let before = parameter.value
    gradients[parameter] = .test(5, 4, seed: 3)
    optimizer.step(gradients)
    #expect(parameter.value != before)
    optimizer.undo(gradients)
    expectClose(parameter.value, before, .rounding)
  }
}
