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
    guard let last = results[0].sizes.indices.last else { return }
    let sizes = results.map { $0.sizes[last] }
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
    let places = results[0].sizes.indices
    draw(
      "budget",
      LineChart(
        title: "A thought that is cut is worth nothing until its end",
        description:
          "The share of right answers over the tokens after which thoughts were cut, one line for each "
          + "number of digits, and on the right of each its thoughts sent on once and twice.",
        xLabel: "tokens of a thought", yLabel: "right, greedy",
        series: places.flatMap { place -> [LineChart.Series] in
          let sizes = results.map { $0.sizes[place] }
          let cuts = Self.means(sizes.map(\.cuts))
          let waits = Self.means(sizes.map(\.waits))
          return [
            .init(
              "\(sizes[0].digits) digits", cuts.map { (Double($0.limit), $0.accuracy) },
              ink: .series(2 * place), hasMarkers: true),
            .init(
              "\(sizes[0].digits) digits, sent on", waits.map { ($0.tokens, $0.accuracy) },
              ink: .series(2 * place + 1), hasMarkers: true),
          ]
        }, references: [.init("guessing", y: 0.1)], yIncludes: [0, 1]))
  }
}
