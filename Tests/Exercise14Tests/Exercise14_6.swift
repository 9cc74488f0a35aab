import ExerciseKit
import Exercises14
import FullScale
import Solutions14
import TestSupport
import Testing

@Suite struct `Exercise 14.6` {
  static let exercise = Exercise<@Sendable (Int) throws -> [(Int, Int)]>(
    "14.6", yours: Exercises14.treeOfThree, solution: Solutions14.treeOfThree,
    mutants: [
      "overloads a spine": Mutants14_6.overloads, "thins the pods": Mutants14_6.thins,
      "forgets the cores": Mutants14_6.forgetsCores, "deals the cards": Mutants14_6.dealsCards,
      "joins twice": Mutants14_6.doubles,
    ]
  ) { answer in
    for k in [4, 6] {
      let links = try answer(k)
      let (cards, switches) = (k * k * k / 4, 5 * k * k / 4)
      try demand(
        links.count == 3 * cards, "\(k) ports: \(links.count) links, not \(3 * cards).")
      var ports = [Int](repeating: 0, count: cards + switches)
      for link in links {
        for end in [link.0, link.1] {
          try demand(
            ports.indices.contains(end) && link.0 != link.1, "There is no link \(link).")
          ports[end] += 1
        }
      }
      try demand(ports[..<cards].allSatisfy { $0 == 1 }, "A card has one link.")
      for (index, count) in ports[cards...].enumerated() {
        try demand(count == k, "Switch \(index) has \(count) links, not \(k).")
      }
      try check(links, k, cards)
    }
  }

  /// Neighbours are near, pods are far, and nobody is in another's way.
  private static func check(_ links: [(Int, Int)], _ k: Int, _ cards: Int) throws {
    var graph = NetworkGraph("yours")
    _ = graph.add(cards, .endpoint)
    _ = graph.add(5 * k * k / 4, .switch(plane: 0))
    for (one, other) in links { graph.join(one, other, speed: 1) }
    let distances = graph.distances(from: 0)
    let pod = k * k / 4
    try demand(distances[k / 2 - 1] == 2, "Card \(k / 2 - 1) is under the leaf of card 0.")
    try demand(distances[k / 2] == 4, "Card \(k / 2) is under another leaf of the same pod.")
    try demand(distances[pod] == 6, "Card \(pod) is in another pod.")
    for step in [1, k / 2, pod, cards / 2 + 1] {
      let flows = (0..<cards).map { Flow(from: $0, to: ($0 + step) % cards, bytes: 1) }
      let time = try FlowSimulation(graph, .sprayed).run(flows).last
      try demandClose(
        time, 1, within: 1e-6, "All cards send to the one \(step) further, in each other's way."
      )
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
