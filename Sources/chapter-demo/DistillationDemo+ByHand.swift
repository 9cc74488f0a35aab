import CommandLine
import Distillation
import Figures
import Foundation
import Tensors

/// A divergence with the words by which the demonstration and its keys call it.
struct NamedDivergence {
  let key: String
  let name: String
  let divergence: Divergence

  static let four: [NamedDivergence] = [
    .init(key: "sequence", name: "its text, token 0", divergence: .sequence),
    .init(key: "forward", name: "forward KL", divergence: .forward),
    .init(key: "reverse", name: "reverse KL", divergence: .reverse),
    .init(key: "jsd", name: "Jensen–Shannon, β = ½", divergence: .jensenShannon()),
  ]

  /// The loss at one position, and its slopes along the student's logits.
  func measure(
    student: [Double], teacher: [Double], target: Int = 0
  ) -> (loss: Double, slopes: [Double]) {
    let logits = [student, teacher].map {
      Tensor($0.map { Float(log($0)) }, shape: [1, $0.count])
    }
    let tape = Tape()
    let parameter = Parameter(logits[0])
    let loss = tape[parameter].distillationLoss(
      teacher: logits[1], targets: [target], divergence)
    let value = Double(loss.value.scalar)
    let slopes = tape.gradients(of: loss)[parameter]?.scalars.map(Double.init) ?? []
    return (value, slopes)
  }
}

extension DistillationDemo {
  /// A teacher that prefers one of two tokens by three to one.
  static let teacher = [0.75, 0.25]
  /// A student that cannot tell them apart.
  static let undecided = [0.5, 0.5]

  /// Four measures of one difference, and which way each pulls.
  mutating func compareDivergences() {
    Console.print(
      "A teacher of 3 to 1 and a student that cannot tell: loss and slope of logit 0")
    for entry in NamedDivergence.four {
      let (loss, slopes) = entry.measure(student: Self.undecided, teacher: Self.teacher)
      note("hand.\(entry.key)", loss)
      note("hand.\(entry.key).slope", slopes[0])
      report(entry.name, "\(Self.digits(loss, 4)), \(Self.signed(slopes[0]))")
    }
    let texts = NamedDivergence.four[0]
    let both = (0...1).map {
      texts.measure(student: Self.undecided, teacher: Self.teacher, target: $0)
    }
    let loss = zip(Self.teacher, both).reduce(0) { $0 + $1.0 * $1.1.loss }
    let slope = zip(Self.teacher, both).reduce(0) { $0 + $1.0 * $1.1.slopes[0] }
    let entropy = -Self.teacher.reduce(0) { $0 + $1 * log($1) }
    note("hand.mean", loss)
    note("hand.mean.slope", slope)
    note("hand.entropy", entropy)
    report(
      "its text, on average",
      "\(Self.digits(loss, 4)), \(Self.signed(slope)); the teacher's own entropy is "
        + Self.digits(entropy, 4))
    Console.print()
  }

  /// What a temperature does to a teacher that is nearly sure.
  mutating func compareTemperatures() {
    let logits = [6.0, 2, 1, -2]
    Console.print("A teacher with the logits 6, 2, 1, −2, and a student that knows nothing")
    for temperature in [1.0, 2, 4, 8] {
      let powers = logits.map { exp($0 / temperature) }
      let sum = powers.reduce(0, +)
      let shares = powers.map { $0 / sum }
      let divergence = Divergence(.forward, temperature: temperature)
      let tape = Tape()
      let student = Parameter(Tensor([0, 0, 0, 0], shape: [1, 4]))
      let loss = tape[student].distillationLoss(
        teacher: Tensor(logits.map { Float($0) }, shape: [1, 4]), targets: [0], divergence)
      let slopes = tape.gradients(of: loss)[student]?.scalars.map(Double.init) ?? []
      let key = "temperature.\(Int(temperature))"
      note("\(key).first", shares[0])
      note("\(key).second", shares[1])
      note("\(key).last", shares[3])
      note("\(key).slope", slopes[0])
      note("\(key).raw-slope", slopes[0] / temperature / temperature)
      report(
        "τ = \(Int(temperature))",
        "shares " + shares.map { Self.digits($0, 3) }.joined(separator: " ")
          + "; slope \(Self.signed(slopes[0])), without τ² "
          + Self.signed(slopes[0] / temperature / temperature))
    }
    Console.print()
  }

  /// The size of a Jensen–Shannon divergence between its ends.
  mutating func drawScale() {
    func value(_ divergence: Divergence) -> Double {
      NamedDivergence(key: "", name: "", divergence: divergence)
        .measure(student: Self.undecided, teacher: Self.teacher).loss
    }
    Console.print(
      "The Jensen–Shannon divergence of the same pair over β, plain and divided by β(1 − β)")
    for beta in [0.01, 0.1, 0.5, 0.9, 0.99] {
      let plain = value(.jensenShannon(beta))
      let scaled = value(.jensenShannon(beta, isScaled: true))
      let key = "scale.\(Int((100 * beta).rounded()))"
      note("\(key).plain", plain)
      note("\(key).scaled", scaled)
      report("β = \(beta)", "\(Self.digits(plain, 4)) and \(Self.digits(scaled, 4))")
    }
    let ends = [value(.forward), value(.reverse)]
    let jump = ends[0] / value(.jensenShannon(0.01))
    note("scale.jump", jump)
    report(
      "at the ends", "KL forward \(Self.digits(ends[0], 4)), reverse \(Self.digits(ends[1], 4))"
    )
    report(
      "from β = 0.01 to 0", "\(Self.digits(jump, 0)) times as much, if 0 means the forward KL")
    Console.print()
    let places = (1...99).map { Double($0) / 100 }
    draw(
      "scale",
      LineChart(
        title: "A dial whose ends do not fit its middle",
        description:
          "The Jensen–Shannon divergence of a teacher of 3 to 1 and an undecided student over β. The "
          + "plain one falls to zero at both ends and is 0.034 in the middle. Divided by β(1 − β) it "
          + "runs from the forward divergence, 0.131, to the reverse one, 0.144. A program that "
          + "takes those two at the ends and the plain one between them jumps from zero to them.",
        xLabel: "β", yLabel: "nats",
        series: [
          .init(
            "plain", places.map { ($0, value(.jensenShannon($0))) }, ink: .series(0)),
          .init(
            "divided by β(1 − β)",
            places.map { ($0, value(.jensenShannon($0, isScaled: true))) }, ink: .series(1)),
          .init("forward KL, at β = 0", [(0, ends[0])], ink: .series(2), hasMarkers: true),
          .init("reverse KL, at β = 1", [(1, ends[1])], ink: .series(3), hasMarkers: true),
        ], yIncludes: [0]))
  }
}
