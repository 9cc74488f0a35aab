import Foundation
import Tensors

/// Three rules learn one linear map from inputs whose directions differ in size by about a hundred.
///
/// The directions are turned at random, so that no single weight belongs to one of them: a rule
/// that scales each weight by itself cannot undo the difference.
enum OptimizerRace {
  enum Rule: String, CaseIterable {
    case descent, adamW, muon

    var title: String {
      switch self {
      case .descent: "gradient descent"
      case .adamW: "AdamW"
      case .muon: "Muon"
      }
    }

    var rates: [Double] {
      switch self {
      case .descent: [50, 100, 200, 400, 600, 900]
      case .adamW, .muon: [0.003, 0.01, 0.02, 0.05, 0.1, 0.2]
      }
    }
  }

  struct Run {
    let rate: Double
    let losses: [Double]
    /// What is left of the error in the most common direction, and in the rarest.
    let common, rare: Double
  }

  private static let size = 32
  private static let steps = 200

  /// The run with the lowest final loss.
  static func best(_ rule: Rule, seed: UInt64) -> Run {
    let runs = rule.rates.map { run(rule, rate: $0, seed: seed) }
    return runs.min { ($0.losses.last ?? .infinity) < ($1.losses.last ?? .infinity) } ?? runs[0]
  }

  private static func run(_ rule: Rule, rate: Double, seed: UInt64) -> Run {
    var generator = SplitMix64(seed: seed)
    // A random matrix made level is nearly a rotation: its singular values are near 1, from 0.7 to 1.1.
    let axes = Tensor.normal(shape: [size, size], using: &generator).orthogonalized()
    let scales = (0..<size).map { pow(0.01, Double($0) / Double(size - 1)) }
    let stretched = Tensor(
      (0..<size * size).map { axes.scalars[$0] * Float(scales[$0 / size]) },
      shape: [size, size])
    let goal = Tensor.normal(
      shape: [size, size], deviation: 1 / Float(size).squareRoot(), using: &generator)
    let wanted = stretched.matmul(goal, transposing: .right)

    let weight = Parameter(Tensor(shape: [size, size]))
    let named: [(name: String, parameter: Parameter)] = [("map.weight", weight)]
    var optimizer: any Optimizer =
      rule == .muon
      ? Muon(named, rate: Float(rate)) : AdamW(named, rate: Float(rate), decay: 0)
    let schedule = Schedule.linear()
    var losses: [Double] = []
    for step in 0...steps {
      let tape = Tape()
      let found = tape.constant(stretched).matmul(tape[weight], transposing: .right)
      let loss = (found - tape.constant(wanted)).squared().mean()
      losses.append(Double(loss.value.scalar))
      guard step < steps else { break }
      let gradients = tape.gradients(of: loss)
      let factor = schedule.factor(step: step, of: steps)
      if rule == .descent {
        guard let gradient = gradients[weight] else { break }
        weight.value = weight.value - gradient * (Float(rate) * factor)
      } else {
        optimizer.step(gradients, factor: factor)
      }
    }
    let left = axes.matmul(goal - weight.value, transposing: .right).scalars
    let whole = axes.matmul(goal, transposing: .right).scalars
    func share(_ row: Int) -> Double {
      func length(_ numbers: ArraySlice<Float>) -> Double {
        numbers.reduce(0.0) { $0 + Double($1 * $1) }.squareRoot()
      }
      let range = row * size..<(row + 1) * size
      return length(left[range]) / length(whole[range])
    }
    return Run(
      rate: rate, losses: losses, common: share(0), rare: share(size - 1))
  }
}
