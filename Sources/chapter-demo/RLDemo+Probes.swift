import CommandLine
import Figures
import RL
import Text

extension RLDemo {
  /// What experiments with thoughts say about one policy.
  struct Thought {
    let modes: (thinking: Double, direct: Double)
    let filler: Double
    let corruption: (followed: Double, right: Double)
    let budgets: [(budget: Int, accuracy: Double)]
    let vote: (votes: Int, consensus: Double, thinking: Double)
  }

  /// Experiments on the longest sums, all of them held out.
  func probes(of run: ZeroRun) -> Thought {
    let size = RLLesson.sizes.upperBound
    let items = TaskMix.heldOut(.digitSum, size: size, count: 200, seed: 2)
    let probes = ThinkingProbes(run.policy.language, on: items, Examination(budget: 24))
    return Thought(
      modes: probes.forcedModes, filler: probes.fillerAccuracy, corruption: probes.corruption(),
      budgets: probes.budgetCurve(Array(0...2 * size)), vote: probes.voteAtEqualTokens)
  }

  /// The share of samples that think, on those sums.
  func sampledThinking(of run: ZeroRun) -> Double {
    let items = TaskMix.heldOut(
      .digitSum, size: RLLesson.sizes.upperBound, count: 200, seed: 2)
    return Examination(budget: 24, samples: 4).marks(of: run.policy.language, on: items)
      .sampledShape.thinking
  }

  /// Prints the experiments before and after the run side by side.
  mutating func compare(
    _ before: Thought, _ after: Thought, _ thinksBefore: Double, _ thinksAfter: Double
  ) {
    let size = RLLesson.sizes.upperBound
    Console.print("What a thought is good for: \(size) digits, before and after")
    let rows: [(key: String, name: String, before: Double, after: Double)] = [
      ("share", "samples think", thinksBefore, thinksAfter),
      ("thinking", "made to think", before.modes.thinking, after.modes.thinking),
      ("direct", "kept from it", before.modes.direct, after.modes.direct),
      ("filler", "full stops", before.filler, after.filler),
      ("followed", "false: followed", before.corruption.followed, after.corruption.followed),
      ("corrected", "false: right", before.corruption.right, after.corruption.right),
      ("vote", "a vote of direct", before.vote.consensus, after.vote.consensus),
    ]
    for row in rows {
      note("probe.\(row.key).before", row.before)
      note("probe.\(row.key).after", row.after)
      report(row.name, "\(Self.digits(row.before, 2)) → \(Self.digits(row.after, 2))")
    }
    note("probe.votes", after.vote.votes)
    for (name, thought) in [("before", before), ("after", after)] {
      for point in thought.budgets {
        note("probe.budget.\(point.budget).\(name)", point.accuracy)
      }
    }
    let shown = after.budgets.filter { $0.budget.isMultiple(of: 2) }
    report(
      "cut after tokens",
      shown.map { "\($0.budget): \(Self.digits($0.accuracy, 2))" }.joined(separator: "  "))
    Console.print()
    func points(_ thought: Thought) -> [(x: Double, y: Double)] {
      thought.budgets.map { (Double($0.budget), $0.accuracy) }
    }
    draw(
      "budget",
      LineChart(
        title: "A thought helps only when it is whole",
        description:
          "The share of right answers over the tokens after which a thought about \(size) digits is "
          + "cut, before and after the run. It stays near guessing until the last tokens of the "
          + "thought, which hold the answer, and rises there.",
        xLabel: "tokens of the thought", yLabel: "share of right answers",
        series: [
          .init("before", points(before), ink: .series(0), hasMarkers: true),
          .init("after", points(after), ink: .series(1), hasMarkers: true),
        ], references: [.init("guessing", y: 0.1)], yIncludes: [0, 1]))
  }
}
