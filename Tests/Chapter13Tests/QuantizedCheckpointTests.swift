import Attention
import Checkpoints
import Foundation
import MTP
import Serving
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `A quantised directory` {
  private func saved() throws -> SavedModel<DeepSeekModel> {
    let sizes = DecoderConfiguration.latent()
    return SavedModel(
      configuration: sizes, model: sizes.unevenModel(seed: 7), tokenizer: .bytes(),
      generation: GenerationConfiguration(endTokens: [3]))
  }

  @Test(arguments: allFormats)
  func `opens as the model that it was rounded to`(_ format: WeightFormat) throws {
    let (scratch, saved) = (try Scratch(), try saved())
    try saved.save(as: format, to: scratch.url)
    let back = try SavedModel<DeepSeekModel>(opening: scratch.url)
    let before = Dictionary(uniqueKeysWithValues: saved.model.namedParameters.map { ($0, $1) })
    for (name, parameter) in back.model.namedParameters {
      let original = try #require(before[name]).value
      let isMatrix = name.contains("_proj") && !name.contains("eh_proj")
      guard case .integer(let integers) = format, isMatrix else { continue }
      #expect(
        parameter.value == IntegerCodes(rounding: original, to: integers).tensor, "\(name)")
    }
    let folder = try ServedFolder(opening: scratch.url)
    #expect(folder.format == format && folder.generation == saved.generation)
    let tokens = testTokens(20, below: 256)
    let served = try ReadText(folder.model(), .fp32).read(tokens)
    let pass = Pass(Sequences(count: 1, length: 20), on: Tape(recording: false))
    let expected = back.model.language.logits(tokens, in: pass).value
    // The served model keeps two bytes of what is absorbed, and rounds FP8 a second time.
    let allowed = format == .fp32 ? Tolerance.model : Tolerance(0.05, "brain floating point")
    expectClose(served, expected, allowed, format.name)
  }

  @Test func `takes fewer bytes, and is still the same model for every program`() throws {
    let saved = try saved()
    func bytes(_ format: WeightFormat) throws -> Int {
      let scratch = try Scratch()
      try saved.save(as: format, to: scratch.url)
      return try ServedFolder(opening: scratch.url).stored.entries.reduce(0) {
        $0 + $1.byteCount
      }
    }
    let sizes = try [WeightFormat.fp32, .bf16, .int8, .int4].map(bytes)
    #expect(sizes[0] == 2 * sizes[1] || sizes[0] > 19 * sizes[1] / 10)
    #expect(sizes[1] > sizes[2] && sizes[2] > sizes[3])
  }

  @Test func `becomes an ordinary one when it is saved again`() throws {
    let (first, second) = (try Scratch(), try Scratch())
    try saved().save(as: .int8, to: first.url)
    let back = try SavedModel<DeepSeekModel>(opening: first.url)
    try back.save(to: second.url)
    let again = try SavedModel<DeepSeekModel>(opening: second.url)
    #expect(again.configuration.weightFormat == .bf16)
    for (one, other) in zip(back.model.parameters, again.model.parameters) {
      #expect(other.value.rows == one.value.rows)
      let errors = zip(other.value.scalars, one.value.scalars).map {
        abs($0 - $1) / max(abs($1), 1e-6)
      }
      #expect((errors.max() ?? 0) <= 0x1p-8, "numbers in two bytes")
    }
  }

  @Test func `says in config.json what other programs need`() throws {
    let scratch = try Scratch()
    try saved().save(as: .int4, to: scratch.url)
    let fields = try JSONFields(readingFrom: scratch.url.appending(path: "config.json"))
    let found = try fields.fields("quantization_config")
    let settings = try #require(found)
    #expect(try settings.string("quant_method") == "compressed-tensors")
    #expect(try settings.string("format") == "pack-quantized")
    #expect(try IntegerFormat(fields) == IntegerFormat(bits: 4))
    #expect(
      try DecoderConfiguration.read(from: scratch.url.appending(path: "config.json"))
        .weightBlock == nil)
  }

  @Test func `refuses settings that mean something else`() throws {
    func sentence(_ change: (inout JSONObject) -> Void) -> String {
      let whole: JSONValue = [
        "num_bits": 4, "type": "int", "strategy": "group", "group_size": 32, "symmetric": true,
      ]
      var weights = whole.object ?? JSONObject()
      change(&weights)
      let config: JSONValue = [
        "quantization_config": [
          "quant_method": "compressed-tensors", "format": "pack-quantized",
          "config_groups": ["group_0": ["weights": .object(weights)]],
        ]
      ]
      do {
        _ = try IntegerFormat(JSONFields(config.object ?? JSONObject(), file: "config.json"))
        return ""
      } catch { return "\(error)" }
    }
    #expect(sentence { _ in }.isEmpty)
    #expect(sentence { $0["num_bits"] = 3 }.contains("num_bits' is 3, which is not supported"))
    #expect(sentence { $0["type"] = "float" }.contains("'float'"))
    #expect(sentence { $0["strategy"] = "channel" }.contains("'channel'"))
    #expect(sentence { $0["group_size"] = 7 }.contains("an odd number"))
    #expect(sentence { $0["group_size"] = nil }.contains("group_size' is missing"))
  }
}
