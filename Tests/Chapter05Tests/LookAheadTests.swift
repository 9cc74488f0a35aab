import Attention
import Checkpoints
import Foundation
import MTP
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `Looking ahead` {
  private let x = Batch.ignored

  // snippet.pairs
  @Test func `pairs a position with the token k ahead and asks for the one behind it`() {
    let batch = Batch(
      inputs: [10, 11, 12, 13, 20, 21, 22, 23], targets: [11, 12, 13, 14, 21, 22, 23, 24],
      sequences: 2, length: 4)
    let one = batch.shifted(by: 1)
    #expect(one.rows == [0, 1, 2, 4, 5, 6], "the last position of a row has nothing to read")
    #expect(one.tokens == [11, 12, 13, 21, 22, 23])
    #expect(one.targets == [12, 13, 14, 22, 23, 24], "two ahead of 10, 11, 12 …")
    let two = batch.shifted(by: 2)
    #expect(two.rows == [0, 1, 3, 4], "counted among the rows of depth 1")
    #expect(two.tokens == [12, 13, 22, 23])
    #expect(two.targets == [13, 14, 23, 24])
    #expect(batch.shifted(by: 4).length == 0)
  }
  // snippet.end

  @Test func `predicts nothing across the end of a document`() {
    // Two documents in a row, 1 2 3 and 7 8, and one place of padding.
    let packed = PackedDocuments([[1, 2, 3], [7, 8]], length: 6).batch
    #expect(packed.inputs == [1, 2, 3, 7, 8, 0] && packed.targets == [2, 3, x, 8, x, x])
    #expect(
      packed.shifted(by: 1).targets == [3, x, x, x, x], "1 → 3 alone is inside a document")
    #expect(packed.shifted(by: 2).targets == [x, x, x, x])
    let longer = PackedDocuments([[1, 2, 3, 4], [7, 8]], length: 6).batch
    #expect(longer.shifted(by: 2).targets == [4, x, x, x])
  }

  private func outputs(_ model: DeepSeekModel, _ tokens: [Int]) -> [Tensor] {
    let batch = Batch.of(tokens, sequences: 1)
    let pass = Pass(Sequences(count: 1, length: batch.length), on: Tape(recording: false))
    let hidden = model.language.hidden(batch.inputs, in: pass)
    return model.lookAhead(from: hidden, over: batch, in: pass).map(\.hidden.value)
  }

  // snippet.causality
  @Test func `never sees beyond the token that it was handed`() {
    let model = DecoderConfiguration.dense(predictors: 2).unevenModel(seed: 4)
    let tokens = testTokens(71, below: 29)
    let before = outputs(model, tokens)
    var changed = tokens
    changed[65] = (changed[65] + 1) % 29
    let after = outputs(model, changed)
    for (index, depth) in [1, 2].enumerated() {
      // Position i of depth k has read the tokens up to i + k.
      let blind = 65 - depth
      #expect(before[index].rows == 70 - depth)
      #expect(after[index].rows(0..<blind) == before[index].rows(0..<blind))
      #expect(after[index].rows(blind..<blind + 1) != before[index].rows(blind..<blind + 1))
    }
  }
  // snippet.end

  @Test func `hands each depth what the depth before found out`() {
    let model = DecoderConfiguration.dense(predictors: 2).unevenModel(seed: 4)
    let tokens = testTokens(9, below: 29)
    let found = outputs(model, tokens)
    let pass = Pass(Sequences(count: 1, length: 8), on: Tape(recording: false))
    // The model's rows come to depth 1 after the final norm, and so do those of depth 1 to depth 2.
    let hidden = model.language.hidden(Array(tokens[..<8]), in: pass)
    let one = model.modules[0](
      hidden.sliced(0..<7), with: Array(tokens[1..<8]),
      in: pass.branch(over: Sequences(count: 1, length: 7)))
    #expect(found[0] == one.value)
    let two = model.modules[1](
      one.sliced(0..<6), with: Array(tokens[2..<8]),
      in: pass.branch(over: Sequences(count: 1, length: 6)))
    #expect(found[1] == two.value)
  }

  @Test func `treats the sequences of a batch apart`() {
    let model = DecoderConfiguration.dense(predictors: 2).unevenModel(seed: 4)
    let tokens = testTokens(25, below: 29)
    let together = Batch.of(tokens, sequences: 3)
    let losses = model.predictionLosses(of: together)
    let alone = together.shards(3).map { model.predictionLosses(of: $0) }
    for depth in 0..<2 {
      let mean = alone.reduce(0.0) { $0 + $1[depth] } / 3
      #expect(abs(losses[depth] - mean) < 1e-6)
    }
  }
}
