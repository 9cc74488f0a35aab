import Attention
import Checkpoints
import Foundation
import MTP
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `A checkpoint with modules` {
  private let copies = ["embed_tokens.weight", "shared_head.head.weight"]

  // snippet.names
  @Test func `bears the names of the released one`() {
    let model = DeepSeekModel(.dense(predictors: 2), seed: 1)
    let own = model.language.namedParameters.map(\.name)
    let modules = [2, 3].flatMap { layer in
      [
        "embed_tokens.weight", "enorm.weight", "hnorm.weight", "eh_proj.weight",
        "input_layernorm.weight", "self_attn.q_proj.weight", "self_attn.k_proj.weight",
        "self_attn.v_proj.weight", "self_attn.o_proj.weight",
        "post_attention_layernorm.weight", "mlp.gate_proj.weight", "mlp.up_proj.weight",
        "mlp.down_proj.weight", "shared_head.norm.weight", "shared_head.head.weight",
      ].map { "model.layers.\(layer).\($0)" }
    }
    #expect(model.namedParameters.map(\.name) == own + modules)
    #expect(model.parameter("model.layers.2.eh_proj.weight")?.shape == [16, 32])
  }
  // snippet.end

  @Test(arguments: [0, 1, 2], [false, true])
  func `lists every weight, and copies of embedding and head`(_ depths: Int, _ tied: Bool) {
    let model = DeepSeekModel(.dense(predictors: depths, tied: tied), seed: 1)
    let names = (2..<2 + depths).flatMap { layer in
      copies.map { "model.layers.\(layer).\($0)" }
    }
    expectEveryPartListed(model, repeating: names)
  }

  @Test func `counts what is shared once`() {
    let model = DeepSeekModel(.dense(predictors: 2), seed: 1)
    // By hand: 3 norms of 16 and a projection of 16 · 32, a block of 1152 + 1152 + 32 weights;
    // the attention is 16 · (24 + 12 + 12 + 24), the feed-forward 3 · 16 · 24.
    let module = 3 * 16 + 512 + 1152 + 1152 + 32
    #expect(model.parameterCount == model.language.parameterCount + 2 * module)
  }

  private func saved(_ sizes: DecoderConfiguration) -> SavedModel<DeepSeekModel> {
    SavedModel(
      configuration: sizes, model: sizes.unevenModel(seed: 8), tokenizer: .bytes(),
      generation: GenerationConfiguration())
  }

  /// Rewrites the weights of a directory without some of them.
  private func remove(_ isRemoved: (String) -> Bool, from folder: URL) throws {
    let stored = try StoredTensors(in: folder)
    let kept = try stored.entries.filter { !isRemoved($0.name) }.map {
      NamedTensor($0.name, try stored.tensor($0.name))
    }
    try StoredTensors.write(kept, in: folder)
  }

  @Test(arguments: [false, true])
  func `opens with equal weights, with and without its copies`(_ tied: Bool) throws {
    let model = saved(.tinyV3(predictors: 2, tied: tied))
    try withFolder { folder in
      try model.save(to: folder)
      let stored = try StoredTensors(in: folder)
      #expect(stored.entries.count { $0.name.hasSuffix("shared_head.head.weight") } == 2)
      let opened = try SavedModel<DeepSeekModel>(opening: folder)
      #expect(opened.configuration == model.configuration)
      #expect(opened.model.values == model.model.values)
      try remove(
        { name in copies.contains { name.hasSuffix(".\($0)") && name.contains("layers") } },
        from: folder)
      let again = try SavedModel<DeepSeekModel>(opening: folder)
      #expect(again.model.values == model.model.values)
      let batch = Batch.of(testTokens(10, below: 256), sequences: 1)
      #expect(
        again.model.predictionLosses(of: batch) == model.model.predictionLosses(of: batch))
    }
  }

  @Test func `opens without its modules when another program has dropped them`() throws {
    let model = saved(.tinyV3(predictors: 2))
    try withFolder { folder in
      try model.save(to: folder)
      try remove({ $0.contains("layers.3.") }, from: folder)
      #expect(try SavedModel<DeepSeekModel>(opening: folder).model.modules.count == 1)
      try remove({ $0.contains("layers.2.") }, from: folder)
      let opened = try SavedModel<DeepSeekModel>(opening: folder)
      #expect(opened.model.modules.isEmpty)
      #expect(opened.model.language.values == model.model.language.values)
    }
  }

  @Test func `must have the whole of a module or nothing of it`() throws {
    let model = saved(.tinyV3(predictors: 1))
    try withFolder { folder in
      try model.save(to: folder)
      try remove({ $0 == "model.layers.2.hnorm.weight" }, from: folder)
      #expect {
        try SavedModel<DeepSeekModel>(opening: folder)
      } throws: { "\($0)".contains("model.layers.2.hnorm.weight") }
    }
    try withFolder { folder in
      try model.save(to: folder)
      try remove({ $0 == "model.layers.2.eh_proj.weight" }, from: folder)
      #expect(throws: CheckpointError.self) { try SavedModel<DeepSeekModel>(opening: folder) }
    }
  }

  @Test func `has no modules where the configuration is dense`() {
    let model = DeepSeekModel(.dense(predictors: 0), seed: 1)
    let dense = DecoderConfiguration.dense(predictors: 0).model(seed: 1)
    #expect(model.modules.isEmpty)
    #expect(model.values == dense.values, "same seed, same weights as chapter 2's model")
  }
}
