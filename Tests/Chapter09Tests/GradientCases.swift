import Distillation
import Tensors
import TestSupport

/// The gradient checks of chapter 9.
enum Chapter09 {
  static let cases: [GradientCase] = divergences

  private static let width = 11
  private static let targets = [3, -1, 0, 10, 3]

  private static func loss(
    _ note: String, _ divergence: Divergence, teacher seed: UInt64 = 2, divisor: Int? = nil,
    targets: [Int] = targets
  ) -> GradientCase {
    let teacher = Tensor.test(targets.count, width, seed: seed)
    let twin = DivergenceTwin(
      divergence: divergence, teacher: teacher.doubles, targets: targets, width: width,
      divisor: divisor)
    return GradientCase(
      "distillationLoss", note, of: Tensor.test(targets.count, width, seed: 3)
    ) {
      $0[0].distillationLoss(
        teacher: teacher, targets: targets, divergence, divisor: divisor)
    } twin: { x in
      [twin.loss(x[0])]
    }
  }

  @GradientCaseList static var divergences: [GradientCase] {
    loss("the teacher's tokens", .sequence)
    loss("forward", .forward)
    loss("reverse", .reverse)
    loss("Jensen–Shannon", .jensenShannon())
    loss("Jensen–Shannon, mostly the student", .jensenShannon(0.1))
    loss("Jensen–Shannon, mostly the teacher", .jensenShannon(0.9))
    loss("Jensen–Shannon, scaled", .jensenShannon(0.3, isScaled: true))
    loss("the teacher's tokens at a temperature", Divergence(.sequence, temperature: 2))
    loss("forward at a temperature", Divergence(.forward, temperature: 3))
    loss("reverse at a low temperature", Divergence(.reverse, temperature: 0.6))
    loss(
      "Jensen–Shannon at a temperature", Divergence(.jensenShannon(beta: 0.4), temperature: 2))
    loss("a part of a batch", .forward, divisor: 9)
    loss("one position", .reverse, targets: [4])
    loss("many positions", .jensenShannon(), targets: (0..<40).map { $0 % 3 - 1 })
  }
}
