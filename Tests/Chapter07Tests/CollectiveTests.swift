import DualPipe
import Tensors
import TestSupport
import Testing

@Suite struct `Sums over ranks` {
  /// Whole numbers, different on every rank, so that sums are exact in any order.
  private static func numbers(_ rank: Int, _ length: Int) -> Tensor {
    Tensor(
      (0..<length).map { Float(($0 * 7 + rank * 13) % 101 - 50) }, shape: [length])
  }

  private static func plainSum(_ ranks: Int, _ length: Int) -> Tensor {
    (1..<ranks).reduce(numbers(0, length)) { $0 + numbers($1, length) }
  }

  @Test(arguments: 1...8, [0, 1, 3, 8, 29])
  func `are exact for whole numbers, however few`(ranks: Int, length: Int) throws {
    let expected = Self.plainSum(ranks, length)
    for way in Reduction.allCases {
      let sums = try Cluster(ranks: ranks).run { rank in
        try rank.everyone.allReduced(Self.numbers(rank.index, length), by: way)
      }
      #expect(sums == Array(repeating: expected, count: ranks), "\(way)")
    }
  }

  @Test(arguments: Reduction.allCases)
  func `have the same bits on all ranks and in every run`(_ way: Reduction) throws {
    func run() throws -> [Tensor] {
      try Cluster(ranks: 7).run { rank in
        try rank.everyone.allReduced(.test(5, 9, seed: UInt64(rank.index)), by: way)
      }
    }
    let sums = try run()
    #expect(sums.allSatisfy { $0 == sums[0] && $0.shape == [5, 9] })
    for _ in 0..<5 { #expect(try run() == sums) }
    let expected = (0..<45).map { place in
      (0..<7).reduce(0.0) { $0 + Tensor.test(5, 9, seed: UInt64($1)).doubles[place] }
    }
    expectClose(sums[0], expected, .rounding)
  }

  @Test func `are taken around the ring from the next rank on`() throws {
    // 2²⁴ + 1 is no Float: one small number is lost, two of them are not.
    let terms: [Float] = [0x1p24, 1, 1]
    let sums = try Cluster(ranks: 3).run { rank in
      try rank.everyone.allReduced(Tensor(repeating: terms[rank.index], shape: [3]))
    }
    // Part p is (x_{p+1} + x_{p+2}) + x_p.
    #expect(sums[0].scalars == [0x1p24 + 2, 0x1p24, 0x1p24])
  }

  @Test(arguments: 1...6, [2, 13])
  func `can be left in parts, and parts collected`(ranks: Int, length: Int) throws {
    let expected = Self.plainSum(ranks, length)
    let parts = try Cluster(ranks: ranks).run { rank in
      try rank.everyone.reduceScattered(Self.numbers(rank.index, length))
    }
    let pieces = Pieces(of: length, among: ranks)
    #expect(parts.map(\.count) == (0..<ranks).map { pieces[$0].count })
    #expect(parts.flatMap(\.scalars) == expected.scalars)
    let collected = try Cluster(ranks: ranks).run { rank in
      try rank.everyone.allGathered(parts[rank.index]).map(\.scalars)
    }
    #expect(collected.allSatisfy { $0 == parts.map(\.scalars) })
  }

  @Test(arguments: 1...8, Reduction.allCases)
  func `send the bytes of the closed form`(ranks: Int, way: Reduction) throws {
    for length in [3, 8 * 7 * 5 * 3] {
      let cluster = Cluster(ranks: ranks)
      _ = try cluster.run { rank in
        try rank.everyone.allReduced(Self.numbers(rank.index, length), by: way)
      }
      let sent = cluster.traffic.map { $0.reduce(0, +) }
      let expected = (0..<ranks).map {
        4 * way.numbersSent(by: $0, of: length, among: ranks)
      }
      #expect(sent == expected, "\(length) numbers")
      #expect(sent.reduce(0, +) == 4 * 2 * (ranks - 1) * length, "both ways send as much")
      if way == .ring, length.isMultiple(of: ranks) {
        // 2 (N − 1) / N of the bytes, on every rank.
        #expect(sent.allSatisfy { $0 * ranks == 2 * (ranks - 1) * 4 * length })
      }
    }
  }

  @Test(arguments: 1...7) func `copies reach all from any root`(ranks: Int) throws {
    for root in 0..<ranks {
      let cluster = Cluster(ranks: ranks)
      let copies = try cluster.run { rank in
        try rank.everyone.broadcast(
          rank.index == root ? .test(3, 4, seed: 9) : nil, from: root)
      }
      #expect(copies == Array(repeating: Tensor.test(3, 4, seed: 9), count: ranks))
      #expect(cluster.traffic.joined().reduce(0, +) == (ranks - 1) * 48)
    }
  }

  @Test func `can be taken in groups at the same time`() throws {
    let sums = try Cluster(ranks: 6).run { rank in
      let group = RankGroup(rank, members: rank.index % 2 == 0 ? [4, 0, 2] : [1, 3, 5])
      return try group.allReduced(Tensor([Float(rank.index), 1], shape: [2])).scalars
    }
    #expect(sums == [[6, 3], [9, 3], [6, 3], [9, 3], [6, 3], [9, 3]])
  }

  @Test func `need room for one message on a line`() throws {
    for way in Reduction.allCases {
      let sums = try Cluster(ranks: 5, capacity: 1).run { rank in
        try rank.everyone.allReduced(Self.numbers(rank.index, 11), by: way)
      }
      #expect(sums[4] == Self.plainSum(5, 11))
    }
  }

  @Test func `take less time by the tree when they are short, by the ring when they are long`()
  {
    // 64 ranks, 5 µs a message, 50 GB/s.
    func seconds(_ way: Reduction, _ bytes: Double) -> Double {
      way.seconds(bytes: bytes, ranks: 64, latency: 5e-6, secondsPerByte: 1 / 50e9)
    }
    #expect(seconds(.tree, 8) < seconds(.ring, 8) / 10)
    #expect(seconds(.ring, 1e9) < seconds(.tree, 1e9) / 10)
    #expect(abs(seconds(.ring, 64e9) - 2 * 63 * (5e-6 + 1e9 / 50e9)) < 1e-9)
  }
}
