import Checkpoints
import CommandLine
import Figures
import MoE
import Tensors
import Text

extension MoEDemo {
  /// Three layers, the first of them dense; sixteen experts, of which a token visits two.
  static let sizes = ExpertSizes(
    count: 16, active: 2, shared: 1, width: 64, scoring: .sigmoid, selection: .biased,
    normalizes: true)

  /// A way to keep loads even.
  enum Strategy: String, CaseIterable {
    case none, sequence, batch, free

    var title: String {
      switch self {
      case .none: "no balancing"
      case .sequence: "loss per sequence"
      case .batch: "loss per batch"
      case .free: "bias, no loss"
      }
    }

    /// The trial with a weight of the balance loss, or a speed of the bias.
    func trial(_ strength: Double) -> MixtureTrial {
      var trial = MixtureTrial(experts: MoEDemo.sizes)
      switch self {
      case .none: break
      case .sequence, .batch:
        trial.experts?.balanceWeight = strength
        trial.experts?.balancesSequences = self == .sequence
      case .free: trial.biasSpeed = strength
      }
      return trial
    }

    /// V2 has α = 0.001 to 0.01 and V3 γ = 0.001; γ is larger where a training is this short.
    var trial: MixtureTrial { trial(0.01) }
  }

  /// Trains the same model from the same seed with each strategy.
  mutating func compareStrategies() throws {
    Console.print("Sixteen experts learn the built-in corpus, balanced in four ways")
    let lesson = try MixtureTrial.Lesson(seed: seed)
    var outcomes: [MixtureTrial.Outcome] = []
    for strategy in Strategy.allCases {
      let outcome = try strategy.trial.run(lesson, seed: seed)
      outcomes.append(outcome)
      report(
        strategy.title,
        "validation loss \(Self.digits(outcome.loss, 3)), MaxVio of a batch "
          + "\(Self.digits(outcome.batchViolation, 2)), of the whole text "
          + "\(Self.digits(outcome.globalViolation, 2)), of a sequence "
          + "\(Self.digits(outcome.sequenceViolation, 2))")
      note("balance.\(strategy).loss", outcome.loss)
      note("balance.\(strategy).maxvio-batch", outcome.batchViolation)
      note("balance.\(strategy).maxvio-global", outcome.globalViolation)
      note("balance.\(strategy).maxvio-sequence", outcome.sequenceViolation)
      note("balance.\(strategy).idle", outcome.idle)
      note("balance.\(strategy).busiest", outcome.lateLoads.joined().max() ?? 0)
      note("balance.\(strategy).kinds", outcome.specialization)
    }
    Console.print()
    drawLoads(outcomes)
    drawViolations(outcomes)
    drawKinds(outcomes)
  }

  /// Time runs downwards, once for each strategy; layers lie side by side.
  private mutating func drawLoads(_ outcomes: [MixtureTrial.Outcome]) {
    var (rows, labels): ([[Double]], [String]) = ([], [])
    for (strategy, outcome) in zip(Strategy.allCases, outcomes) where strategy != .batch {
      if !rows.isEmpty {
        rows.append([])
        labels.append("")
      }
      let span = outcome.loads.count / 8
      for part in 0..<8 {
        let layers = outcome.meanLoads(of: part * span..<(part + 1) * span)
        rows.append(Array(layers.joined(separator: [.nan])))
        labels.append(part == 0 ? strategy.title : "to step \((part + 1) * span)")
      }
    }
    let experts = (0..<Self.sizes.count).map(String.init)
    draw(
      "loads",
      HeatMap(
        title: "Where the tokens go, while the model learns",
        description:
          "The load of 16 experts in each of two layers, as a multiple of an even share, over the "
          + "course of three trainings. Without balancing a few columns are bright and many are dark; "
          + "with the loss they come closer; with the bias nearly all have the same colour.",
        rows: rows, rowLabels: labels, columnLabels: experts + [""] + experts,
        columnTitle: "experts of layer 1, and of layer 2", range: 0...3))
  }

  private mutating func drawViolations(_ outcomes: [MixtureTrial.Outcome]) {
    draw(
      "maxvio",
      LineChart(
        title: "By how much the busiest expert exceeds its share",
        description:
          "MaxVio of each step's batch, averaged over two layers and ten steps, over the training "
          + "with four strategies. Without balancing it stays highest; with the bias it falls lowest.",
        xLabel: "step", yLabel: "MaxVio of a batch, mean of 10 steps",
        series: zip(Strategy.allCases, outcomes).enumerated().map { index, pair in
          .init(
            pair.0.title, MixtureTrial.Outcome.smoothed(pair.1.violations), ink: .series(index))
        }, yIncludes: [0]))
  }

  /// The last layer's loads on stories, tasks and programs.
  private mutating func drawKinds(_ outcomes: [MixtureTrial.Outcome]) {
    let names = ["stories", "arithmetic", "programs"]
    var (rows, labels): ([[Double]], [String]) = ([], [])
    for (strategy, outcome) in zip(Strategy.allCases, outcomes) where strategy != .batch {
      if !rows.isEmpty {
        rows.append([])
        labels.append("")
      }
      for (name, layers) in zip(names, outcome.kinds) {
        rows.append(layers.last ?? [])
        labels.append("\(strategy.title): \(name)")
      }
    }
    draw(
      "kinds",
      HeatMap(
        title: "Who serves stories, and who serves sums",
        description:
          "The load of the last layer's 16 experts on three sorts of held-out text, as a multiple of "
          + "an even share, after three trainings. Every training gives each sort experts of its own.",
        rows: rows, rowLabels: labels, columnLabels: (0..<Self.sizes.count).map(String.init),
        columnTitle: "expert of the last layer", range: 0...3))
  }

  /// Trains with each strategy at several strengths, from two seeds.
  mutating func compareStrengths() throws {
    Console.print("The same at several strengths")
    let lesson = try MixtureTrial.Lesson(seed: seed)
    let again = try Strategy.allCases.map { try $0.trial.run(lesson, seed: seed + 1) }
    for (strategy, outcome) in zip(Strategy.allCases, again) {
      note("balance.\(strategy).loss-again", outcome.loss)
      note("balance.\(strategy).maxvio-global-again", outcome.globalViolation)
      note("balance.\(strategy).idle-again", outcome.idle)
      note("balance.\(strategy).kinds-again", outcome.specialization)
      report(
        strategy.title,
        "with the next seed: loss \(Self.digits(outcome.loss, 3)), \(outcome.idle) idle")
    }
    let strengths = [0.0001, 0.001, 0.01, 0.1]
    let ways: [(strategy: Strategy, name: String)] = [
      (.sequence, "loss per sequence, weight α"), (.free, "bias, speed γ"),
    ]
    var (violations, losses): ([LineChart.Series], [LineChart.Series]) = ([], [])
    for (index, way) in ways.enumerated() {
      var (even, quality): ([(x: Double, y: Double)], [(x: Double, y: Double)]) = ([], [])
      for strength in strengths {
        let outcome = try way.strategy.trial(strength).run(lesson, seed: seed)
        even.append((strength, outcome.batchViolation))
        quality.append((strength, outcome.loss))
        let key = "strength.\(way.strategy).\(strength)"
        note("\(key).loss", outcome.loss)
        note("\(key).maxvio-batch", outcome.batchViolation)
        note("\(key).maxvio-global", outcome.globalViolation)
        report(
          "\(way.strategy) \(strength)",
          "validation loss \(Self.digits(outcome.loss, 3)), MaxVio of a batch "
            + "\(Self.digits(outcome.batchViolation, 2)), of the text "
            + Self.digits(outcome.globalViolation, 2))
      }
      violations.append(.init(way.name, even, ink: .series(index), hasMarkers: true))
      losses.append(.init(way.name, quality, ink: .series(index), hasMarkers: true))
    }
    Console.print()
    draw(
      "strengths",
      LineChart(
        title: "How hard to push",
        description:
          "MaxVio of a batch over the strength of two strategies, on a logarithmic axis. Too weak a "
          + "push leaves the loads uneven; the bias overshoots where its speed is too high.",
        xLabel: "weight of the loss, or speed of the bias", yLabel: "MaxVio of a batch",
        xScale: .logarithmic, series: violations, yIncludes: [0]))
    draw(
      "strengths-loss",
      LineChart(
        title: "What a push costs",
        description: "Validation loss over the strength of two strategies.",
        xLabel: "weight of the loss, or speed of the bias",
        yLabel: "validation loss (nats a byte)", xScale: .logarithmic, series: losses))
  }
}
