import Checkpoints
import CommandLine
import Figures
import MoE
import Tensors

extension MoEDemo {
  /// Softmax, one expert for each token, nothing that balances, and ten times the usual rate.
  private static let unbalanced: MixtureTrial = {
    var trial = MixtureTrial(
      experts: ExpertSizes(
        count: 8, active: 1, shared: 0, width: 192, scoring: .softmax, selection: .greedy))
    trial.steps = 120
    trial.rate = 4e-2
    return trial
  }()

  /// Trains a router without any balancing until it has forgotten most of its experts.
  mutating func collapse() throws {
    Console.print("A router that collapses: softmax, one expert a token, nothing that balances")
    let outcome = try Self.unbalanced.run(try MixtureTrial.Lesson(seed: seed), seed: seed)
    tell(outcome, "alone", "ten times the rate")
    Console.print()
    drawCollapse(outcome)
  }

  /// Trains it with a balance loss, and alone at the usual rate.
  mutating func compareCollapses() throws {
    Console.print("The same router with a loss, and at the usual rate")
    let lesson = try MixtureTrial.Lesson(seed: seed)
    var pulled = Self.unbalanced
    pulled.experts?.balanceWeight = 0.01
    tell(try pulled.run(lesson, seed: seed), "pulled", "with a loss")
    var usual = MixtureTrial(experts: Self.unbalanced.experts)
    usual.steps = 200
    tell(try usual.run(lesson, seed: seed), "usual", "at the usual rate")
    Console.print()
  }

  private mutating func tell(_ outcome: MixtureTrial.Outcome, _ key: String, _ name: String) {
    let busiest = outcome.lateLoads.map { ($0.max() ?? 0) / Double($0.count) }
    report(
      name,
      "\(outcome.idle) of 16 experts idle, the busiest ones serve "
        + busiest.map { Self.digits($0 * 100, 0) + " %" }.joined(separator: " and ")
        + ", validation loss \(Self.digits(outcome.loss, 3))")
    note("collapse.\(key).idle", outcome.idle)
    note("collapse.\(key).loss", outcome.loss)
    note("collapse.\(key).maxvio-batch", outcome.batchViolation)
    for (layer, share) in busiest.enumerated() {
      note("collapse.\(key).busiest\(layer + 1)", share * 100)
    }
  }

  private mutating func drawCollapse(_ outcome: MixtureTrial.Outcome) {
    let spans = (0..<12).map { $0 * 10..<$0 * 10 + 10 }
    let experts = (0..<8).map(String.init)
    draw(
      "collapse",
      HeatMap(
        title: "A router collapses",
        description:
          "The load of 8 experts in each of two layers over 120 steps, as a multiple of an even "
          + "share; 8 means that one expert serves every token. From step 20 on, expert 0 of the first "
          + "of them serves every token, and two experts of the second serve nearly all.",
        rows: spans.map { Array(outcome.meanLoads(of: $0).joined(separator: [.nan])) },
        rowLabels: spans.map { "to step \($0.upperBound)" },
        columnLabels: experts + [""] + experts,
        columnTitle: "experts of layer 1, and of layer 2", range: 0...8))
  }
}
