import ExerciseKit
import Exercises01
import Solutions01
import Tensors
import TestSupport
import Testing

@Suite struct `Exercise 1.5` {
  typealias Answer =
    @Sendable (Double, [Double], Double, Double, Double, Double, Double) throws
    -> [Double]

  static let exercise = Exercise<Answer>(
    "1.5", yours: Exercises01.adamW, solution: Solutions01.adamW,
    mutants: [
      "decays through the gradient": Mutants1_5.decaysThroughTheGradient,
      "forgets the correction": Mutants1_5.forgetsTheCorrection,
      "puts ε inside the root": Mutants1_5.putsEpsilonInside,
      "counts from zero": Mutants1_5.countsFromZero,
    ]
  ) { answer in
    let plain = try answer(1, [2, 2, 2], 0.1, 0, 0.9, 0.95, 1e-8)
    try demandClose(
      plain, [0.9, 0.8, 0.7], within: 1e-6,
      "A constant gradient moves the weight by the rate in each step. Do both averages start at zero?"
    )
    let resting = try answer(1, [0, 0], 0.1, 0.5, 0.9, 0.95, 1e-8)
    try demandClose(
      resting, [0.95, 0.9025], within: 1e-9, "Does a weight without gradient still decay?")
    let tiny = try answer(0, [1e-5], 0.1, 0, 0.9, 0.95, 1e-8)
    try demandClose(tiny, [-0.0999], within: 1e-6, "What is ε compared with?")

    let gradients: [Double] = [1, -0.5, 0.25, 2, -3, 0.125]
    let theirs = ours(gradients, weight: 1, rate: 0.05, decay: 0.2)
    try demandClose(
      try answer(1, gradients, 0.05, 0.2, 0.9, 0.95, 1e-8), theirs, within: 1e-5,
      "Does the decay pass through the moments?")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

/// The same steps by the book's optimizer.
private func ours(
  _ gradients: [Double], weight: Double, rate: Float, decay: Float
) -> [Double] {
  let parameter = Parameter(Tensor([Float(weight)], shape: [1, 1]))
  var optimizer = AdamW([("up_proj.weight", parameter)], rate: rate, decay: decay)
  return gradients.map { gradient in
    var all = Gradients()
    all[parameter] = Tensor([Float(gradient)], shape: [1, 1])
    optimizer.step(all)
    return Double(parameter.value.scalar)
  }
}
