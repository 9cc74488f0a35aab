import Attention
import Foundation
import RL
import SmallR1
import Tensors
import TestSupport
import Testing

@Suite struct `A thought that is made shorter or longer` {
  private let questions = QuestionMix.heldOut(.sum, size: 2, count: 6)
  private var forcing: BudgetForcing {
    BudgetForcing(TinyBase.model().language, on: questions, budget: 16)
  }

  @Test func `is the model's own`() {
    let alphabet = TaskAlphabet.bilingual
    let rollout = Rollout(
      samples: 1, budget: 16, stops: [alphabet.end], temperature: 0,
      firstToken: .forced(alphabet.think))
    let responses = TinyBase.model().language.responses(
      to: questions.map { alphabet.prompt($0.prompt) }, rollout, seed: 0)
    let expected = responses.map { all in
      Array(all[0].tokens.dropFirst().prefix { $0 != alphabet.endThink && $0 != alphabet.end })
    }
    #expect(forcing.thoughts == expected)
    // Left as it is, it has the answers that it would have had.
    let right = zip(questions, responses).filter {
      JudgedReply($1[0], to: $0, in: alphabet).isRight
    }
    let whole = forcing.cut(expected, to: 100)
    #expect(abs(whole.accuracy - Double(right.count) / Double(questions.count)) < 1e-12)
    #expect(forcing.waiting(expected, times: 0) == whole)
  }

  @Test func `has so many tokens and no more`() {
    let thoughts = forcing.thoughts
    for limit in 0...4 {
      let expected = thoughts.map { Double(min($0.count, limit)) }.reduce(0, +)
      let found = forcing.cut(thoughts, to: limit)
      #expect(abs(found.tokens - expected / Double(thoughts.count)) < 1e-12)
    }
    let longer = (0...2).map { forcing.waiting(thoughts, times: $0).tokens }
    #expect(longer[0] + 1 <= longer[1] && longer[1] + 1 <= longer[2])
  }
}

@Suite struct `More time for an answer` {
  @Test func `is counted in samples and in tokens`() throws {
    let result = TestTimeResult(
      of: TinyBase.model().language, sizes: 2...2, problems: 6, samples: 8, waits: 1)
    let size = try #require(result.sizes.first)
    #expect(size.votes.map(\.samples) == [1, 2, 4, 8])
    for votes in [size.votes, size.direct] {
      #expect(abs(votes[0].pass - votes[0].consensus) < 1e-12)
      for (less, more) in zip(votes, votes.dropFirst()) {
        #expect(more.pass >= less.pass - 1e-12 && more.consensus <= more.pass + 1e-12)
        #expect(abs(more.tokens - 2 * less.tokens) < 1e-9)
      }
    }
    #expect(size.direct[0].tokens < size.votes[0].tokens)
    #expect(size.cuts.map(\.limit) == [0, 2, 4, 6] && size.waits.map(\.limit) == [0, 1])
    let data = try JSONEncoder().encode(result)
    #expect(try JSONDecoder().decode(TestTimeResult.self, from: data) == result)
  }
}
