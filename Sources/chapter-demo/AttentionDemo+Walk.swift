import Attention
import Checkpoints
import CommandLine
import Foundation
import Tensors
import Text

extension AttentionDemo {
  /// Text → batch → model → loss → gradients → AdamW → checkpoint, on one sentence.
  mutating func walk() throws {
    Console.print("From text to loss, on one sentence")
    let text = "the cat sat on the mat"
    let tokenizer = try Tokenizer.trained(on: [text], vocabularySize: 259)
    let ids = tokenizer.encode(text)
    let pieces = ids.map { tokenizer.piece(of: $0) == " " ? "␣" : tokenizer.piece(of: $0) }
    let batches = try Batch.windows(of: ids, length: ids.count - 1, sequences: 1)
    let batch = batches[0]
    report("text", "\(text.utf8.count) bytes")
    report("tokens", "\(ids.count): " + pieces.joined(separator: " "))
    report("batch", "\(batch.sequences) × \(batch.length) inputs, each with its target")
    note("walk.bytes", text.utf8.count)
    note("walk.tokens", ids.count)

    let configuration = DecoderConfiguration(
      vocabularySize: 259, width: 16, feedForwardWidth: 32, layers: 1, heads: 2,
      keyValueHeads: 1)
    let model = configuration.model(seed: seed)
    let count = model.namedParameters.reduce(0) { $0 + $1.parameter.value.count }
    report("model", "\(count) weights in \(model.namedParameters.count) tensors")
    note("walk.weights", count)
    note("walk.tensors", model.namedParameters.count)

    let tape = Tape()
    let loss = model.loss(of: batch, on: tape)
    let gradients = tape.gradients(of: loss)
    let before = Double(loss.value.scalar)
    report("loss", Self.digits(before, 4) + " nats; ln 259 is " + Self.digits(log(259), 4))
    report("gradient", "norm " + Self.digits(Double(gradients.norm), 4))
    note("walk.loss", before)
    note("walk.gradient-norm", Double(gradients.norm))

    var optimizer = AdamW(model.namedParameters, rate: 0.01)
    optimizer.step(gradients, factor: 1)
    let after = Self.loss(of: batch, model)
    report("one step", "of AdamW: loss " + Self.digits(after, 4))
    note("walk.loss-after-one", after)
    for _ in 1..<60 {
      let tape = Tape()
      optimizer.step(tape.gradients(of: model.loss(of: batch, on: tape)), factor: 1)
    }
    let end = Self.loss(of: batch, model)
    report("60 steps", "loss " + Self.digits(end, 4))
    note("walk.loss-after-sixty", end)
    try saveAndReopen(model, configuration, tokenizer)
  }

  private mutating func saveAndReopen(
    _ model: LanguageModel, _ configuration: DecoderConfiguration, _ tokenizer: Tokenizer
  ) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "attention-demo-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let saved = SavedModel(
      configuration: configuration, model: model, tokenizer: tokenizer,
      generation: GenerationConfiguration(endTokens: []))
    try saved.save(to: folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    report("saved", names.filter { !$0.hasPrefix(".") }.joined(separator: ", "))
    let reopened = try SavedModel<LanguageModel>(opening: folder)
    let prompt = reopened.tokenizer.encode("the")
    let rest = reopened.model.generate([prompt], count: 14, sampling: .greedy, seed: 0)[0]
    let said = reopened.tokenizer.decode(prompt + rest)
    report("reopened", "\"the\" continues to \"\(said)\"")
    Console.print()
  }

  private static func loss(of batch: Batch, _ model: LanguageModel) -> Double {
    Double(model.loss(of: batch, on: Tape(recording: false)).value.scalar)
  }
}
