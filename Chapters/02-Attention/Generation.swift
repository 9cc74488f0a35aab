import Tensors

extension LanguageModel {
  /// Continues prompts, one token at a time, all of them in one batch.
  ///
  /// Each prompt has a random stream of its own, so its continuation does not depend on the others.
  /// - Parameters:
  ///   - prompts: tokens, at least one each; the lengths may differ.
  ///   - count: the most tokens to add to each.
  ///   - stops: tokens after which a continuation ends; the token itself is kept.
  ///   - onToken: told of each new token; returning false ends that continuation.
  /// - Returns: the new tokens of each prompt.
  public func generate(
    _ prompts: [[Int]], count: Int, sampling: Sampling, seed: UInt64, stops: Set<Int> = [],
    onToken: (_ prompt: Int, _ token: Int) -> Bool = { _, _ in true }
  ) -> [[Int]] {
    var outputs = [[Int]](repeating: [], count: prompts.count)
    var generators = prompts.indices.map { SplitMix64(seed: seed).branch(UInt64($0)) }
    let cache = makeCache(sequences: 0)
    var logits = prompts.map { prompt in
      let own = makeCache(sequences: 1)
      defer { cache.absorb(own) }
      return nextLogits(prompt, cache: own)[0]
    }
    // snippet.generate
    var active = Array(prompts.indices)
    while let first = active.first, outputs[first].count < count {
      var staying: [Int] = []
      for (row, prompt) in active.enumerated() {
        let token = sampling.token(logits[row], using: &generators[prompt])
        outputs[prompt].append(token)
        if onToken(prompt, token) && !stops.contains(token) { staying.append(row) }
      }
      if outputs[first].count == count { break }
      if staying.count < active.count {
        active = staying.map { active[$0] }
        cache.select(staying)
      }
      if active.isEmpty { break }
      logits = nextLogits(active.map { outputs[$0][outputs[$0].count - 1] }, cache: cache)
    }
    return outputs
    // snippet.end
  }

  /// Feeds new tokens, equally many to each sequence of a cache, and reads the last logits of each.
  public func nextLogits(_ tokens: [Int], cache: ModelCache) -> [[Float]] {
    let count = cache.lengths.count
    insist(
      count > 0 && !tokens.isEmpty && tokens.count % count == 0,
      "nextLogits: \(tokens.count) tokens cannot be shared by \(count) sequences")
    let sequences = Sequences(
      count: count, length: tokens.count / count, offsets: cache.lengths)
    let pass = Pass(sequences, on: Tape(recording: false))
    let hidden = hidden(tokens, in: pass, cache: cache).value
    let last = Tensor.stacked(
      rowsOf: (0..<count).map { sequence in
        let row = (sequence + 1) * sequences.length - 1
        return hidden.rows(row..<row + 1)
      })
    let logits = last.matmul(headWeight.value, transposing: .right)
    return (0..<count).map { logits.rows($0..<$0 + 1).scalars }
  }
}
