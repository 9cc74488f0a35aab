import Checkpoints
import CommandLine
import Figures
import MoE

extension MoEDemo {
  /// A feed-forward layer with the same 256 hidden numbers at work for each token.
  private struct Grain {
    let key, name: String
    let experts: ExpertSizes?
    var denseWidth = 256
  }

  private static func experts(_ count: Int, active: Int, shared: Int, width: Int) -> ExpertSizes
  {
    // Softmax and no normalisation, as in the paper: a normalised top-1 weight is always 1 and
    // teaches its router nothing. The scale makes the weights of an even softmax sum to 1.
    ExpertSizes(
      count: count, active: active, shared: shared, width: width, scoring: .softmax,
      selection: .greedy, scale: Double(count) / Double(active), balanceWeight: 0.01)
  }

  private static let grains = [
    Grain(key: "dense", name: "dense, 256 wide", experts: nil),
    Grain(
      key: "top1", name: "8 experts, 1 active",
      experts: experts(8, active: 1, shared: 0, width: 256)),
    Grain(
      key: "top2", name: "16 experts, 2 active",
      experts: experts(16, active: 2, shared: 0, width: 128)),
    Grain(
      key: "fine", name: "64 experts, 8 active",
      experts: experts(64, active: 8, shared: 0, width: 32)),
    Grain(
      key: "shared", name: "62, 6 active, 2 shared",
      experts: experts(62, active: 6, shared: 2, width: 32)),
    Grain(key: "wide", name: "dense, 2048 wide", experts: nil, denseWidth: 2048),
  ]

  /// Trains models whose feed-forward layers have the same active width, cut finer and finer.
  mutating func compareGrains() throws {
    Console.print("The same width at work, cut into experts")
    let lesson = try MixtureTrial.Lesson(seed: seed)
    var losses: [Double] = []
    for grain in Self.grains {
      var trial = MixtureTrial(experts: grain.experts, denseWidth: grain.denseWidth)
      trial.steps = 160
      let (first, second) = (
        try trial.run(lesson, seed: seed), try trial.run(lesson, seed: seed + 1)
      )
      let mean = (first.loss + second.loss) / 2
      losses.append(mean)
      note("grain.\(grain.key).loss", mean)
      note("grain.\(grain.key).loss-first", first.loss)
      note("grain.\(grain.key).loss-second", second.loss)
      report(
        grain.name,
        "validation loss \(Self.digits(first.loss, 3)) and \(Self.digits(second.loss, 3))")
    }
    Console.print()
    draw(
      "grains",
      BarChart(
        title: "The same width at work, cut finer and finer",
        description:
          "Validation loss, mean of two seeds, of models whose feed-forward layers have 256 hidden "
          + "numbers at work for each token, between a dense model with 256 in all and one with 2048.",
        valueLabel: "validation loss (nats a byte)", groups: Self.grains.map(\.name),
        series: [.init("mean of two seeds", losses, ink: .expert)],
        format: { Self.digits($0, 3) }))
  }
}
