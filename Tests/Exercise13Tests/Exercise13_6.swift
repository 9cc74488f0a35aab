import ExerciseKit
import Exercises13
import Solutions13
import Tensors
import TestSupport
import Testing

@Suite struct `Exercise 13.6` {
  typealias Request = (arrival: Int, prompt: Int, answer: Int)
  typealias Answer =
    @Sendable (
      _ requests: [Request], _ active: Int, _ tokensPerStep: Int, _ memory: Int
    ) throws -> [(first: Int, last: Int)?]

  static let exercise = Exercise<Answer>(
    "13.6", yours: Exercises13.timetable(_:active:tokensPerStep:memory:),
    solution: Solutions13.timetable(_:active:tokensPerStep:memory:),
    mutants: [
      "waits for all": Mutants13_6.waitsForAll(_:active:tokensPerStep:memory:),
      "overtakes": Mutants13_6.overtakes(_:active:tokensPerStep:memory:),
      "counts prompts only": Mutants13_6.countsPromptsOnly(_:active:tokensPerStep:memory:),
      "reads first": Mutants13_6.readsFirst(_:active:tokensPerStep:memory:),
      "reads one prompt": Mutants13_6.readsOnePrompt(_:active:tokensPerStep:memory:),
      "reads whole": Mutants13_6.readsWhole(_:active:tokensPerStep:memory:),
      "writes later": Mutants13_6.writesLater(_:active:tokensPerStep:memory:),
      "charges no writer": Mutants13_6.chargesNoWriter(_:active:tokensPerStep:memory:),
      "keeps memory": Mutants13_6.keepsMemory(_:active:tokensPerStep:memory:),
    ]
  ) { answer in
    func demandTimes(
      _ requests: [Request], active: Int = 4, tokens: Int = 8, memory: Int = 1000,
      _ wanted: [[Int]], _ hint: String
    ) throws {
      let found = try answer(requests, active, tokens, memory)
        .map { $0.map { [$0.first, $0.last] } ?? [] }
      try demand(found == wanted, "\(hint) (found \(found))")
    }
    try demandTimes([], [], "Nobody asks.")
    try demandTimes(
      [(0, 3, 1)], [[0, 0]], "The prompt is read in step 0. What does the model say behind it?")
    try demandTimes(
      [(5, 20, 3)], [[7, 9]], "Twenty tokens in pieces of eight, from step 5 on.")
    try demandTimes(
      [(0, 3, 4), (0, 4, 2)], [[0, 3], [0, 1]], "Both prompts fit into one step.")
    try demandTimes(
      [(0, 1, 6), (1, 20, 1)], [[0, 5], [3, 3]],
      "One writes, and the other reads what is left of eight tokens: 7, 7 and 6.")
    try demandTimes(
      [(0, 1, 2), (0, 1, 9), (0, 1, 3)], active: 2, [[0, 1], [0, 8], [2, 4]],
      "Two places. When is one of them free?")
    try demandTimes(
      [(0, 5, 5), (0, 5, 5), (0, 1, 1)], memory: 15, [[0, 4], [5, 9], [5, 5]],
      "The second request does not fit beside the first. May the third pass it?")
    try demandTimes(
      [(0, 9, 9), (0, 2, 2)], memory: 10, [[], [0, 1]], "The first request will never fit.")
    try demandTimes(
      [(0, 1, 3), (1_000_000_000, 1, 1)], [[0, 2], [1_000_000_000, 1_000_000_000]],
      "Nothing happens for a long time.")
    var generator = SplitMix64(seed: 6)
    for round in 0..<60 {
      let (active, memory) = (1 + round % 5, 20 + round)
      let tokens = active + Int(generator.next() % 6)
      var arrival = 0
      let requests = (0..<8).map { _ -> Request in
        arrival += Int(generator.next() % 4)
        return (arrival, 1 + Int(generator.next() % 18), 1 + Int(generator.next() % 9))
      }
      try demandTimes(
        requests, active: active, tokens: tokens, memory: memory,
        TokenClock(active: active, tokens: tokens, memory: memory).times(requests),
        "\(requests) with \(active) places, \(tokens) tokens a step and a memory of \(memory): "
          + "who goes through the model in each step?")
    }
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}

/// The same rules, told token by token: a text is the list of the steps at which its tokens went through.
private struct TokenClock {
  let active, tokens, memory: Int

  func times(_ requests: [`Exercise 13.6`.Request]) -> [[Int]] {
    let size = requests.map { $0.prompt + $0.answer }
    // The last token of an answer never goes through the model.
    var passes = requests.map { _ in [Int]() }
    var begun: [Int] = []
    var step = 0
    func hasEnded(_ place: Int) -> Bool {
      passes[place].count == requests[place].prompt + requests[place].answer - 1
    }
    while requests.indices.contains(where: { size[$0] <= memory && !hasEnded($0) }) {
      var running = begun.filter { !hasEnded($0) }
      for place in requests.indices.dropFirst((begun.last ?? -1) + 1) {
        if size[place] > memory { continue }
        let used = running.reduce(0) { $0 + size[$1] }
        guard requests[place].arrival <= step, running.count < active,
          used + size[place] <= memory
        else { break }
        begun.append(place)
        running.append(place)
      }
      var left = tokens
      let writers = running.filter { passes[$0].count >= requests[$0].prompt }
      for place in writers {
        passes[place].append(step)
        left -= 1
      }
      for place in running where !writers.contains(place) {
        while left > 0, passes[place].count < requests[place].prompt {
          passes[place].append(step)
          left -= 1
        }
      }
      step += 1
    }
    return requests.indices.map { place in
      guard size[place] <= memory, let last = passes[place].last else { return [] }
      return [passes[place][requests[place].prompt - 1], last]
    }
  }
}
