import Checkpoints
import CommandLine
import DualPipe
import Figures
import Foundation
import FullScale
import Tensors

extension FullScaleDemo {
  /// The hardware paper's limit, and a card that also computes and reads.
  mutating func boundDecoding() {
    Console.print("Decoding, when only the network takes time")
    for (key, name, limit) in [
      ("ib", "50 GB/s", DecodeLimit.infiniBand), ("nvl72", "900 GB/s", .nvl72),
      ("true", "50 GB/s, 7168 wide", DecodeLimit(speed: 50e9)),
    ] {
      report(
        name,
        "\(Self.digits(1e6 * limit.exchange, 2)) µs there and back, TPOT "
          + "\(Self.digits(1000 * limit.timePerToken, 2)) ms, "
          + "\(Self.digits(limit.tokensPerSecond, 1)) tokens/s")
      note("limit.\(key).exchange", 1e6 * limit.exchange)
      note("limit.\(key).tpot", 1000 * limit.timePerToken)
      note("limit.\(key).rate", limit.tokensPerSecond)
    }
    let predicted = DecodeLimit.infiniBand.tokensPerSecond(accepting: 0.8)
    note("limit.ib.predicted", predicted)
    report("8 of 10 predictions right", "\(Self.digits(predicted, 1)) tokens/s")
    for (key, name, limit, delay) in [
      ("ib", "InfiniBand's delay", DecodeLimit.infiniBand, PublishedDelay.infiniBand.far),
      ("ethernet", "Ethernet's delay", .infiniBand, PublishedDelay.ethernet.far),
      ("nvl72", "a node's, at 900 GB/s", .nvl72, PublishedDelay.inside),
    ] {
      var late = limit
      late.delay = delay * 1e-6
      report(name, "\(delay) µs each time: TPOT \(Self.digits(1000 * late.timePerToken, 2)) ms")
      note("delay.\(key).tpot", 1000 * late.timePerToken)
    }
    Console.print()
  }

  /// EP sizes, and copies of busy experts.
  mutating func drawUnits() {
    Console.print("Units as described: cards, and routed experts on each")
    for (unit, key) in zip(
      ServingUnit.all, ["prompt-paper", "decode-paper", "prompt", "decode"])
    {
      report(
        unit.name,
        "\(unit.cards), \(unit.expertsPerCard); attention over \(unit.attentionSplit), "
          + "\(unit.attentionGroups) groups")
      note("unit.\(key).cards", unit.cards)
      note("unit.\(key).experts", unit.expertsPerCard)
      note("unit.\(key).groups", unit.attentionGroups)
    }
    Console.print()
    Console.print("A card of V3 that decodes: tokens/s over the cards that share the experts")
    let sizes = [8, 16, 32, 64, 128, 144, 256, 320]
    var series: [LineChart.Series] = []
    for (index, tokens) in [8, 32, 64].enumerated() {
      var points: [(x: Double, y: Double)] = []
      for cards in sizes {
        guard let card = DecodingCard(cards: cards, tokens: tokens) else { continue }
        points.append((Double(cards), card.throughput))
        note("units.\(tokens).\(cards).throughput", card.throughput)
        note("units.\(tokens).\(cards).rate", 1 / card.timePerToken)
        note("units.\(tokens).\(cards).computing", 1e6 * card.computing)
        note("units.\(tokens).\(cards).exchange", 1e6 * card.exchange)
      }
      report(
        "\(2 * tokens) texts a card",
        points.map { "\(Int($0.x)): \(Self.digits($0.y, 0))" }.joined(separator: ", "))
      series.append(
        .init("\(2 * tokens) texts a card", points, ink: .series(index), hasMarkers: true))
    }
    draw(
      "units",
      LineChart(
        title: "What a card writes, over the cards that share the experts",
        description:
          "Tokens a second of one H800 over the number of cards, from 8 to 320, with 16, 64 and 128 "
          + "texts on each. All three rise: with more cards each holds and reads fewer experts. "
          + "The more texts, the earlier the curve is flat, at what the network allows.",
        xLabel: "cards", yLabel: "tokens/s of a card", xScale: .logarithmic, series: series,
        yIncludes: [0]))
    note("day.cost", ServiceDay.cost)
    note("day.income", ServiceDay.income)
    note("day.margin", 100 * (ServiceDay.published.income / ServiceDay.cost - 1))
    report(
      "a day of service",
      "$\(Self.digits(ServiceDay.cost, 0)) of rent, $\(Self.digits(ServiceDay.income, 0)) at R1's price"
    )
    copyExperts()
    Console.print()
  }

  /// Loads as uneven as exp(0.7 · N(0, 1)) on one expert a card, and more and more copies.
  private mutating func copyExperts() {
    var generator = SplitMix64(seed: seed).branch(14)
    let loads = Tensor.normal(shape: [256], using: &generator).scalars.map {
      Float(exp(0.7 * Double($0)))
    }
    let imbalances = [0, 32, 64, 128].map { copies -> (Int, Double) in
      let slots = 256 + copies
      let balancer = LoadBalancer(slots: slots, groups: 1, nodes: 1, ranks: slots)
      return (copies, Double(balancer.placement(of: loads).imbalance(of: loads)))
    }
    report(
      "copies, one slot a card",
      imbalances.map { "\($0.0): \(Self.digits($0.1, 2))" }.joined(separator: ", ")
        + " times the mean on the busiest")
    for (copies, imbalance) in imbalances { note("copies.\(copies)", imbalance) }
  }
}
