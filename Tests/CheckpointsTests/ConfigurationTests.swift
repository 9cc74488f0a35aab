import Checkpoints
import Foundation
import TestSupport
import Testing

private let llama = DecoderConfiguration(
  family: .llama, vocabularySize: 128256, width: 4096, feedForwardWidth: 14336, layers: 32,
  heads: 32, keyValueHeads: 8, headWidth: 128, maximumPositions: 8192, ropeTheta: 500000,
  rmsNormEpsilon: 1e-5, beginToken: 128000, endTokens: [128001, 128009], weightFormat: .bf16)

private let qwen = DecoderConfiguration(
  family: .qwen2, vocabularySize: 151936, width: 1536, feedForwardWidth: 8960, layers: 28,
  heads: 12, keyValueHeads: 2, headWidth: 128, maximumPositions: 131072, ropeTheta: 1_000_000,
  rmsNormEpsilon: 1e-6, tiesEmbeddings: true, beginToken: 151643, endTokens: [151643],
  weightFormat: .bf16)

/// The required keys of a small Llama, with some replaced or removed.
private func configuration(_ changes: JSONValue) throws -> DecoderConfiguration {
  let base: JSONValue = [
    "architectures": ["LlamaForCausalLM"], "vocab_size": 64, "hidden_size": 32,
    "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
  ]
  var object = base.object ?? JSONObject()
  for (key, value) in changes.object?.members ?? [] { object[key] = value }
  return try DecoderConfiguration(JSONFields(object, file: "config.json"))
}

@Suite struct `config.json` {
  @Test(arguments: ["llama-4.json", "llama-5.json"])
  func `of a Llama is read in both spellings`(name: String) throws {
    let found = try DecoderConfiguration.read(from: fixtures.appendingPathComponent(name))
    #expect(found == llama)
    #expect(!found.hasQueryKeyValueBias)
  }

  @Test(arguments: ["qwen2-4.json", "qwen2-5.json"])
  func `of a Qwen2 is read in both spellings`(name: String) throws {
    let found = try DecoderConfiguration.read(from: fixtures.appendingPathComponent(name))
    #expect(found == qwen)
    #expect(found.hasQueryKeyValueBias)
  }

  @Test func `counts the weights of published models`() {
    #expect(llama.parameterCount == 8_030_261_248)
    #expect(qwen.parameterCount == 1_543_714_304)
  }

  @Test func `agrees with the tensors of the model beside it`() throws {
    let folder = fixtures.appendingPathComponent("sharded")
    let found = try DecoderConfiguration.read(
      from: folder.appendingPathComponent("config.json"))
    let stored = try StoredTensors(in: folder)
    let count = stored.files.flatMap(\.entries).map { $0.shape.reduce(1, *) }.reduce(0, +)
    #expect(found.parameterCount == count)
    #expect(found.ropeTheta == 500000 && found.headWidth == 4 && found.keyValueHeads == 2)
  }

  @Test func `comes back equal after writing and reading`() throws {
    var odd = llama
    odd.headWidth = 64
    odd.endTokens = []
    odd.beginToken = nil
    odd.padToken = 0
    odd.rmsNormEpsilon = 1e-12
    odd.weightFormat = .f32
    for original in [llama, qwen, odd] {
      try withFolder { folder in
        let url = folder.appendingPathComponent("config.json")
        try original.write(to: url)
        #expect(try DecoderConfiguration.read(from: url) == original)
      }
    }
  }

  @Test func `keeps what transformers 5 wrote, key by key`() throws {
    for (name, original) in [("llama-5.json", llama), ("qwen2-5.json", qwen)] {
      let theirs = try JSONFields(readingFrom: fixtures.appendingPathComponent(name))
      for (key, value) in original.json.members where theirs[key] != nil {
        #expect(theirs[key] == value || theirs[key]?.number == value.number, "\(name) \(key)")
      }
    }
  }

  @Test func `falls back to the defaults of transformers`() throws {
    let small = try configuration([:])
    #expect(
      small
        == DecoderConfiguration(
          vocabularySize: 64, width: 32, feedForwardWidth: 48, layers: 2, heads: 4,
          keyValueHeads: 4, headWidth: 8, maximumPositions: 2048, ropeTheta: 10000,
          rmsNormEpsilon: 1e-6, beginToken: 1, endTokens: [2]))
    let qwen = try configuration([
      "architectures": ["Qwen2ForCausalLM"], "num_key_value_heads": .null,
    ])
    #expect(qwen.maximumPositions == 32768 && qwen.beginToken == nil && qwen.endTokens.isEmpty)
    #expect(qwen.keyValueHeads == 4)
    #expect(try configuration(["eos_token_id": .null, "pad_token_id": -1]).endTokens.isEmpty)
    #expect(try configuration(["rope_scaling": .null, "rope_theta": 5000]).ropeTheta == 5000)
    #expect(
      try configuration(["rope_theta": 5000, "rope_parameters": ["rope_type": "default"]])
        .ropeTheta == 5000)
    #expect(try configuration(["architectures": .null, "model_type": "llama"]) == small)
  }

  @Test(
    arguments: [
      (#"{"vocab_size": null}"#, "'vocab_size' is missing"),
      (#"{"hidden_size": "32"}"#, "'hidden_size' must be an integer, but is a string"),
      (
        #"{"hidden_size": 32.0}"#,
        "'hidden_size' must be an integer, but is a number with a fraction"
      ),
      (
        #"{"num_hidden_layers": 0}"#,
        "'num_hidden_layers' makes no sense: 0 is not in 1...10000"
      ),
      (
        #"{"num_hidden_layers": 2000000000}"#,
        "'num_hidden_layers' makes no sense: 2000000000 is not in 1...10000"
      ),
      (#"{"vocab_size": -1}"#, "'vocab_size' makes no sense: -1 is not in 1...2147483647"),
      (
        #"{"hidden_size": 30}"#, "'hidden_size' makes no sense: 30 does not divide into 4 heads"
      ),
      (
        #"{"num_key_value_heads": 3}"#,
        "'num_key_value_heads' makes no sense: 4 query heads cannot share 3 evenly"
      ),
      (
        #"{"num_key_value_heads": 8}"#,
        "'num_key_value_heads' makes no sense: 4 query heads cannot share 8 evenly"
      ),
      (
        #"{"head_dim": 7}"#,
        "'head_dim' makes no sense: 7 is odd, but rotary positions turn pairs"
      ),
      (
        #"{"hidden_size": 2000000000, "intermediate_size": 2000000000}"#,
        "'hidden_size' makes no sense: the model would have too many weights"
      ),
      (#"{"rms_norm_eps": 0}"#, "'rms_norm_eps' makes no sense: 0.0 is not positive"),
      (#"{"rope_theta": -1}"#, "'rope_theta' makes no sense: -1.0 is not positive"),
      (
        #"{"tie_word_embeddings": 1}"#,
        "'tie_word_embeddings' must be a truth value, but is an integer"
      ),
      (
        #"{"eos_token_id": 64}"#,
        "'eos_token_id' makes no sense: 64 is not one of the 64 tokens"
      ),
      (
        #"{"eos_token_id": ["2"]}"#,
        "'eos_token_id' must be a list of integers, but is a string"
      ),
      (
        #"{"bos_token_id": -1}"#,
        "'bos_token_id' makes no sense: -1 is not one of the 64 tokens"
      ),
      (#"{"hidden_act": "gelu"}"#, "'hidden_act' is 'gelu', which is not supported"),
      (#"{"attention_bias": true}"#, "'attention_bias' is true, which is not supported"),
      (
        #"{"use_sliding_window": true}"#, "'use_sliding_window' is true, which is not supported"
      ),
      (
        #"{"layer_types": ["full_attention", "sliding_attention"]}"#,
        "'layer_types' is 'sliding_attention', which is not supported"
      ),
      (
        #"{"quantization_config": {"quant_method": "awq"}}"#,
        "'quantization_config.quant_method' is 'awq', which is not supported"
      ),
      (
        #"{"rope_scaling": {"rope_type": "longrope", "factor": 8}}"#,
        "'rope_scaling.rope_type' is 'longrope', which is not supported"
      ),
      (
        #"{"rope_scaling": {"type": "linear"}}"#,
        "'rope_scaling.type' is 'linear', which is not supported"
      ),
      (
        #"{"rope_parameters": {"rope_type": "default", "partial_rotary_factor": 0.5}}"#,
        "'rope_parameters.partial_rotary_factor' is 0.5, which is not supported"
      ),
      (
        #"{"rope_parameters": {"rope_theta": "x"}}"#,
        "'rope_parameters.rope_theta' must be a number, but is a string"
      ),
      (#"{"torch_dtype": "int8"}"#, "'torch_dtype' is 'int8', which is not supported"),
      (
        #"{"architectures": ["BertModel"]}"#,
        "'architectures' is 'BertModel', which is not supported"
      ),
      (
        #"{"architectures": "x"}"#, "'architectures' must be a list of strings, but is a string"
      ),
      (#"{"architectures": null}"#, "'model_type' is missing"),
      (
        #"{"model_type": "qwen2"}"#,
        "'model_type' makes no sense: 'qwen2' is not LlamaForCausalLM"
      ),
    ])
  func `is refused by key and rule`(changes: String, rule: String) {
    #expect(
      failure { _ = try configuration(JSONValue(parsing: changes)) }?.description
        == "config.json: key \(rule).")
  }

  @Test func `is refused when it is not an object of JSON`() throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("config.json")
      try AtomicFile.write("[1]", to: url)
      #expect(
        failure { _ = try DecoderConfiguration.read(from: url) }
          == .file("config.json", .notAnObject))
      try AtomicFile.write("{\"vocab_size\": 1, \"vocab_size\": 2}", to: url)
      #expect(
        failure { _ = try DecoderConfiguration.read(from: url) }?.description
          == "config.json: is not valid JSON at line 1, column 19: "
          + "the key 'vocab_size' appears twice in one object.")
    }
  }
}

@Suite struct `generation_config.json` {
  @Test func `of transformers is read`() throws {
    let url = fixtures.appendingPathComponent("sharded/generation_config.json")
    #expect(
      try GenerationConfiguration.read(from: url)
        == GenerationConfiguration(
          samples: true, temperature: 0.6, topP: 0.95, topK: 20, maximumNewTokens: 32,
          beginToken: 1, endTokens: [2, 3]))
  }

  @Test func `comes back equal after writing and reading`() throws {
    let full = GenerationConfiguration(
      samples: false, temperature: 0, topP: 1, topK: 0, maximumNewTokens: 1, beginToken: 0,
      endTokens: [5], padToken: 6)
    for original in [full, GenerationConfiguration()] {
      try withFolder { folder in
        let url = folder.appendingPathComponent("generation_config.json")
        try original.write(to: url)
        #expect(try GenerationConfiguration.read(from: url) == original)
      }
    }
  }

  @Test(
    arguments: [
      (#"{"temperature": -1}"#, "'temperature' makes no sense: -1.0 is not 0 or more"),
      (#"{"top_p": 0}"#, "'top_p' makes no sense: 0.0 is not above 0 and at most 1"),
      (#"{"top_p": 1.5}"#, "'top_p' makes no sense: 1.5 is not above 0 and at most 1"),
      (#"{"top_k": -1}"#, "'top_k' makes no sense: -1 is less than 0"),
      (#"{"max_new_tokens": 0}"#, "'max_new_tokens' makes no sense: 0 is less than 1"),
      (#"{"eos_token_id": [1, -2]}"#, "'eos_token_id' makes no sense: -2 is negative"),
      (#"{"do_sample": 1}"#, "'do_sample' must be a truth value, but is an integer"),
    ])
  func `is refused by key and rule`(text: String, rule: String) throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("generation_config.json")
      try AtomicFile.write(text, to: url)
      #expect(
        failure { _ = try GenerationConfiguration.read(from: url) }?.description
          == "generation_config.json: key \(rule).")
    }
  }
}
