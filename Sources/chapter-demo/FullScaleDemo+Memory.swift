import Checkpoints
import CommandLine
import DualPipe
import Figures
import FullScale

extension FullScaleDemo {
  /// What a card of V3's training holds, and what it would without each of the tricks.
  mutating func fillMemory() throws {
    Console.print("The fullest card of V3's training, in GB of 80")
    if let cut = StageCut.balanced(.v3, stages: 16) {
      report("layers of a stage", cut.layers.map { "\($0.count)" }.joined(separator: " "))
      report("slowest / mean stage", Self.digits(cut.imbalance, 3))
      note("cut.imbalance", cut.imbalance)
    }
    var alone = TrainingLayout.v3
    alone.sharesOptimizer = false
    var near = TrainingLayout.v3
    near.experts = 8
    let cases: [(key: String, name: String, TrainingLayout, NumberFormats, Recomputation)] = [
      ("v3", "as it was", .v3, .v3, .v3),
      ("kept", "nothing computed again", .v3, .v3, []),
      ("brain", "in sixteen bits", .v3, .brain, .v3),
      ("both", "both", .v3, .brain, []),
      ("alone", "without ZeRO-1", alone, .v3, .v3),
      ("near", "experts over 8 cards", near, .v3, .v3),
    ]
    var plans: [(name: String, plan: MemoryPlan)] = []
    for (key, name, layout, formats, recomputed) in cases {
      guard
        let plan = MemoryPlan.fullest(of: .v3, layout, formats, recomputing: recomputed)
      else { continue }
      plans.append((name, plan))
      tell(key, name, plan)
    }
    if let bytes = Self.kept([]), let few = Self.kept(.v3) {
      report("kept of a token, a layer", "\(Int(bytes)) bytes, \(Int(few)) with recomputation")
      note("kept.all", bytes / 1000)
      note("kept.v3", few / 1000)
    }
    Console.print()
    let parts: [(String, (MemoryPlan) -> Double, Ink)] = [
      ("weights", { $0.working }, .series(0)), ("gradients", { $0.gradients }, .series(1)),
      ("optimizer", { $0.optimizer }, .series(2)),
      ("activations", { $0.activations }, .series(3)),
    ]
    draw(
      "memory",
      BarChart(
        title: "What the fullest card holds, and what each trick saves",
        description:
          "Four bars for each of six ways, in gigabytes. As V3 was trained, activations take most, "
          + "then gradients. Without recomputation activations alone pass what a card has; in "
          + "sixteen bits too. Without ZeRO-1 the optimizer takes 40, and with experts over 8 cards "
          + "everything about experts is eight times as much.",
        valueLabel: "GB", groups: plans.map(\.name),
        series: parts.map { name, part, ink in
          .init(name, plans.map { part($0.plan) / 1e9 }, ink: ink)
        }))
  }

  private static func kept(_ recomputed: Recomputation) -> Double? {
    DecoderConfiguration.v3.keptBytes(10, .v3, recomputed)
  }

  private mutating func tell(_ key: String, _ name: String, _ plan: MemoryPlan) {
    let parts = [plan.working, plan.gradients, plan.optimizer, plan.activations, plan.logits]
      .map { $0 / 1e9 }
    report(
      name,
      "\(Self.digits(plan.total / 1e9, 1)): weights \(Self.digits(parts[0], 1)), gradients "
        + "\(Self.digits(parts[1], 1)), optimizer \(Self.digits(parts[2], 1)), activations "
        + Self.digits(parts[3], 1))
    note("memory.\(key).total", plan.total / 1e9)
    note("memory.\(key).working", parts[0])
    note("memory.\(key).gradients", parts[1])
    note("memory.\(key).optimizer", parts[2])
    note("memory.\(key).activations", parts[3])
    note("memory.\(key).weights", Double(plan.weights) / 1e9)
  }
}
