import Checkpoints
import DualPipe
import FP8
import Tensors
import TestSupport
import Testing

/// Rows that travel to experts on other ranks and come home.
@Suite struct `An exchange between tokens and experts` {
  static let fabrics = [
    Fabric(nodes: 1, ranksPerNode: 1), Fabric(nodes: 1, ranksPerNode: 4),
    Fabric(nodes: 4, ranksPerNode: 1), Fabric(nodes: 2, ranksPerNode: 3),
    Fabric(nodes: 3, ranksPerNode: 2),
  ]

  /// Choices with empty slots, and a rank without tokens.
  static func choices(_ rank: Int, experts: Int) -> ExpertChoices {
    var generator = SplitMix64(seed: UInt64(rank) + 3)
    let tokens = rank == 1 ? 0 : 5 + rank
    let slots = (0..<tokens).flatMap { token -> [Int] in
      var left = Array(0..<experts)
      return (0..<3).map { slot in
        let expert = left.remove(at: Int(generator.next() % UInt64(left.count)))
        return (token + slot) % 5 == 0 ? ExpertChoices.nobody : expert
      }
    }
    return ExpertChoices(slots, active: 3, of: experts)
  }

  /// Whole numbers that tell row, column and rank apart.
  private static func rows(_ rank: Int, _ tokens: Int) -> Tensor {
    Tensor((0..<tokens * 4).map { Float($0 * 3 + rank * 100 - 60) }, shape: [tokens, 4])
  }

  /// What expert e does here: it multiplies by e + 1.
  private static func expected(_ choices: ExpertChoices, _ rows: Tensor) -> [Float] {
    (0..<choices.tokens).flatMap { token -> [Float] in
      let factor = choices.slots(of: token).reduce(0) { $0 + ($1 < 0 ? 0 : $1 + 1) }
      return (0..<4).map { rows[token, $0] * Float(factor) }
    }
  }

  // The experts of chapter 4 are not linear; these are, so that whole numbers stay whole.
  private static func work(_ rows: Tensor, _ route: ExpertRoute, first: Int) -> Tensor {
    let factors = (0..<rows.rows).map { row in
      route.experts[3 * row..<3 * row + 3].reduce(0) { $0 + ($1 < 0 ? 0 : $1 + first + 1) }
    }
    return Tensor(
      (0..<rows.count).map { rows.scalars[$0] * Float(factors[$0 / 4]) }, shape: rows.shape)
  }

  @Test(arguments: fabrics) func `is exact for whole numbers, at any capacity`(
    _ fabric: Fabric
  ) throws {
    let experts = 2 * fabric.ranks + (fabric.ranks == 1 ? 2 : 0)
    for capacity in [1, 2, .max] {
      let found = try Cluster(ranks: fabric.ranks, capacity: capacity).run { rank in
        let choices = Self.choices(rank.index, experts: experts)
        let exchange = ExpertExchange(rank, over: fabric, experts: experts)
        let route = try exchange.route(choices)
        let x = try exchange.dispatch(Self.rows(rank.index, choices.tokens), along: route)
        let y = Self.work(x, route, first: exchange.own.lowerBound)
        return try exchange.combine(y, along: route)
      }
      for rank in 0..<fabric.ranks {
        let choices = Self.choices(rank, experts: experts)
        let rows = Self.rows(rank, choices.tokens)
        #expect(found[rank].scalars == Self.expected(choices, rows), "rank \(rank)")
      }
    }
  }

  @Test(arguments: fabrics) func `delivers in the order of ranks and tokens, each row once`(
    _ fabric: Fabric
  ) throws {
    let experts = 2 * fabric.ranks + (fabric.ranks == 1 ? 2 : 0)
    let all = (0..<fabric.ranks).map { Self.choices($0, experts: experts) }
    let found = try Cluster(ranks: fabric.ranks).run { rank in
      let exchange = ExpertExchange(rank, over: fabric, experts: experts)
      let choices = all[rank.index]
      let route = try exchange.route(choices)
      let rows = Self.rows(rank.index, choices.tokens)
      return (try exchange.dispatch(rows, along: route).scalars, route.counts, route.experts)
    }
    let layouts = all.map { DispatchLayout($0, over: fabric) }
    for target in 0..<fabric.ranks {
      #expect(found[target].1 == layouts.map { $0.tokensPerRank[target] })
      let expected = (0..<fabric.ranks).flatMap { source -> [Float] in
        let rows = Self.rows(source, all[source].tokens)
        return (0..<all[source].tokens)
          .filter { layouts[source].isTokenInRank[$0][target] }
          .flatMap { token in (0..<4).map { rows[token, $0] } }
      }
      #expect(found[target].0 == expected)
      let own = found[target].2.filter { $0 >= 0 }
      let share = experts / fabric.ranks
      let loads = (0..<share).map { expert in own.count { $0 == expert } }
      let all = layouts.map { layout in
        (0..<share).map { layout.tokensPerExpert[target * share + $0] }
      }
      #expect(loads == all.reduce([Int](repeating: 0, count: share)) { zip($0, $1).map(+) })
    }
  }

  @Test(arguments: fabrics) func `sends what is counted without sending`(
    _ fabric: Fabric
  ) throws {
    let experts = 2 * fabric.ranks + (fabric.ranks == 1 ? 2 : 0)
    let all = (0..<fabric.ranks).map { Self.choices($0, experts: experts) }
    let counted = RoutingTraffic(all, over: fabric).rows
    for format in RowFormat.allCases {
      let (there, back) = (Cluster(ranks: fabric.ranks), Cluster(ranks: fabric.ranks))
      let routes = try there.run { rank in
        let exchange = ExpertExchange(rank, over: fabric, experts: experts)
        let route = try exchange.route(all[rank.index])
        let x = Tensor.test(all[rank.index].tokens, 130)
        _ = try exchange.dispatch(x, along: route, as: format)
        return route
      }
      _ = try back.run { rank in
        let exchange = ExpertExchange(rank, over: fabric, experts: experts)
        let route = routes[rank.index]
        _ = try exchange.combine(.test(route.rows, 130), along: route, as: format)
      }
      for from in 0..<fabric.ranks {
        for to in 0..<fabric.ranks {
          let rows = counted[from][to]
          // Three labels of four bytes a row.
          #expect(there.traffic[from][to] == rows * (format.bytes(width: 130) + 12))
          #expect(back.traffic[to][from] == rows * format.bytes(width: 130))
        }
      }
    }
  }

  @Test func `lets a row cross to a node once, whatever it finds there`() throws {
    // Two nodes of two ranks with two experts each; token 0 wants all four experts of the far node.
    let fabric = Fabric(nodes: 2, ranksPerNode: 2)
    let choices = ExpertChoices([4, 5, 6, 7, -1, 6, -1, 0], active: 4, of: 8)
    let nothing = ExpertChoices([], active: 4, of: 8)
    let layout = DispatchLayout(choices, over: fabric)
    #expect(layout.tokensPerRank == [1, 0, 1, 2])
    #expect(layout.tokensPerNode == [1, 2])
    #expect(layout.tokensPerExpert == [1, 0, 0, 0, 1, 1, 2, 1])
    #expect(
      layout.isTokenInRank == [[false, false, true, true], [true, false, false, true]])
    let all = [nothing, choices, nothing, nothing]
    // Rank 1 sends both tokens to its twin, rank 3, which hands one to rank 2.
    let rows = RoutingTraffic(all, over: fabric).rows
    #expect(rows == [[0, 0, 0, 0], [1, 0, 0, 2], [0, 0, 0, 0], [0, 0, 1, 0]])
    let straight = RoutingTraffic(all, over: fabric, .perRank).rows
    #expect(straight == [[0, 0, 0, 0], [1, 0, 1, 2], [0, 0, 0, 0], [0, 0, 0, 0]])
    let naive = RoutingTraffic(all, over: fabric, .perExpert).rows
    #expect(naive == [[0, 0, 0, 0], [1, 0, 2, 3], [0, 0, 0, 0], [0, 0, 0, 0]])
  }

  @Test func `rounds a row once, where it starts, and relays its codes as they are`() throws {
    let fabric = Fabric(nodes: 2, ranksPerNode: 2)
    let x = Tensor.test(3, 256, seed: 4)
    // Every token visits every rank: the sum of four copies is four times the rounded row.
    let choices = ExpertChoices([0, 1, 2, 3, 3, 2, 1, 0, 0, 1, 2, 3], active: 4, of: 4)
    let found = try Cluster(ranks: 4).run { rank in
      let exchange = ExpertExchange(rank, over: fabric, experts: 4)
      let route = try exchange.route(choices)
      return try exchange.dispatch(x, along: route, as: .eightBit)
    }
    for rank in 0..<4 {
      #expect(found[rank] == found[0])
      #expect(found[rank].rows(0..<3) == found[0].rows(9..<12), "near and far copies agree")
    }
    let rounded = BlockScaled(x, by: .tile, scales: .powerOfTwo)
    #expect(found[0].rows(0..<3) == rounded.tensor, "scales are powers of two")
    let error = Self.relativeError(found[0].rows(0..<3), x)
    #expect(error > 0.015 && error < 0.03)
  }

  /// ‖a − b‖ / ‖b‖.
  static func relativeError(_ a: Tensor, _ b: Tensor) -> Double {
    let difference = zip(a.doubles, b.doubles).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (difference / b.doubles.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }
}
