import Foundation
import Tensors

extension DecoderConfiguration {
  /// Writes `config.json` so that `transformers` 4 and 5 both load it.
  ///
  /// That takes both spellings of the rotary settings and of the weights' format.
  public func write(to url: URL) throws(CheckpointError) {
    try validate(file: url.lastPathComponent)
    try AtomicFile.write(.object(json), to: url)
  }

  /// The format in which a weight is stored: the bias of a router stays in single precision, of
  /// which sixteen bits would lose the small steps that training makes.
  public func storageFormat(of weight: String) -> StorageFormat {
    weight.hasSuffix(".e_score_correction_bias") ? .f32 : weightFormat
  }

  /// The tensors that store some weights, in their order.
  ///
  /// With a `weightBlock`, the matrices that V3 quantises are in eight bits, each with its scales
  /// behind it; all else is in the configuration's format.
  public func storedTensors(_ weights: [(name: String, value: Tensor)]) -> [NamedTensor] {
    let quantized = Set((weightGroups ?? []).filter(\.isQuantized).map(\.name))
    return weights.flatMap { name, value in
      if let weightBlock, quantized.contains(WeightGroup.name(of: name)) {
        return NamedTensor.eightBit(name, value, block: weightBlock)
      }
      return [NamedTensor(name, value, as: storageFormat(of: name))]
    }
  }

  /// The members of `config.json`.
  public var json: JSONObject {
    var object = JSONObject()
    object["architectures"] = [.string(family.architecture)]
    object["model_type"] = .string(family.modelType)
    object["vocab_size"] = .integer(vocabularySize)
    object["hidden_size"] = .integer(width)
    object["intermediate_size"] = .integer(feedForwardWidth)
    object["num_hidden_layers"] = .integer(layers)
    object["num_attention_heads"] = .integer(heads)
    object["num_key_value_heads"] = .integer(keyValueHeads)
    if latentAttention == nil { object["head_dim"] = .integer(headWidth) }
    latentAttention?.write(to: &object)
    if family.routing != nil { writtenExperts.write(to: &object) }
    if family == .deepseekV3 { object["num_nextn_predict_layers"] = .integer(predictors) }
    object["hidden_act"] = "silu"
    object["max_position_embeddings"] = .integer(maximumPositions)
    writeRotary(to: &object)
    object["rms_norm_eps"] = .number(rmsNormEpsilon)
    object["initializer_range"] = .number(initializerRange)
    object["tie_word_embeddings"] = .bool(tiesEmbeddings)
    writeConstants(to: &object)
    object["bos_token_id"] = tokenJSON(beginToken)
    object["eos_token_id"] = tokensJSON(endTokens)
    object["pad_token_id"] = tokenJSON(padToken)
    object["dtype"] = .string(weightFormat.torchName)
    object["torch_dtype"] = .string(weightFormat.torchName)
    object["quantization_config"] = weightBlock.map(\.json)
    return object
  }

  /// The experts; a family of mixtures says so where it has none.
  private var writtenExperts: ExpertSizes {
    if let experts { return experts }
    let routing = family.routing
    return ExpertSizes(
      count: 0, active: 0, shared: 0, width: feedForwardWidth, denseLayers: layers,
      scoring: routing?.scoring ?? .softmax, selection: routing?.selections.first ?? .greedy)
  }

  private func writeRotary(to object: inout JSONObject) {
    object["rope_theta"] = .number(ropeTheta)
    object["rope_scaling"] = ropeScaling.map { .object($0.json) } ?? .null
    var parameters = ropeScaling?.json ?? JSONObject([("rope_type", "default")])
    parameters["rope_theta"] = .number(ropeTheta)
    parameters["type"] = nil
    object["rope_parameters"] = .object(parameters)
    if family == .deepseekV3 { object["rope_interleave"] = .bool(ropeInterleaved) }
  }

  /// What is the same in all models of a family that are read here.
  private func writeConstants(to object: inout JSONObject) {
    object["attention_dropout"] = 0.0
    if family == .qwen2 {
      object["use_sliding_window"] = false
    } else {
      object["attention_bias"] = false
      object["pretraining_tp"] = 1
    }
    if family == .llama || family == .deepseekV2 { object["mlp_bias"] = false }
    object["use_cache"] = true
  }
}

extension WeightBlock {
  /// The member `quantization_config`, with the words of the released checkpoints.
  fileprivate var json: JSONValue {
    [
      "quant_method": "fp8", "fmt": "e4m3", "activation_scheme": "dynamic",
      "weight_block_size": [.integer(rows), .integer(columns)],
    ]
  }
}
