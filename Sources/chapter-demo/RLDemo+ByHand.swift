import CommandLine
import Figures
import Foundation
import RL

extension RLDemo {
  /// The advantages of groups of eight, of which few or many are right.
  mutating func compareAdvantages() {
    Console.print("Advantages of a right and of a wrong answer in a group of eight")
    for right in [1, 4, 7] {
      let rewards = (0..<8).map { $0 < right ? 1.0 : 0.0 }
      let centred = AdvantageRule.centred(rewards)
      let scored = AdvantageRule.scored(.population)(rewards)
      for (key, values) in [("centred", centred), ("scored", scored)] {
        note("advantage.\(key).\(right).right", values[0])
        note("advantage.\(key).\(right).wrong", values[7])
      }
      report(
        "\(right) of 8 right",
        "centred \(Self.signed(centred[0])) and \(Self.signed(centred[7])); divided by the "
          + "deviation \(Self.signed(scored[0])) and \(Self.signed(scored[7]))")
    }
    Console.print()
  }

  /// What one token counts in a short and in a long response of one group.
  mutating func compareWeights() {
    let (short, long) = (2, 8)
    Console.print(
      "Weight of a token, and of all tokens, in responses of \(short) and of \(long)")
    let group = ResponseGroup(
      prompt: [0], responses: [short, long].map { Self.blank($0) }, rewards: [1, 0])
    let rules: [(key: String, name: String, rule: TokenWeight)] = [
      ("sequence", "sequence mean", .sequenceMean), ("sum", "sequence sum", .sequenceSum),
      ("group", "group tokens", .groupTokens), ("batch", "batch tokens", .batchTokens),
      ("constant", "constant 10", .constant(10)),
    ]
    for (key, name, rule) in rules {
      let weights = rule.weights(of: [group])[0]
      let whole = [weights[0] * Double(short), weights[1] * Double(long)]
      note("weight.\(key).short", weights[0])
      note("weight.\(key).long", weights[1])
      note("weight.\(key).short-whole", whole[0])
      note("weight.\(key).long-whole", whole[1])
      report(
        name,
        "\(Self.digits(weights[0], 4)) and \(Self.digits(weights[1], 4)); all together "
          + "\(Self.digits(whole[0], 2)) and \(Self.digits(whole[1], 2))")
    }
    Console.print()
  }

  private static func blank(_ length: Int) -> RL.Response {
    RL.Response(
      tokens: [Int](repeating: 0, count: length),
      logProbabilities: [Float](repeating: 0, count: length), isTruncated: false)
  }

  private static let penalties: [(key: String, kind: Penalty.Kind)] = [
    ("k1", .k1), ("k2", .k2), ("k3", .k3),
  ]

  /// The three estimators of the divergence, as numbers and as curves.
  mutating func comparePenalties() {
    Console.print("Penalties for d = log π_ref − log π, and their slopes along log π")
    for difference in [-1, 0, 1] {
      let found = Self.penalties.map { Penalty($0.kind, weight: 1)(Double(difference)) }
      for (entry, penalty) in zip(Self.penalties, found) {
        note("penalty.\(entry.key).\(difference)", penalty.value)
        note("penalty.\(entry.key).\(difference)-slope", penalty.slope)
      }
      let texts = zip(Self.penalties, found).map { entry, penalty in
        "\(entry.key) \(Self.signed(penalty.value)) (\(Self.signed(penalty.slope)))"
      }
      report(
        difference == 0 ? "d = 0" : "d = \(Self.signed(Double(difference), 0))",
        texts.joined(separator: ", "))
    }
    Console.print()
    let places = (-80...80).map { Double($0) / 40 }
    draw(
      "penalties",
      LineChart(
        title: "Three estimators of one divergence",
        description:
          "The values of k1, k2 and k3 over d from −2 to 2. k1 is a straight line through 0 that "
          + "falls. k2 is a parabola and k3 is eᵈ − d − 1; both touch 0 at d = 0 and are never "
          + "negative, and k3 rises faster on the right.",
        xLabel: "d = log π_ref − log π", yLabel: "penalty",
        series: Self.penalties.enumerated().map { index, entry in
          let penalty = Penalty(entry.kind, weight: 1)
          return .init(entry.key, places.map { ($0, penalty($0).value) }, ink: .series(index))
        }))
  }

  /// The surrogate of a token over the ratio of its probabilities, new to old.
  mutating func drawClip() {
    let plan = ZeroPlan()
    let clip = Clip(low: plan.clipLow, high: plan.clipHigh)
    let ratios = (0...200).map { Double($0) / 100 }
    let series = [1.0, -1.0].enumerated().map { index, advantage in
      LineChart.Series(
        advantage > 0 ? "a right answer, A = 1" : "a wrong answer, A = −1",
        ratios.map { ($0, clip.surrogate($0, advantage).value) }, ink: .series(index))
    }
    note("clip.low", clip.low)
    note("clip.high", clip.high)
    note("clip.top", clip.surrogate(2, 1).value)
    note("clip.bottom", clip.surrogate(0, -1).value)
    draw(
      "clip",
      LineChart(
        title: "Beyond the window nothing is gained by a further step",
        description:
          "The surrogate of one token over the ratio of its new probability to its old one. For an "
          + "advantage of 1 it rises to 1.28 at a ratio of 1.28 and is flat from there. For an "
          + "advantage of −1 it is flat at −0.8 up to a ratio of 0.8 and falls from there.",
        xLabel: "ratio ρ = π / π_old", yLabel: "surrogate", series: series))
  }

  /// How the share of thinking grows when thoughts are right more often than guesses.
  mutating func forecast() {
    let (start, thinking, guessing) = (0.05, 0.9, 0.1)
    Console.print(
      "Forecast: p ← p a / (p a + (1 − p) c) with a = 0.9 and c = 0.1, from p = 0.05")
    var shares = [start]
    for _ in 0..<6 {
      let p = shares[shares.count - 1]
      shares.append(p * thinking / (p * thinking + (1 - p) * guessing))
    }
    for (round, share) in shares.enumerated() { note("forecast.\(round)", share) }
    report("thinks", shares.map { Self.digits($0, 3) }.joined(separator: "  "))
    let right = shares.map { $0 * thinking + (1 - $0) * guessing }
    for (round, share) in right.enumerated() { note("forecast.\(round)-right", share) }
    report("is right", right.map { Self.digits($0, 3) }.joined(separator: "  "))
    Console.print()
    func points(_ values: [Double]) -> [(x: Double, y: Double)] {
      values.enumerated().map { (Double($0), $1) }
    }
    draw(
      "forecast",
      LineChart(
        title: "What is right more often is soon done always",
        description:
          "The share of thinking over rounds in which only right answers are kept: 0.05, 0.32, 0.81, "
          + "0.97 and nearly 1 from there. The share of right answers follows it from 0.14 to 0.9.",
        xLabel: "round", yLabel: "share",
        series: [
          .init("thinks", points(shares), ink: .series(0), hasMarkers: true),
          .init("is right", points(right), ink: .series(1), hasMarkers: true),
        ], yIncludes: [0, 1]))
  }
}
