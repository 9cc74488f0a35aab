import Attention
import CommandLine
import Figures
import Foundation
import MTP
import SmallV3
import Tensors
import Text

extension SmallV3Demo {
  /// A watchman who compares a loss with itself, and two who do not.
  mutating func showWatch() {
    Console.print("A spike among the 64 losses that it is compared with")
    let window = [Double](repeating: 0, count: 63) + [1000]
    let mean = Self.mean(window)
    let spread = Self.mean(window.map { ($0 - mean) * ($0 - mean) }).squareRoot()
    note("watch.bound", (1000 - mean) / spread)
    report(
      "63 times 0 and a 1000",
      "\(Self.digits((1000 - mean) / spread, 3)) deviations from the mean, and never more")

    var monitor = TrainingMonitor()
    for step in 1...40 {
      _ = monitor.observe(step: step, loss: step % 2 == 1 ? 2.1 : 1.9)
    }
    for finding in monitor.observe(step: 41, loss: 3.7) { report("ours", finding.sentence) }
    let curves = 200
    var (alarms, naive, found) = (0, 0, 0)
    for seed in 0..<curves {
      var losses = Self.curve(UInt64(seed))
      alarms += Self.alarms(losses).count
      naive += Self.naiveAlarms(losses).count
      losses[100 + seed] += 2
      found += Self.alarms(losses) == [100 + seed] ? 1 : 0
    }
    note("watch.curves", curves)
    note("watch.alarms", alarms)
    note("watch.naive", naive)
    note("watch.found", found)
    report(
      "\(curves) curves, no spike",
      "\(alarms) alarms of ours, \(naive) of three deviations above the mean of 64")
    report("\(curves) curves, one spike", "\(found) found, and nothing else")
    Console.print()
  }

  /// A smooth curve with noise: it falls from about 6 to about 1.
  private static func curve(_ seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    let (end, speed) = (0.5 + generator.uniform(), 10 + 60 * generator.uniform())
    let noise = 0.01 + 0.1 * generator.uniform()
    return (0..<400).map { end + 5 * exp(-Double($0) / speed) + noise * generator.normal() }
  }

  private static func alarms(_ losses: [Double]) -> [Int] {
    var monitor = TrainingMonitor()
    return losses.indices.filter {
      !monitor.observe(step: $0 + 1, loss: losses[$0]).isEmpty
    }
  }

  /// What exceeds the mean of the 64 before it by three of their deviations.
  private static func naiveAlarms(_ losses: [Double]) -> [Int] {
    (64..<losses.count).filter { step in
      let seen = Array(losses[step - 64..<step])
      let mean = mean(seen)
      let spread = Self.mean(seen.map { ($0 - mean) * ($0 - mean) }).squareRoot()
      return losses[step] > mean + 3 * spread
    }
  }

  /// A training with three batches of noise: what they do to a run, and to one that goes back.
  mutating func showPoison() throws {
    Console.print("A small training whose batches 51 to 53 are noise")
    let (hurt, _) = try Self.course(.warn)
    let (unclipped, _) = try Self.course(.warn, clip: 1e6)
    let (healed, returns) = try Self.course(.rollback)
    let after = hurt[53]
    let recovery = hurt.indices.first { $0 > 53 && hurt[$0] < 1.1 * hurt[49] } ?? 90
    note("poison.before", hurt[49])
    note("poison.at", hurt[50])
    note("poison.after", after)
    note("poison.steps", recovery - 53)
    note("poison.unclipped", unclipped[53])
    note("poison.unclipped.end", unclipped[89])
    note("poison.returns", returns.count)
    note("poison.end.rollback", healed[53])
    report(
      "warn",
      "loss \(Self.digits(hurt[49], 3)) before, \(Self.digits(hurt[50], 2)) at the first, "
        + "\(Self.digits(after, 3)) at the next good batch; \(recovery - 53) steps until it is as "
        + "before")
    report(
      "warn, no clipping",
      "\(Self.digits(unclipped[53], 3)) at the next good batch, \(Self.digits(unclipped[89], 3)) at "
        + "the end, where the clipped run has \(Self.digits(hurt[89], 3))")
    report(
      "rollback",
      "back to step \(returns.map { "\($0)" }.joined(separator: ", ")), each time without the batches "
        + "since; loss \(Self.digits(healed[53], 3)) at the same step")
    Console.print()
    func points(_ losses: [Double]) -> [(x: Double, y: Double)] {
      losses.enumerated().dropFirst(20).map { (Double($0 + 1), $1) }
    }
    draw(
      "poison",
      LineChart(
        title: "Three batches of noise",
        description:
          "The loss of a small training over its steps. With the policy warn it jumps at step 51 and "
          + "comes down slowly. With rollback the run returns to step 40 and goes on without the batches "
          + "since then, three times.",
        xLabel: "step", yLabel: "loss, nats per token", yScale: .logarithmic,
        series: [
          .init("warn, gradients not clipped", points(unclipped), ink: .series(4)),
          .init("warn", points(hurt), ink: .series(0)),
          .init("rollback", points(healed), ink: .series(1)),
        ]))
  }

  /// The losses of ninety steps, and the steps to which the run went back.
  private static func course(_ policy: SpikePolicy, clip: Float = 1) throws -> (
    losses: [Double], returns: [Int]
  ) {
    var plan = NamedConfiguration.tinyV3.plan
    plan.steps = 90
    plan.rate = 0.01
    plan.clip = clip
    plan.schedule = .constant(warmup: 5)
    let trainer = Trainer(
      DeepSeekModel(NamedConfiguration.tinyV3.model, seed: 2), plan: plan,
      batches: PoisonedRows(poison: 50..<53))
    var run = GuardedTrainer(
      trainer, monitor: TrainingMonitor(activeExperts: 2), policy: policy)
    var (losses, returns): ([Double], [Int]) = ([], [])
    while !run.trainer.isFinished {
      switch try run.takeStep() {
      case .took(let report, _):
        losses.append(report.loss)
        if report.step % 20 == 0 { run.keep() }
      case .wentBack(let step, _):
        returns.append(step)
        losses.removeLast(losses.count - step)
      }
    }
    return (losses, returns)
  }
}

/// Rows of phrases that are easy to learn, with some batches of noise among them.
private struct PoisonedRows: BatchSource {
  var generator = SplitMix64(seed: 1)
  var place = 0
  var fingerprint: UInt64 { 1 }
  /// The numbers of the batches that are noise.
  let poison: Range<Int>

  mutating func next() -> Batch {
    defer { place += 1 }
    let isPoison = poison.contains(place)
    var own = generator.branch(UInt64(place))
    let rows = (0..<8).map { row in
      (0..<33).map { isPoison ? Draw.below(200, using: &own) : ($0 + row + place) * 3 % 7 + 1 }
    }
    return Batch(
      inputs: rows.flatMap { $0.dropLast() }, targets: rows.flatMap { $0.dropFirst() },
      sequences: 8, length: 32)
  }
}
