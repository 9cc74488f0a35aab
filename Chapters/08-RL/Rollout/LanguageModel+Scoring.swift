import Attention
import Tensors

extension LanguageModel {
  /// log π of every token of every response, the whole of a text read at once.
  ///
  /// On responses that this model has just sampled they are the recorded ones, up to rounding:
  /// the sharpest test of a rollout.
  /// - Returns: for each group, for each response, a number for each token.
  public func logProbabilities(
    of groups: [ResponseGroup], temperature: Double = 1
  ) -> [[[Float]]] {
    logProbabilities(of: groups, temperature: temperature) { _ in true }
  }

  /// The same for some of the groups; the others get empty lists.
  func logProbabilities(
    of groups: [ResponseGroup], temperature: Double, where isWanted: (ResponseGroup) -> Bool
  ) -> [[[Float]]] {
    readings(of: groups, where: isWanted) { hidden, tokens in
      PolicyKernel.read(
        hidden.value, head: headWeight.value, tokens: tokens, temperature: temperature
      ).logProbabilities
    }
  }

  /// A number for each token of each response, from the hidden rows that predict the tokens.
  func readings(
    of groups: [ResponseGroup], where isWanted: (ResponseGroup) -> Bool = { _ in true },
    _ read: @Sendable (_ hidden: Variable, _ tokens: [Int]) -> [Float]
  ) -> [[[Float]]] {
    let wanted = groups.map(isWanted)
    let shards = ResponsePlace.shards(of: groups, count: 8) { wanted[$0.group] }
    let results = Threads.map(shards.count) { shard in
      let rows = groups.rows(shards[shard])
      let tape = Tape(recording: false, products: PackedProducts())
      return read(rows.hidden(of: self, on: tape), rows.tokens)
    }
    var all = groups.map { [[Float]](repeating: [], count: $0.responses.count) }
    for (places, numbers) in zip(shards, results) {
      var start = 0
      for place in places {
        let end = start + groups.response(place).length
        all[place.group][place.index] = Array(numbers[start..<end])
        start = end
      }
    }
    return all
  }
}
