import Attention
import Checkpoints
import Foundation
import MTP
import Tensors
import TestSupport
import Testing

@Suite struct `Speculative decoding` {
  private static let prompts = [[1, 2, 3], [4], testTokens(20, below: 29), [28, 28]]

  // snippet.greedy
  @Test(arguments: [1, 2, 3])
  func `writes what greedy decoding writes, token for token`(_ depths: Int) throws {
    let random = DecoderConfiguration.dense(predictors: depths, deviation: 0.4)
    for model in [random.unevenModel(seed: 7), try Learnt.model(predictors: depths)] {
      for prompt in Self.prompts {
        let plain = model.language.generate([prompt], count: 40, sampling: .greedy, seed: 0)
        let (tokens, tally) = model.generateSpeculatively(
          prompt, count: 40, sampling: .greedy, seed: 0)
        #expect(tokens == plain[0])
        #expect(tally.tokens == 39, "the prompt's own pass writes the first")
      }
    }
  }
  // snippet.end

  @Test func `accepts most drafts once the text is learnt, and few before`() throws {
    let learnt = try Learnt.model(predictors: 2)
    let fresh = DecoderConfiguration.dense(predictors: 2).unevenModel(seed: 7)
    let tallies = [learnt, fresh].map {
      $0.generateSpeculatively([1, 2], count: 60, sampling: .greedy, seed: 0).tally
    }
    #expect(tallies[0].secondTokenAcceptance > 0.6)
    #expect(tallies[1].secondTokenAcceptance < 0.4)
    for tally in tallies {
      #expect(tally.passes + tally.accepted.reduce(0, +) == tally.tokens)
      #expect(tally.accepted[1] <= tally.accepted[0], "the second stands on the first")
      let mean = Double(tally.tokens) / Double(tally.passes)
      #expect(tally.tokensPerPass == mean)
    }
    #expect(tallies[0].passes < 40, "of 59 tokens")
  }

  // snippet.law
  @Test(arguments: [1, 2])
  func `draws texts with the probability that the model gives them`(_ depths: Int) {
    let model = DecoderConfiguration.dense(vocabulary: 4, predictors: depths, deviation: 0.4)
      .unevenModel(seed: 11)
    let sampling = Sampling(temperature: 0.9)
    let draws = 6000
    var counts: [[Int]: Int] = [:]
    for seed in 0..<draws {
      let text = model.generateSpeculatively(
        [1, 2], count: 3, sampling: sampling, seed: UInt64(seed))
      counts[text.tokens, default: 0] += 1
    }
    // χ² over the 64 texts of three tokens: 63 on average, with a deviation of √126 = 11.
    var distance = 0.0
    for (text, probability) in laws(model.language, after: [1, 2], sampling, length: 3) {
      let expected = probability * Double(draws)
      distance += pow(Double(counts[text] ?? 0) - expected, 2) / expected
    }
    #expect(distance < 63 + 4 * 11.2, "χ² is \(distance)")
  }
  // snippet.end

  /// The probability of every continuation of some length, by the chain rule.
  private func laws(
    _ model: LanguageModel, after prompt: [Int], _ sampling: Sampling, length: Int
  ) -> [(text: [Int], probability: Double)] {
    guard length > 0 else { return [([], 1)] }
    let pass = Pass(Sequences(count: 1, length: prompt.count), on: Tape(recording: false))
    let logits = model.logits(prompt, in: pass).value
    let law = TokenLaw(logits.rows(prompt.count - 1..<prompt.count).scalars, sampling)
    return law.probabilities.indices.flatMap { token in
      laws(model, after: prompt + [token], sampling, length: length - 1)
        .map { ([token] + $0.text, law[token] * $0.probability) }
    }
  }

  @Test func `accepts as often as the two laws overlap`() {
    let model = DecoderConfiguration.dense(vocabulary: 4).unevenModel(seed: 11)
    var tally = SpeculationTally(depths: 1)
    var overlap = 0.0
    for seed in 0..<2000 {
      let text = model.generateSpeculatively(
        [1, 2], count: 3, sampling: Sampling(), seed: UInt64(seed))
      tally.add(text.tally)
      // The first draft stands behind the first token; judged are the laws that follow both.
      overlap += self.overlap(model, [1, 2, text.tokens[0]])
    }
    // Of three tokens the first is the prompt's; one draft follows, and after a rejection none.
    #expect(tally.drafted[0] == 2000)
    let mean = overlap / 2000
    let deviation = (mean * (1 - mean) / 2000).squareRoot()
    #expect(abs(tally.secondTokenAcceptance - mean) < 4 * deviation)
  }

  /// Σ min(p, q) for the token behind a text, whose last token the module has been handed.
  private func overlap(_ model: DeepSeekModel, _ text: [Int]) -> Double {
    let pass = Pass(Sequences(count: 1, length: text.count), on: Tape(recording: false))
    let hidden = model.language.hidden(text, in: pass)
    let head = pass.tape[model.language.headWeight]
    let rows = hidden.sliced(0..<text.count - 1)
    let ahead = model.modules[0](
      rows, with: Array(text[1...]),
      in: pass.branch(over: Sequences(count: 1, length: text.count - 1)))
    let laws = [hidden, ahead].map { rows in
      let logits = rows.matmul(head, transposing: .right).value
      return TokenLaw(logits.rows(logits.rows - 1..<logits.rows).scalars, Sampling())
    }
    return laws[0].overlap(with: laws[1])
  }

  @Test func `depends on the seed alone`() {
    let model = DecoderConfiguration.dense().unevenModel(seed: 7)
    func run(_ seed: UInt64) -> [Int] {
      model.generateSpeculatively([3], count: 20, sampling: Sampling(), seed: seed).tokens
    }
    #expect(run(1) == run(1))
    #expect(run(1) != run(2))
  }

  @Test func `ends at its stops, at its count, and where it is told to`() throws {
    let model = try Learnt.model(predictors: 2)
    let free = model.generateSpeculatively([1], count: 24, sampling: .greedy, seed: 0).tokens
    #expect(free.count == 24)
    for count in 0...7 {
      let some = model.generateSpeculatively([1], count: count, sampling: .greedy, seed: 0)
      #expect(some.tokens == Array(free[..<count]))
    }
    // A stop in the middle of what one pass wrote cuts the rest of it off.
    for stop in Set(free) {
      let end = try #require(free.firstIndex(of: stop))
      let cut = model.generateSpeculatively(
        [1], count: 24, sampling: .greedy, seed: 0, stops: [stop])
      #expect(cut.tokens == Array(free[...end]))
      var told: [Int] = []
      let left = model.generateSpeculatively([1], count: 24, sampling: .greedy, seed: 0) {
        told.append($0)
        return $0 != stop
      }
      #expect(left.tokens == told && told == Array(free[...end]))
    }
  }

  @Test func `writes a token a pass where there are no modules`() {
    let model = DecoderConfiguration.dense(predictors: 0).unevenModel(seed: 7)
    let (tokens, tally) = model.generateSpeculatively(
      [1, 2], count: 9, sampling: .greedy, seed: 0)
    #expect(
      tokens == model.language.generate([[1, 2]], count: 9, sampling: .greedy, seed: 0)[0])
    #expect(tally.passes == 8 && tally.tokensPerPass == 1)
  }

  @Test func `survives weights that are not numbers`() throws {
    let model = DeepSeekModel(.dense(predictors: 2), seed: 1)
    let norm = try #require(model.parameter("model.norm.weight"))
    norm.value = Tensor(repeating: .nan, shape: norm.shape)
    for sampling in [Sampling.greedy, Sampling(topK: 3, topP: 0.5)] {
      let tokens = model.generateSpeculatively(
        [1, 2], count: 6, sampling: sampling, seed: 0
      ).tokens
      #expect(tokens.count == 6 && tokens.allSatisfy { (0..<29).contains($0) })
    }
  }
}
