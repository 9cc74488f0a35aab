import CommandLine
import Distillation
import Figures
import Foundation
import Tensors

/// A student that can only say one thing, more or less sharply: its logits are a parabola.
///
/// z_j = a x_j + b x_j², with two weights for all tokens and x from −2 to 2.
private struct Bump {
  static let tokens = 41
  static let places = (0..<tokens).map { Double($0 - 20) / 10 }
  private static let features = Tensor(
    places.map { Float($0) } + places.map { Float($0 * $0) }, shape: [2, tokens])

  let weights: Parameter

  init(centre: Double) {
    // The logarithm of a bell of deviation ½ around the centre, as far as it depends on x.
    weights = Parameter(Tensor([Float(4 * centre), -2], shape: [1, 2]))
  }

  var logits: Tensor { weights.value.matmul(Self.features) }

  /// Follows the gradient until it is small; the loss that is left.
  func fit(_ divergence: Divergence, to teacher: Tensor) -> Double {
    var optimizer = AdamW(
      [("bump", weights)], rate: 0.1, decay: 0, beta1: 0.9, beta2: 0.99)
    var last = Double.infinity
    for step in 0..<1000 {
      let tape = Tape()
      let loss = tape[weights].matmul(tape.constant(Self.features)).distillationLoss(
        teacher: teacher, targets: [0], divergence)
      last = Double(loss.value.scalar)
      optimizer.step(tape.gradients(of: loss), factor: Float(1 - Double(step) / 1000))
    }
    return last
  }
}

/// The shares of a row of logits.
private func shares(_ logits: Tensor) -> [Double] {
  let powers = logits.scalars.map { exp(Double($0)) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}

extension DistillationDemo {
  private static let measures: [NamedDivergence] = [
    .init(key: "forward", name: "forward KL", divergence: .forward),
    .init(key: "jsd-10", name: "JSD, β = 0.1", divergence: .jensenShannon(0.1)),
    .init(key: "jsd-50", name: "JSD, β = 0.5", divergence: .jensenShannon(0.5)),
    .init(key: "jsd-90", name: "JSD, β = 0.9", divergence: .jensenShannon(0.9)),
    .init(key: "reverse", name: "reverse KL", divergence: .reverse),
  ]

  /// A teacher with two habits, three times in five the left one.
  private static let habits: [Double] = {
    func bell(_ x: Double, _ centre: Double) -> Double { exp(-18 * pow(x - centre, 2)) }
    let heights = Bump.places.map { 0.6 * bell($0, -0.9) + 0.4 * bell($0, 0.9) + 1e-5 }
    let sum = heights.reduce(0, +)
    return heights.map { $0 / sum }
  }()

  /// Fits a student of one bump to a teacher of two, by each divergence.
  mutating func fitTwoModes() throws {
    let habits = Self.habits
    let teacher = Tensor(habits.map { Float(log($0)) }, shape: [1, habits.count])
    Console.print("A teacher with two habits, 60 and 40 %, and a student of one bump")
    tell("teacher", "the teacher", habits)
    var found: [(entry: NamedDivergence, shares: [Double])] = []
    for entry in Self.measures {
      // From the left, the middle and the right; the best of the three counts.
      let fits = [-0.9, 0, 0.9].map { centre in
        let bump = Bump(centre: centre)
        return (loss: bump.fit(entry.divergence, to: teacher), shares: shares(bump.logits))
      }
      guard let best = fits.min(by: { $0.loss < $1.loss }) else { continue }
      note("modes.\(entry.key).loss", best.loss)
      tell(entry.key, entry.name, best.shares)
      found.append((entry, best.shares))
    }
    Console.print()
    drawModes(found)
  }

  /// Mean, deviation, and where a law has its weight.
  private mutating func tell(_ key: String, _ name: String, _ law: [Double]) {
    let mean = zip(Bump.places, law).reduce(0) { $0 + $1.0 * $1.1 }
    let square = zip(Bump.places, law).reduce(0) { $0 + pow($1.0 - mean, 2) * $1.1 }
    func weight(_ range: (Double) -> Bool) -> Double {
      zip(Bump.places, law).reduce(0) { $0 + (range($1.0) ? $1.1 : 0) }
    }
    let left = weight { $0 < -0.35 }
    let right = weight { $0 > 0.35 }
    // What the teacher says less than once in a thousand times.
    let never = zip(Self.habits, law).reduce(0) { $0 + ($1.0 < 1e-3 ? $1.1 : 0) }
    note("modes.\(key).mean", mean)
    note("modes.\(key).deviation", square.squareRoot())
    note("modes.\(key).left", left)
    note("modes.\(key).right", right)
    note("modes.\(key).never", never)
    report(
      name,
      "mean \(Self.signed(mean, 2)), deviation \(Self.digits(square.squareRoot(), 2)); left "
        + "\(Self.percent(left)), right \(Self.percent(right)), what the teacher never says "
        + Self.percent(never))
  }

  private mutating func drawModes(_ found: [(entry: NamedDivergence, shares: [Double])]) {
    func points(_ law: [Double]) -> [(x: Double, y: Double)] {
      law.enumerated().map { (Double($0), $1) }
    }
    let shown = found.filter { ["forward", "jsd-50", "reverse"].contains($0.entry.key) }
    draw(
      "modes",
      LineChart(
        title: "Forward covers, reverse chooses",
        description:
          "Shares of 41 tokens. The teacher has a tall peak on the left and a lower one on the right, "
          + "and says nothing between them. Fitted by the forward divergence, a student of one bump "
          + "lies broadly over both and is highest in the gap. By the reverse divergence it is the "
          + "left peak and nothing else. The Jensen–Shannon divergence lies close to the latter.",
        xLabel: "token", yLabel: "share",
        series: [.init("the teacher", points(Self.habits), ink: .series(0))]
          + shown.enumerated().map { index, fit in
            .init(fit.entry.name, points(fit.shares), ink: .series(index + 1))
          }, yIncludes: [0]))
  }
}
