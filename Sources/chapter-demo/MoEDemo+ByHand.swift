import Attention
import Checkpoints
import CommandLine
import Figures
import MoE
import Tensors

extension MoEDemo {
  /// The logits of one token for eight experts in four groups, and the routing bias.
  private static let logits: [Float] = [2, -1, 0.5, 0.4, 1.5, -3, 0, 0.1]
  private static let bias: [Float] = [-0.3, 0, 0.1, 0.2, 0, 0, 0.05, 0.3]

  private static func sizes(_ selection: ExpertSizes.Selection) -> ExpertSizes {
    let isV3 = selection == .biased
    return ExpertSizes(
      count: 8, active: 2, shared: 0, width: 1, groups: 4, activeGroups: 2,
      scoring: isV3 ? .sigmoid : .softmax, selection: selection, normalizes: isV3,
      scale: isV3 ? 2.5 : 16)
  }

  /// Sends one token through a router whose weights are the unit matrix, so that x is the logits.
  private static func route(_ sizes: ExpertSizes) -> Routing {
    let unit = (0..<64).map { Float($0 % 9 == 0 ? 1 : 0) }
    let router = Router(
      sizes, weight: Parameter(Tensor(unit, shape: [8, 8])),
      bias: sizes.selection == .biased ? Parameter(Tensor(bias, shape: [8])) : nil)
    return router(Tape(recording: false).constant(Tensor(logits, shape: [1, 8])))
  }

  /// Works out one token's way by the rules of V3 and of V2.
  mutating func routeByHand() {
    Console.print(
      "One token, eight experts in four groups, of which two groups and two experts")
    let (v3, v2) = (
      Self.route(Self.sizes(.biased)), Self.route(Self.sizes(.groupLimitedGreedy))
    )
    let affinities = v3.affinities.value.scalars.map { Double($0) }
    let biased = zip(affinities, Self.bias).map { $0 + Double($1) }
    let groups = (0..<4).map { biased[2 * $0] + biased[2 * $0 + 1] }
    report("logits", Self.list(Self.logits.map { Double($0) }, 1))
    report("affinity σ(ℓ)", Self.list(affinities, 4))
    report("with the bias", Self.list(biased, 4))
    report("sums of groups", Self.list(groups, 4))
    describe(v3, "V3")
    report("affinity softmax(ℓ)", Self.list(v2.affinities.value.scalars.map { Double($0) }, 4))
    describe(v2, "V2")
    Console.print()

    for expert in 0..<8 {
      note("hand.s\(expert)", affinities[expert])
      note("hand.biased\(expert)", biased[expert])
      note("hand.softmax\(expert)", Double(v2.affinities.value.scalars[expert]))
    }
    for group in 0..<4 {
      note("hand.group\(group)", groups[group])
      note("hand.best\(group)", max(biased[2 * group], biased[2 * group + 1]))
    }
    note("hand.combinations-16-2", Self.combinations(2, of: 16))
    note("hand.combinations-64-8", Self.combinations(8, of: 64))
    note("hand.combinations-256-8", Self.combinations(8, of: 256))
    drawRoute(affinities, biased, groups, v3)
  }

  private mutating func describe(_ routing: Routing, _ name: String) {
    let weights = routing.weights.value.scalars
    let parts = zip(routing.experts, weights).map {
      "expert \($0) with weight \(Self.digits(Double($1), 4))"
    }
    report(name + " takes", parts.joined(separator: ", "))
    for (expert, weight) in zip(routing.experts, weights) {
      note("hand.\(name.lowercased()).weight\(expert)", Double(weight))
      note(
        "hand.\(name.lowercased()).share\(expert)", Double(weight / (name == "V3" ? 2.5 : 16)))
    }
  }

  /// A map of each stage: what is out of the race is left empty.
  private mutating func drawRoute(
    _ affinities: [Double], _ biased: [Double], _ groups: [Double], _ routing: Routing
  ) {
    let kept = groups.indices.sorted { groups[$0] > groups[$1] }.prefix(2)
    let masked = biased.indices.map { kept.contains($0 / 2) ? biased[$0] : .nan }
    var weights = [Double](repeating: .nan, count: 8)
    for (expert, weight) in zip(routing.experts, routing.weights.value.scalars) {
      weights[expert] = Double(weight)
    }
    draw(
      "by-hand",
      HeatMap(
        title: "The way of one token, by the rules of V3",
        description:
          "Five rows over eight experts: the affinity, the affinity with the bias, the sum of each "
          + "group of two, what is left when two groups are out, and the weights of experts 3 and 7. "
          + "Expert 0 has the highest affinity and is not chosen.",
        rows: [affinities, biased, biased.indices.map { groups[$0 / 2] }, masked, weights],
        rowLabels: ["affinity s", "s + b", "sum of the group", "groups 1 and 3", "weight g"],
        columnLabels: (0..<8).map { "expert \($0)" }, range: 0...1.6, showsValues: true))
  }

  /// Works out the balance loss of four tokens.
  mutating func balanceByHand() {
    let rows: [Float] = [
      0.9, 0.8, 0.1, 0.2, 0.7, 0.2, 0.6, 0.1, 0.9, 0.5, 0.4, 0.3, 0.6, 0.7, 0.2, 0.1,
    ]
    let sizes = ExpertSizes(
      count: 4, active: 2, shared: 0, width: 1, scoring: .sigmoid, selection: .biased,
      normalizes: true)
    let affinities = Tape(recording: false).constant(Tensor(rows, shape: [4, 4]))
    let experts = sizes.choice(affinities.value)
    let loads = ExpertOrder(experts, of: 4, active: 2).loads
    let routing = Routing(affinities: affinities, experts: experts, weights: affinities)
    let loss = BalanceLoss(experts: 1)(routing, sizes, Sequences(count: 1, length: 4))
    let sums = (0..<4).map { row in rows[row * 4..<row * 4 + 4].reduce(0, +) }
    let shares = (0..<4).map { expert in
      (0..<4).reduce(0.0) { $0 + Double(rows[$1 * 4 + expert] / sums[$1]) } / 4
    }
    Console.print("Four tokens, four experts, two for each token")
    report("loads", loads.map(String.init).joined(separator: "  "))
    report("f, load by even", Self.list(loads.map { Double($0) / 2 }, 4))
    report("P, mean share", Self.list(shares, 4))
    report("Σ f P", Self.digits(Double(loss.value.scalar), 6))
    report("MaxVio", Self.digits(maximalViolation(loads), 1))
    Console.print()
    for expert in 0..<4 {
      note("hand.balance.load\(expert)", loads[expert])
      note("hand.balance.f\(expert)", Double(loads[expert]) / 2)
      note("hand.balance.p\(expert)", shares[expert])
    }
    note("hand.balance.loss", Double(loss.value.scalar))
    note("hand.balance.maxvio", maximalViolation(loads))
  }

  private static func list(_ values: [Double], _ places: Int) -> String {
    values.map { digits($0, places) }.joined(separator: "  ")
  }

  /// n choose k.
  private static func combinations(_ k: Int, of n: Int) -> Double {
    (0..<k).reduce(1.0) { ($0 * Double(n - $1) / Double($1 + 1)).rounded() }
  }
}
