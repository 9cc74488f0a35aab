import Attention
import Checkpoints
import MTP
import Serving
import Tensors
import TestSupport
import Testing

@Suite struct `Speculation in the engine` {
  @Test(arguments: Kind.allCases)
  func `writes what greedy decoding writes, token for token`(_ kind: Kind) throws {
    let served = ServedModel(kind.configuration, .int8, of: kind.model)
    #expect(served.drafts)
    let requests = (0..<5).map {
      GenerationRequest(
        prompt: testTokens(2 + 9 * $0, below: kind.configuration.vocabularySize),
        maximumTokens: 30)
    }
    var plain = Scheduler(served)
    let expected = try plain.tokens(requests)
    for tokens in [128, 11] {
      var drafting = Scheduler(
        served, limits: EngineLimits(tokensPerStep: tokens),
        options: EngineOptions(speculates: true))
      #expect(try drafting.tokens(requests) == expected)
      // Texts that were read before have no rows for the drafter: its cache begins behind them.
      #expect(try drafting.tokens(requests) == expected)
      let tally = drafting.tally
      #expect(tally.drafts > 200)
      #expect(tally.passes + tally.acceptedDrafts == tally.writtenTokens)
    }
  }

  @Test func `draws texts with the probability that the model gives them`() throws {
    var sizes = DecoderConfiguration.latent(vocabulary: 4)
    sizes.initializerRange = 0.5
    let model = sizes.unevenModel(seed: 3)
    let served = ServedModel(sizes, .fp32, of: model)
    let draws = 3000
    var counts: [[Int]: Int] = [:]
    var scheduler = Scheduler(
      served, limits: EngineLimits(active: 64, waiting: draws, tokensPerStep: 256),
      options: EngineOptions(cache: .fp32, sharesPrefixes: false, speculates: true))
    let requests = (0..<draws).map {
      GenerationRequest(
        prompt: [1, 2], maximumTokens: 3, sampling: Sampling(temperature: 0.9),
        seed: UInt64($0))
    }
    for text in try scheduler.tokens(requests) { counts[text, default: 0] += 1 }
    #expect(scheduler.tally.drafts >= draws && scheduler.tally.acceptedDrafts > draws / 10)
    var distance = 0.0
    for (text, probability) in laws(model.language, after: [1, 2], length: 3) {
      let expected = probability * Double(draws)
      let difference = Double(counts[text] ?? 0) - expected
      distance += difference * difference / max(expected, 1e-9)
    }
    // χ² over the 64 texts of three tokens: 63 on average, with a deviation of √126 = 11.
    #expect(distance < 63 + 4 * 11.2, "χ² is \(distance)")
  }

  private func laws(
    _ model: LanguageModel, after prompt: [Int], length: Int
  ) -> [(text: [Int], probability: Double)] {
    guard length > 0 else { return [([], 1)] }
    let pass = Pass(Sequences(count: 1, length: prompt.count), on: Tape(recording: false))
    let logits = model.logits(prompt, in: pass).value
    let law = TokenLaw(
      logits.rows(prompt.count - 1..<prompt.count).scalars, Sampling(temperature: 0.9))
    return law.probabilities.indices.flatMap { token in
      laws(model, after: prompt + [token], length: length - 1)
        .map { ([token] + $0.text, law[token] * $0.probability) }
    }
  }
}
