import CommandLine
import DualPipe
import Figures
import FullScale

extension FullScaleDemo {
  /// Gives chapter 7's simulator the measured costs, and compares its step with the measured one.
  mutating func simulateStep() throws {
    let measured = MeasuredStep.multiPlane
    let costs = try measured.costs()
    Console.print("A step of V3 on 2048 H800: 16 ranks, 120 micro-batches, seconds")
    report(
      "an operation, ms",
      "F \(Self.digits(1000 * costs.forward, 1)), I \(Self.digits(1000 * costs.inputs, 1)), W "
        + "\(Self.digits(1000 * costs.weights, 1)), F&B \(Self.digits(1000 * costs.pair, 1)), "
        + "\(Self.digits(100 * costs.pair / (costs.forward + costs.backward), 1)) % of F + B")
    for (key, value) in [
      ("forward", costs.forward), ("inputs", costs.inputs), ("weights", costs.weights),
      ("pair", costs.pair),
    ] {
      note("step.\(key)", 1000 * value)
    }
    note("step.ratio", costs.pair / (costs.forward + costs.backward))
    let plan = try StepPlan(.v3, costs, optimizer: measured.optimizer)
    report(
      "simulated",
      "\(Self.digits(plan.seconds, 2)), of which waiting \(Self.digits(plan.timetable.idle[0], 2))"
    )
    report("measured", "\(measured.seconds), of which waiting \(measured.bubble)")
    note("step.simulated", plan.seconds)
    note("step.simulated-idle", plan.timetable.idle[0])
    note("step.short", 100 * (1 - plan.seconds / measured.seconds))
    var apart = costs
    apart.pair = costs.forward + costs.backward
    var travelling = costs
    travelling.transfer = 4096 * 7168 * 2 / Accelerator.h800.betweenSpeed
    note("step.transfer-ms", 1000 * travelling.transfer)
    let others: [(key: String, name: String, TrainingLayout, Costs)] = [
      ("travelling", "messages of 1.2 ms", .v3, travelling),
      ("apart", "nothing overlapped", .v3, apart),
      (
        "zb1p", "ZB1P instead",
        TrainingLayout(method: .zeroBubble, pipeline: 16, experts: 64, cards: 2048), apart
      ),
      (
        "1f1b", "1F1B instead",
        TrainingLayout(method: .oneForwardOneBackward, pipeline: 16, experts: 64, cards: 2048),
        apart
      ),
    ]
    for (key, name, layout, costs) in others {
      let other = try StepPlan(layout, costs, optimizer: measured.optimizer)
      report(
        name,
        "\(Self.digits(other.seconds, 2)), \(Self.digits(other.seconds / plan.seconds, 3)) times as long"
      )
      note("step.\(key)", other.seconds)
      note("step.\(key).times", other.seconds / plan.seconds)
    }
    let split = TensorSplit()
    for card in [Accelerator.h800, .h100] {
      let time = split.seconds(speed: card.insideSpeed)
      report(
        "tensors over 8, \(card.name)",
        "\(Self.digits(1000 * time, 2)) ms of sums in each layer's forward pass")
      note("split.\(card.name)", 1000 * time)
    }
    Console.print()
    try scaleOut(costs)
  }

  /// The same batch on more and more cards: fewer micro-batches a pipeline, and the same bubble.
  private mutating func scaleOut(_ costs: Costs) throws {
    Console.print("The same batch on more cards")
    var points: [(x: Double, y: Double)] = []
    for cards in [512, 1024, 2048, 4096, 7168] {
      // With 7168 cards a pipeline has 34 micro-batches; DualPipe needs 32.
      let layout = TrainingLayout(
        pipeline: 16, experts: min(64, cards / 16), cards: cards)
      let count = layout.microBatches(sequences: 15_360, length: 4096)
      let schedule = try layout.method.schedule(ranks: 16, microBatches: count)
      let timetable = try Timetable(schedule, costs)
      let share = 100 * timetable.idle[0] / timetable.makespan
      let days = timetable.makespan * HoursPerTrillion.v3Tokens / MeasuredStep.tokens / 86_400
      points.append((Double(cards), share))
      report(
        "\(cards) cards",
        "\(count) micro-batches, waiting \(Self.digits(share, 1)) %, \(Self.digits(days, 1)) days"
      )
      note("scale.\(cards).idle", share)
      note("scale.\(cards).days", days)
    }
    Console.print()
    draw(
      "scale",
      LineChart(
        title: "Waiting for the pipeline, when the same batch is spread over more cards",
        description:
          "The share of a step in which the first rank waits, over the number of cards: about 1 per "
          + "cent with 512 cards, 5 with V3's 2048, and 16 with 7168, where a pipeline has only 34 "
          + "micro-batches left.",
        xLabel: "cards", yLabel: "waiting (%)", xScale: .logarithmic,
        series: [.init("DualPipe, 16 ranks", points, ink: .ours, hasMarkers: true)],
        yIncludes: [0]))
  }
}
