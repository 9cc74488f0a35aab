import Attention
import Checkpoints
import Foundation
import Tensors
import Testing
import Text

/// The walk from text to loss that the chapter takes, on its sentence.
@Suite struct `The walk from text to loss` {
  static let sentence = "the cat sat on the mat"

  static let sizes = DecoderConfiguration(
    vocabularySize: 259, width: 16, feedForwardWidth: 32, layers: 1, heads: 2, keyValueHeads: 1)

  // snippet.merges
  @Test func `three merges are learnt from six words`() throws {
    let tokenizer = try Tokenizer.trained(on: [Self.sentence], vocabularySize: 259)
    let learnt = (256..<259).map { tokenizer.piece(of: $0) }
    #expect(learnt == ["at", "he", "the"])
    let pieces = tokenizer.encode(Self.sentence).map { tokenizer.piece(of: $0) }
    #expect(
      pieces
        == ["the", " ", "c", "at", " ", "s", "at", " ", "o", "n", " ", "the", " ", "m", "at"])
  }
  // snippet.end

  // snippet.tokenizer-file
  @Test func `three merges become a file, and the file the same tokenizer`() throws {
    let tokenizer = try Tokenizer.trained(on: [Self.sentence], vocabularySize: 259)
    let model = try JSONValue(parsing: tokenizer.json).object?["model"]?.object
    #expect(model?["merges"] == ["a t", "h e", "t he"])
    let vocabulary = try #require(model?["vocab"]?.object)
    #expect(vocabulary["a"] == 64 && vocabulary["Ġ"] == 220 && vocabulary["the"] == 258)
    let again = try Tokenizer(json: Data(tokenizer.json.utf8))
    #expect(again == tokenizer)
    #expect(again.decode(again.encode("the cat – 猫")) == "the cat – 猫")
    // Half a character is no text yet: a token alone may show the mark of what cannot be read.
    #expect(again.decode(Array(again.encode("猫").prefix(2))) == "\u{FFFD}")
  }
  // snippet.end

  // snippet.first-loss
  @Test func `an untrained model is as surprised as a die of 259 faces`() throws {
    let batch = try batch()
    let loss = Self.sizes.model(seed: 0).loss(of: batch, on: Tape(recording: false))
    #expect(abs(Double(loss.value.scalar) - log(259)) < 0.05)
  }
  // snippet.end

  @Test func `blocks that write nothing leave the stream as it was`() throws {
    let model = Self.sizes.model(seed: 0)
    for (name, parameter) in model.namedParameters
    where name.hasSuffix("o_proj.weight") || name.hasSuffix("down_proj.weight") {
      parameter.value = Tensor(shape: parameter.shape)
    }
    let tape = Tape(recording: false)
    let tokens = try batch().inputs
    let pass = Pass(Sequences(count: 1, length: tokens.count), on: tape)
    let embedding = try #require(model.namedParameters.first)
    #expect(embedding.name == "model.embed_tokens.weight")
    let rows = tape[embedding.parameter].gathered(at: tokens)
    let ones = tape.constant(Tensor(repeating: 1, shape: [16]))
    #expect(
      model.hidden(tokens, in: pass).value == rows.rmsNorm(weight: ones, epsilon: 1e-6).value)
  }

  @Test func `sixty steps learn the sentence, and a saved model still knows it`() throws {
    let tokenizer = try Tokenizer.trained(on: [Self.sentence], vocabularySize: 259)
    let (model, batch) = (Self.sizes.model(seed: 0), try batch())
    var optimizer = AdamW(model.namedParameters, rate: 0.01)
    var losses: [Float] = []
    // snippet.sixty-steps
    for _ in 0..<60 {
      let tape = Tape()
      let loss = model.loss(of: batch, on: tape)
      losses.append(loss.value.scalar)
      optimizer.step(tape.gradients(of: loss), factor: 1)
    }
    // snippet.end
    #expect(losses[1] < losses[0] && losses[59] < 0.1)
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "walk-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let generation = GenerationConfiguration(endTokens: [])
    try SavedModel(
      configuration: Self.sizes, model: model, tokenizer: tokenizer, generation: generation
    ).save(to: folder)
    let reopened = try SavedModel<LanguageModel>(opening: folder)
    let prompt = reopened.tokenizer.encode("the")
    let rest = reopened.model.generate([prompt], count: 14, sampling: .greedy, seed: 0)[0]
    #expect(reopened.tokenizer.decode(prompt + rest) == Self.sentence)
  }

  private func batch() throws -> Batch {
    let tokenizer = try Tokenizer.trained(on: [Self.sentence], vocabularySize: 259)
    let ids = tokenizer.encode(Self.sentence)
    return try Batch.windows(of: ids, length: ids.count - 1, sequences: 1)[0]
  }
}
