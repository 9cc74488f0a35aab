import CommandLine
import Figures
import Foundation
import RL
import SmallR1

extension SmallR1Demo {
  /// Tells what more samples and longer thoughts are worth, as means over the runs.
  mutating func showTestTime(_ records: SmallR1Records) {
    let results = records.runs.compactMap(\.testTime)
    guard let first = results.first else { return }
    Console.print("More time for an answer, as recorded: R1 on held-out sums")
    for place in first.sizes.indices {
      tell(results.filter { $0.sizes.indices.contains(place) }.map { $0.sizes[place] })
    }
    Console.print()
    drawSamples(results)
    drawBudgets(results)
  }

  private mutating func tell(_ sizes: [TestTimeResult.Size]) {
    let digits = sizes[0].digits
    note("time.\(digits).problems", sizes[0].problems)
    for (key, path) in [("think", \TestTimeResult.Size.votes), ("direct", \.direct)] {
      let votes = Self.means(sizes.map { $0[keyPath: path] })
      for vote in votes {
        note("time.\(digits).\(key).\(vote.samples).pass", vote.pass)
        note("time.\(digits).\(key).\(vote.samples).cons", vote.consensus)
        note("time.\(digits).\(key).\(vote.samples).tokens", vote.tokens)
      }
      guard let one = votes.first, let all = votes.last else { continue }
      report(
        "\(digits) digits, \(key)",
        "pass@1 \(Self.digits(one.pass, 3)), pass@\(all.samples) \(Self.digits(all.pass, 3)), "
          + "cons@\(all.samples) \(Self.digits(all.consensus, 3)), "
          + "\(Self.digits(one.tokens, 1)) tokens a sample")
    }
    for (key, path) in [("cut", \TestTimeResult.Size.cuts), ("wait", \.waits)] {
      let budgets = Self.means(sizes.map { $0[keyPath: path] })
      for budget in budgets {
        note("time.\(digits).\(key).\(budget.limit)", budget.accuracy)
        note("time.\(digits).\(key).\(budget.limit).tokens", budget.tokens)
      }
      report(
        key == "cut" ? "  cut after" : "  sent on",
        budgets.map { "\($0.limit): \(Self.digits($0.accuracy, 2))" }.joined(separator: ", "))
    }
  }

  private static func means(
    _ lists: [[TestTimeResult.Vote]]
  ) -> [(samples: Int, pass: Double, consensus: Double, tokens: Double)] {
    lists[0].indices.map { index in
      let all = lists.compactMap { $0.indices.contains(index) ? $0[index] : nil }
      return (
        lists[0][index].samples, mean(all.map(\.pass)), mean(all.map(\.consensus)),
        mean(all.map(\.tokens))
      )
    }
  }

  private static func means(
    _ lists: [[TestTimeResult.Budget]]
  ) -> [(limit: Int, accuracy: Double, tokens: Double)] {
    lists[0].indices.map { index in
      let all = lists.compactMap { $0.indices.contains(index) ? $0[index] : nil }
      return (
        lists[0][index].limit, mean(all.map(\.marks.accuracy)), mean(all.map(\.marks.tokens))
      )
    }
  }

  private mutating func drawSamples(_ results: [TestTimeResult]) {
    let sizes = results.compactMap(\.sizes.first)
    guard !sizes.isEmpty else { return }
    let (thinking, direct) = (Self.means(sizes.map(\.votes)), Self.means(sizes.map(\.direct)))
    draw(
      "samples",
      LineChart(
        title: "More samples, or a thought",
        description:
          "pass@k and cons@k over the tokens of k samples, on a logarithmic axis, for sums of "
          + "\(sizes[0].digits) digits: samples that think, and samples that answer at once.",
        xLabel: "tokens of k samples", yLabel: "right", xScale: .logarithmic,
        series: [
          .init(
            "thinking, pass@k", thinking.map { ($0.tokens, $0.pass) }, ink: .series(0),
            hasMarkers: true),
          .init(
            "thinking, cons@k", thinking.map { ($0.tokens, $0.consensus) }, ink: .series(1),
            hasMarkers: true),
          .init(
            "at once, pass@k", direct.map { ($0.tokens, $0.pass) }, ink: .series(2),
            hasMarkers: true),
          .init(
            "at once, cons@k", direct.map { ($0.tokens, $0.consensus) }, ink: .series(3),
            hasMarkers: true),
        ], yIncludes: [0, 1]))
  }

  private mutating func drawBudgets(_ results: [TestTimeResult]) {
    func sizes(_ place: Int) -> [TestTimeResult.Size] { results.map { $0.sizes[place] } }
    let cuts = results[0].sizes.indices.map { place -> LineChart.Series in
      .init(
        "\(sizes(place)[0].digits) digits",
        Self.means(sizes(place).map(\.cuts)).map { (Double($0.limit), $0.accuracy) },
        ink: .series(place), hasMarkers: true)
    }
    let waits = Self.means(sizes(0).map(\.waits)).map { (x: $0.tokens, y: $0.accuracy) }
    draw(
      "budget",
      LineChart(
        title: "A thought that is cut is worth nothing until its end",
        description:
          "The share of right answers over the tokens after which thoughts were cut, one line for each "
          + "number of digits, and for the shortest sums their thoughts sent on once and twice.",
        xLabel: "tokens of a thought", yLabel: "right, greedy",
        series: cuts + [
          .init(
            "\(sizes(0)[0].digits) digits, sent on", waits, ink: .series(cuts.count),
            hasMarkers: true)
        ], references: [.init("guessing", y: 0.1)], yIncludes: [0, 1]))
  }
}
