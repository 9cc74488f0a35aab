import DualPipe
import Testing

@Suite struct `A machine of ranks` {
  private static let numbers = Line<Int>("numbers")
  private static let words = Line<String>("words")

  @Test(arguments: [1, 2, 5]) func `passes a sum around the ring`(ranks: Int) throws {
    let sums = try Cluster(ranks: ranks).run { rank in
      guard rank.count > 1 else { return rank.index }
      let next = (rank.index + 1) % rank.count
      let last = (rank.index + rank.count - 1) % rank.count
      var sum = rank.index
      var passing = rank.index
      for _ in 1..<rank.count {
        try rank.send(passing, to: next, over: Self.numbers)
        passing = try rank.receive(from: last, over: Self.numbers)
        sum += passing
      }
      return sum
    }
    #expect(sums == Array(repeating: ranks * (ranks - 1) / 2, count: ranks))
  }

  @Test func `keeps the order of a line, and lines apart`() throws {
    let received = try Cluster(ranks: 2).run { rank -> [String] in
      if rank.index == 0 {
        for number in 0..<3 { try rank.send(number, to: 1, over: Self.numbers) }
        try rank.send("last", to: 1, over: Self.words)
        return []
      }
      var found = [try rank.receive(from: 0, over: Self.words)]
      for _ in 0..<3 { found.append("\(try rank.receive(from: 0, over: Self.numbers))") }
      return found
    }
    #expect(received[1] == ["last", "0", "1", "2"])
  }

  // snippet.stuck
  @Test func `finds out that everybody waits, and says for whom`() {
    let error = #expect(throws: ClusterError.self) {
      try Cluster(ranks: 3).run { rank in
        if rank.index == 2 { return 0 }
        return try rank.receive(from: (rank.index + 1) % 3, over: Self.numbers)
      }
    }
    #expect(
      error?.description
        == "Nobody can go on: rank 0 waits for numbers from rank 1; "
        + "rank 1 waits for numbers from rank 2.")
  }
  // snippet.end

  @Test func `finds out that two full lines block each other`() {
    let error = #expect(throws: ClusterError.self) {
      try Cluster(ranks: 2, capacity: 1).run { rank in
        let other = 1 - rank.index
        for number in 0..<2 { try rank.send(number, to: other, over: Self.numbers) }
        for _ in 0..<2 { _ = try rank.receive(from: other, over: Self.numbers) }
      }
    }
    #expect(
      error?.description
        == "Nobody can go on: rank 0 waits until rank 1 takes numbers; "
        + "rank 1 waits until rank 0 takes numbers.")
  }

  private struct Broken: Error, CustomStringConvertible {
    let description = "its memory is full"
  }

  @Test func `stops the others when one fails, with one message`() {
    let error = #expect(throws: ClusterError.self) {
      try Cluster(ranks: 4).run { rank in
        if rank.index == 2 { throw Broken() }
        return try rank.receive(from: (rank.index + 1) % 4, over: Self.numbers)
      }
    }
    #expect(
      error?.description == "Rank 2 failed, and the others stopped: its memory is full")
  }

  @Test func `counts the bytes on every line`() throws {
    let cluster = Cluster(ranks: 2)
    _ = try cluster.run { rank in
      if rank.index == 0 {
        try rank.send(1, to: 1, over: Self.numbers, bytes: 8)
        try rank.send("ab", to: 1, over: Self.words, bytes: 2)
      }
    }
    #expect(cluster.traffic == [[0, 10], [0, 0]])
  }

  @Test func `runs again after a failure, without the old messages`() throws {
    let cluster = Cluster(ranks: 2)
    #expect(throws: ClusterError.self) {
      try cluster.run { rank in
        if rank.index == 0 { try rank.send(7, to: 1, over: Self.numbers) }
        throw Broken()
      }
    }
    let found = try cluster.run { rank in
      if rank.index == 0 { try rank.send(8, to: 1, over: Self.numbers) }
      return rank.index == 0 ? 0 : try rank.receive(from: 0, over: Self.numbers)
    }
    #expect(found == [0, 8])
  }
}
