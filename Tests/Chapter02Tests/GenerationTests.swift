import Attention
import Checkpoints
import Tensors
import TestSupport
import Testing

@Suite struct `Generation` {
  private let model = DecoderConfiguration.small(deviation: 0.4).unevenModel(seed: 7)
  private let prompts = [[1, 2, 3], [4], testTokens(20, below: 29), [28, 28]]

  @Test func `takes the likeliest token of the whole text each time`() {
    for prompt in prompts {
      var text = prompt
      for _ in 0..<12 {
        let last = model.logits(text).rows(text.count - 1..<text.count).scalars
        let likeliest = last.indices.max { last[$0] < last[$1] }
        text.append(likeliest ?? 0)
      }
      let continuation = model.generate([prompt], count: 12, sampling: .greedy, seed: 0)
      #expect(continuation == [Array(text[prompt.count...])])
    }
  }

  @Test(arguments: [Sampling.greedy, Sampling(), Sampling(temperature: 0.8, topK: 5)])
  func `gives each prompt what it gets alone`(_ sampling: Sampling) {
    let together = model.generate(prompts, count: 10, sampling: sampling, seed: 3)
    #expect(together.map(\.count) == [10, 10, 10, 10])
    // The stream of random numbers belongs to the place in the batch, hence the padding.
    for index in prompts.indices {
      let others = [[Int]](repeating: [0], count: index)
      let alone = model.generate(
        others + [prompts[index]], count: 10, sampling: sampling, seed: 3)
      #expect(alone[index] == together[index], "prompt \(index)")
    }
  }

  @Test func `depends on the seed alone`() {
    func run(_ seed: UInt64) -> [[Int]] {
      model.generate(prompts, count: 8, sampling: Sampling(), seed: seed)
    }
    #expect(run(1) == run(1))
    #expect(run(1) != run(2))
    let same = model.generate([[5], [5]], count: 8, sampling: Sampling(), seed: 1)
    #expect(same[0] != same[1], "equal prompts have streams of their own")
  }

  @Test func `ends after a stop token and keeps it`() {
    let free = model.generate(prompts, count: 12, sampling: .greedy, seed: 0)
    let stops: Set<Int> = [free[0][4], free[2][2]]
    let stopped = model.generate(prompts, count: 12, sampling: .greedy, seed: 0, stops: stops)
    for (whole, cut) in zip(free, stopped) {
      let end = whole.firstIndex { stops.contains($0) }
      #expect(cut == Array(whole[...(end ?? whole.count - 1)]))
    }
    #expect(stopped.contains { $0.count < 12 })
  }

  @Test func `tells of every token in order and ends where it is told to`() {
    let free = model.generate(prompts, count: 6, sampling: .greedy, seed: 0)
    var told = [[Int]](repeating: [], count: prompts.count)
    let cut = model.generate(prompts, count: 6, sampling: .greedy, seed: 0) { prompt, token in
      told[prompt].append(token)
      return prompt != 1 || told[prompt].count < 3
    }
    #expect(told == cut)
    #expect(cut[1] == Array(free[1][..<3]))
    #expect([cut[0], cut[2], cut[3]] == [free[0], free[2], free[3]])
  }

  @Test func `adds nothing when nothing is asked for`() {
    #expect(model.generate(prompts, count: 0, sampling: .greedy, seed: 0) == [[], [], [], []])
    #expect(model.generate([], count: 5, sampling: .greedy, seed: 0) == [])
  }

  @Test func `survives weights that are not numbers`() throws {
    let broken = DecoderConfiguration.small().model(seed: 1)
    let norm = try #require(broken.parameter("model.norm.weight"))
    norm.value = Tensor(repeating: .nan, shape: norm.shape)
    for sampling in [Sampling.greedy, Sampling(topK: 3, topP: 0.5)] {
      let tokens = broken.generate([[1, 2]], count: 3, sampling: sampling, seed: 0)
      #expect(tokens[0].count == 3 && tokens[0].allSatisfy { (0..<29).contains($0) })
    }
  }

  @Test func `stops at an empty prompt`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let model = DecoderConfiguration.small().model(seed: 1)
      _ = model.generate([[]], count: 1, sampling: .greedy, seed: 0)
    }
    expectSaid(result, "nextLogits: 0 tokens cannot be shared by 1 sequences")
  }
}
