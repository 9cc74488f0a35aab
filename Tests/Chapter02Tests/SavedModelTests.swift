import Attention
import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `A saved model` {
  private func saved(
    _ configuration: DecoderConfiguration, special: [String] = ["<end>"]
  ) -> SavedModel<LanguageModel> {
    SavedModel(
      configuration: configuration, model: configuration.unevenModel(seed: 8),
      tokenizer: .bytes(special: special),
      generation: GenerationConfiguration(temperature: 0.5, endTokens: [256]))
  }

  private func configuration(
    _ family: DecoderConfiguration.Family = .llama, tied: Bool = false,
    format: StorageFormat = .f32
  ) -> DecoderConfiguration {
    var configuration = DecoderConfiguration.small(
      family, vocabulary: 260, tied: tied, deviation: 0.3)
    configuration.endTokens = [256]
    configuration.weightFormat = format
    return configuration
  }

  /// The error that opening a folder throws after something was done to it.
  private func complaint(
    _ model: SavedModel<LanguageModel>, after spoil: (URL) throws -> Void
  ) throws -> (any Error)? {
    try withFolder { folder in
      try model.save(to: folder)
      try spoil(folder)
      do {
        _ = try SavedModel<LanguageModel>(opening: folder)
        return nil
      } catch { return error }
    }
  }

  @Test(arguments: [DecoderConfiguration.Family.llama, .qwen2], [true, false])
  func `opens with equal weights, logits and settings`(
    _ family: DecoderConfiguration.Family, _ tied: Bool
  ) throws {
    let model = saved(configuration(family, tied: tied))
    try withFolder { folder in
      let url = folder.appending(path: "model")
      try model.save(to: url)
      let opened = try SavedModel<LanguageModel>(opening: url)
      #expect(opened.configuration == model.configuration)
      #expect(opened.generation == model.generation)
      #expect(opened.tokenizer == model.tokenizer)
      #expect(opened.model.values == model.model.values)
      let tokens = model.tokenizer.encode("Once upon a time<end>")
      #expect(tokens.last == 256)
      #expect(opened.model.logits(tokens) == model.model.logits(tokens))
    }
  }

  @Test func `keeps the files that other programs expect`() throws {
    try withFolder { folder in
      try saved(configuration()).save(to: folder)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(
        files == [
          "config.json", "generation_config.json", "model.safetensors", "tokenizer.json",
          "tokenizer_config.json",
        ])
    }
  }

  @Test(arguments: [
    ("models/llama-llama3", "key 'rope_scaling' is 'llama3'"),
    ("models/qwen2-yarn", "key 'rope_scaling' is 'yarn'"),
    ("deepseek/v2", "key 'kv_lora_rank' is set"),
  ])
  func `says so when only a later chapter can compute it`(_ folder: String, _ rule: String) {
    #expect {
      try SavedModel<LanguageModel>(
        opening: Repository.references.appending(path: folder), tokenizer: .bytes())
    } throws: {
      "\($0)" == "config.json: \(rule) in a LanguageModel, which is not supported."
    }
  }

  @Test func `opens with a tokenizer from elsewhere, even one that knows more tokens`() throws {
    let folder = Repository.references.appending(path: "models/llama-gqa")
    let opened = try SavedModel<LanguageModel>(opening: folder, tokenizer: .bytes())
    #expect(opened.model.vocabularySize == 61 && opened.tokenizer.vocabularySize == 256)
  }

  @Test func `opens without generation_config.json`() throws {
    try withFolder { folder in
      try saved(configuration()).save(to: folder)
      try FileManager.default.removeItem(at: folder.appending(path: "generation_config.json"))
      let opened = try SavedModel<LanguageModel>(opening: folder)
      #expect(opened.generation == GenerationConfiguration(endTokens: [256]))
    }
  }

  @Test(arguments: [StorageFormat.bf16, .f16])
  func `stores half the bytes when asked to, and rounds once`(_ format: StorageFormat) throws {
    try withFolder { folder in
      let (url, again) = (folder.appending(path: "a"), folder.appending(path: "b"))
      let model = saved(configuration(format: format))
      try model.save(to: url)
      let opened = try SavedModel<LanguageModel>(opening: url)
      #expect(opened.configuration.weightFormat == format)
      // BF16 keeps 8 bits of a number, F16 keeps 11.
      let error = format == .bf16 ? 0x1p-8 : 0x1p-11
      for (name, weight) in model.model.values {
        let found = try #require(opened.model.values[name])
        for (a, b) in zip(found.doubles, weight.doubles) {
          #expect(abs(a - b) <= error * abs(b) + 1e-7, "\(name)")
        }
      }
      try opened.save(to: again)
      let bytes = try [url, again].map {
        try Data(contentsOf: $0.appending(path: "model.safetensors"))
      }
      #expect(bytes[0] == bytes[1], "a second save rounds nothing more")
      #expect(bytes[0].count < 3 * model.model.parameterCount)
    }
  }

  @Test func `opens when a tied head was stored nevertheless`() throws {
    let model = saved(configuration(tied: true))
    try withFolder { folder in
      try model.save(to: folder)
      let head = NamedTensor("lm_head.weight", model.model.headWeight.value)
      try StoredTensors.write(
        model.model.namedParameters.map { NamedTensor($0.name, $0.parameter.value) } + [head],
        in: folder)
      #expect(try SavedModel<LanguageModel>(opening: folder).model.values == model.model.values)
    }
  }

  @Test func `must have every weight and no other`() throws {
    let model = saved(configuration())
    let tensors = model.model.namedParameters.map { NamedTensor($0.name, $0.parameter.value) }
    let missing = try complaint(model) {
      try StoredTensors.write(Array(tensors.dropLast()), in: $0)
    }
    #expect(
      missing as? CheckpointError
        == .tensor("lm_head.weight", file: "model.safetensors", .missing))
    let stranger = NamedTensor("stranger", Tensor(1))
    let unexpected = try complaint(model) {
      try StoredTensors.write(tensors + [stranger], in: $0)
    }
    #expect(
      unexpected as? CheckpointError
        == .tensor("stranger", file: "model.safetensors", .unexpected))
    let wrong = [NamedTensor(tensors[0].name, Tensor(shape: [260, 15]))]
    let misshapen = try complaint(model) {
      try StoredTensors.write(wrong + tensors.dropFirst(), in: $0)
    }
    #expect(
      misshapen as? CheckpointError
        == .tensor(
          "model.embed_tokens.weight", file: "model.safetensors",
          .wrongShape(expected: [260, 16], found: [260, 15])))
  }

  @Test func `changes nothing when a load fails`() throws {
    let model = configuration().model(seed: 1)
    let before = model.values
    try withFolder { folder in
      let other = configuration().model(seed: 2)
      let tensors = other.namedParameters.map { NamedTensor($0.name, $0.parameter.value) }
      try StoredTensors.write(Array(tensors.dropLast()), in: folder)
      #expect(throws: CheckpointError.self) { try model.load(StoredTensors(in: folder)) }
      #expect(model.values == before)
    }
  }

  @Test func `never makes a model that the stored weights cannot fill`() throws {
    // A terabyte of weights in the configuration, some kilobytes in the file.
    let error = try complaint(saved(configuration())) { folder in
      var huge = configuration()
      huge.width = 1 << 19
      huge.feedForwardWidth = 1 << 19
      try huge.write(to: folder.appending(path: "config.json"))
    }
    let description = try #require(error as? CheckpointError).description
    #expect(
      description.hasPrefix("config.json: key 'hidden_size' makes no sense: the sizes make"))
  }

  @Test func `never hands a token to the model that the model does not know`() throws {
    let model = saved(configuration(), special: (0..<5).map { "<special \($0)>" })
    let error = try complaint(model) { _ in }
    #expect(
      (error as? CheckpointError)?.description
        == "config.json: key 'vocab_size' makes no sense: 260 is less than the 261 tokens of "
        + "tokenizer.json.")
  }
}
