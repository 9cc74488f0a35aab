import Checkpoints
import Foundation
import TestSupport
import Testing

/// A small V3 with what transformers insists on, some of it replaced or removed.
private func configuration(
  _ changes: JSONValue = [:], of architecture: String = "DeepseekV3ForCausalLM"
) throws -> DecoderConfiguration {
  let base: JSONValue = [
    "architectures": [.string(architecture)], "vocab_size": 64, "hidden_size": 32,
    "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 4, "kv_lora_rank": 8, "q_lora_rank": 12, "qk_nope_head_dim": 6,
    "qk_rope_head_dim": 4, "v_head_dim": 6, "n_routed_experts": 8, "num_experts_per_tok": 2,
    "n_group": 4, "topk_group": 2, "first_k_dense_replace": 1,
  ]
  var object = base.object ?? JSONObject()
  for (key, value) in changes.object?.members ?? [] { object[key] = value }
  return try DecoderConfiguration(JSONFields(object, file: "config.json"))
}

private func published(_ name: String) throws -> DecoderConfiguration {
  try #require(PublishedConfiguration.named(name)?.model)
}

@Suite struct `config.json of a mixture` {
  @Test(arguments: ["deepseek-v3", "deepseek-v2", "deepseek-v2-lite"], [4, 5])
  func `is read in both spellings`(name: String, spelling: Int) throws {
    let url = fixtures.appendingPathComponent("\(name)-\(spelling).json")
    #expect(try DecoderConfiguration.read(from: url) == published(name))
  }

  @Test func `of the first mixture is read as released`() throws {
    let url = fixtures.appendingPathComponent("deepseek-moe-16b-4.json")
    #expect(try DecoderConfiguration.read(from: url) == published("deepseek-moe-16b"))
  }

  @Test(arguments: PublishedConfiguration.all)
  func `comes back equal after writing and reading`(_ model: PublishedConfiguration) throws {
    try withFolder { folder in
      let url = folder.appendingPathComponent("config.json")
      try model.model.write(to: url)
      #expect(try DecoderConfiguration.read(from: url) == model.model)
    }
  }

  @Test(arguments: ["deepseek-v3", "deepseek-v2", "deepseek-v2-lite"])
  func `keeps what transformers 5 wrote, key by key`(name: String) throws {
    let theirs = try JSONFields(readingFrom: fixtures.appendingPathComponent("\(name)-5.json"))
    var compared = 0
    for (key, value) in try published(name).json.members where theirs[key] != nil {
      guard key != "rope_parameters" else { continue }
      #expect(theirs[key] == value || theirs[key]?.number == value.number, "\(name) \(key)")
      compared += 1
    }
    #expect(compared > 30)
  }

  @Test func `says its rotary settings for old and new readers`() throws {
    let json = try published("deepseek-v3").json
    #expect(json["rope_theta"] == 10000.0)
    let scaling = try #require(json["rope_scaling"]?.object)
    #expect(scaling["type"] == "yarn" && scaling["rope_type"] == "yarn")
    #expect(scaling["factor"] == 40.0 && scaling["mscale_all_dim"] == 1.0)
    let parameters = try #require(json["rope_parameters"]?.object)
    #expect(parameters["rope_type"] == "yarn" && parameters["rope_theta"] == 10000.0)
    #expect(parameters["original_max_position_embeddings"] == 4096)
  }

  @Test func `falls back to the defaults of transformers`() throws {
    let small = try configuration()
    #expect(small.maximumPositions == 4096 && small.beginToken == 0 && small.endTokens == [1])
    #expect(small.headWidth == 4 && small.ropeInterleaved && small.predictors == 0)
    let experts = try #require(small.experts)
    #expect(experts.width == 2048 && experts.shared == 1 && experts.scale == 2.5)
    #expect(experts.normalizes && experts.scoring == .sigmoid && experts.selection == .biased)
    #expect(experts.balanceWeight == 0 && experts.stride == 1)

    let second = try configuration(
      ["n_group": .null, "topk_group": .null], of: "DeepseekV2ForCausalLM")
    #expect(
      second.maximumPositions == 2048 && second.beginToken == 1 && second.endTokens == [2])
    let others = try #require(second.experts)
    #expect(others.width == 1407 && others.shared == 2 && others.scale == 1)
    #expect(!others.normalizes && others.scoring == .softmax && others.selection == .greedy)
    #expect(others.groups == 1 && others.activeGroups == 1)
  }

  @Test func `is read in all its variants`() throws {
    #expect(try configuration(["q_lora_rank": .null]).latentAttention?.queryRank == nil)
    #expect(try configuration(["q_lora_rank": 0]).latentAttention?.queryRank == nil)
    #expect(try configuration().latentAttention?.queryRank == 12)
    #expect(try !configuration(["rope_interleave": false]).ropeInterleaved)
    #expect(try configuration(["norm_topk_prob": false]).experts?.normalizes == false)
    let ungrouped = try configuration(["n_group": .null, "topk_group": .null])
    #expect(ungrouped.experts?.groups == 1 && ungrouped.experts?.activeGroups == 1)
    #expect(try configuration(["n_routed_experts": .null]).experts == nil)
    #expect(try configuration(["n_shared_experts": .null]).experts?.shared == 0)
    #expect(try configuration(["num_nextn_predict_layers": 2]).predictors == 2)
    let frequent = try configuration([
      "moe_layer_freq": 2, "first_k_dense_replace": 1, "num_hidden_layers": 6,
    ])
    let experts = try #require(frequent.experts)
    #expect((0..<6).map(experts.isExpertLayer) == [false, false, true, false, true, false])
    let block: JSONValue = ["quant_method": "fp8", "weight_block_size": [4, 6]]
    #expect(
      try configuration(["quantization_config": block]).weightBlock
        == WeightBlock(rows: 4, columns: 6))
    #expect(
      try configuration(["quantization_config": ["quant_method": "fp8"]]).weightBlock
        == WeightBlock(rows: 128, columns: 128))
  }

  @Test func `of V2 means what its model class computes`() throws {
    // That class divides no weights by their sum and knows only neighbouring pairs.
    let second = try configuration(
      ["norm_topk_prob": true, "rope_interleave": false], of: "DeepseekV2ForCausalLM")
    #expect(second.experts?.normalizes == false && second.ropeInterleaved)
    // Where experts are chosen freely, their groups mean nothing.
    #expect(second.experts?.groups == 1)
    let grouped = try configuration(
      ["topk_method": "group_limited_greedy"], of: "DeepseekV2ForCausalLM")
    #expect(grouped.experts?.groups == 4 && grouped.experts?.activeGroups == 2)
  }

  @Test func `without experts is written so that no layer has any`() throws {
    var dense = try configuration()
    dense.experts = nil
    let json = dense.json
    #expect(json["first_k_dense_replace"] == 2 && json["n_routed_experts"] == 0)
    #expect(try DecoderConfiguration(JSONFields(json, file: "config.json")) == dense)
  }

  @Test func `gives YaRN and Llama 3 the constants that a file leaves out`() throws {
    let yarn: JSONValue = ["type": "yarn", "original_max_position_embeddings": 512]
    #expect(
      try configuration(["rope_scaling": yarn]).ropeScaling
        == .yarn(YaRNScaling(factor: 8, originalPositions: 512)))
    let llama: JSONValue = [
      "rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4,
      "rope_theta": 7,
    ]
    let found = try configuration(["rope_parameters": llama])
    #expect(
      found.ropeScaling
        == .llama3(
          Llama3Scaling(
            factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalPositions: 4096)))
    #expect(found.ropeTheta == 7)
  }

  @Test(
    arguments: [
      (
        #"{"n_routed_experts": 7}"#,
        "'n_group' makes no sense: 7 experts do not divide into 4 groups"
      ),
      (#"{"topk_group": 5}"#, "'topk_group' makes no sense: 5 is more than the 4 groups"),
      (
        #"{"num_experts_per_tok": 5}"#,
        "'num_experts_per_tok' makes no sense: 5 is more than the 4 experts within reach"
      ),
      (
        #"{"num_experts_per_tok": 0}"#,
        "'num_experts_per_tok' makes no sense: 0 is not in 1...2147483647"
      ),
      (#"{"n_group": 0}"#, "'n_group' makes no sense: 0 is not in 1...2147483647"),
      (#"{"n_group": 8}"#, "'n_group' makes no sense: groups of one expert have no two best"),
      (
        #"{"moe_layer_freq": 0}"#, "'moe_layer_freq' makes no sense: 0 is not in 1...2147483647"
      ),
      (
        #"{"moe_intermediate_size": 0}"#,
        "'moe_intermediate_size' makes no sense: 0 is not in 1...2147483647"
      ),
      (
        #"{"qk_rope_head_dim": 3}"#,
        "'qk_rope_head_dim' makes no sense: 3 is odd, but rotary positions turn pairs"
      ),
      (#"{"kv_lora_rank": -8}"#, "'kv_lora_rank' makes no sense: -8 is not in 1...2147483647"),
      (#"{"q_lora_rank": -1}"#, "'q_lora_rank' makes no sense: -1 is not in 0...2147483647"),
      (
        #"{"num_key_value_heads": 2}"#,
        "'num_key_value_heads' makes no sense: 2 is not 4: in latent attention each head has a key"
      ),
      (
        #"{"n_routed_experts": 2147483640, "moe_intermediate_size": 2147483647}"#,
        "'hidden_size' makes no sense: the model would have too many weights"
      ),
      (
        #"{"kv_lora_rank": 2147483647, "v_head_dim": 2147483647}"#,
        "'hidden_size' makes no sense: the model would have too many weights"
      ),
      (
        #"{"num_nextn_predict_layers": -1}"#,
        "'num_nextn_predict_layers' makes no sense: -1 is not in 0...10000"
      ),
      (
        #"{"routed_scaling_factor": 0}"#,
        "'routed_scaling_factor' makes no sense: 0.0 is not positive"
      ),
      (#"{"aux_loss_alpha": -1}"#, "'aux_loss_alpha' makes no sense: -1.0 is not 0 or more"),
      (
        #"{"scoring_func": "softmax"}"#,
        "'scoring_func' is 'softmax' in DeepseekV3ForCausalLM, which is not supported"
      ),
      (#"{"scoring_func": "tanh"}"#, "'scoring_func' is 'tanh', which is not supported"),
      (
        #"{"topk_method": "greedy"}"#,
        "'topk_method' is 'greedy' in DeepseekV3ForCausalLM, which is not supported"
      ),
      (
        #"{"architectures": ["DeepseekV2ForCausalLM"], "topk_method": "noaux_tc"}"#,
        "'topk_method' is 'noaux_tc' in DeepseekV2ForCausalLM, which is not supported"
      ),
      (
        #"{"architectures": ["DeepseekV2ForCausalLM"], "num_experts_per_tok": null}"#,
        "'num_experts_per_tok' is missing"
      ),
      (
        #"{"rope_scaling": {"type": "yarn", "factor": 0.5}}"#,
        "'rope_scaling.factor' makes no sense: 0.5 is not 1 or more"
      ),
      (
        #"{"rope_scaling": {"type": "yarn", "factor": 4, "beta_fast": 0.5}}"#,
        "'rope_scaling.beta_fast' makes no sense: 0.5 is less than beta_slow, 1.0"
      ),
      (
        #"{"rope_scaling": {"type": "yarn", "factor": 4}, "rope_theta": 1}"#,
        "'rope_theta' makes no sense: 1.0 is less than 2, too little for YaRN"
      ),
      (
        #"{"rope_scaling": {"type": "yarn", "factor": 4, "attention_factor": 1}}"#,
        "'rope_scaling.attention_factor' is set, which is not supported"
      ),
      (
        #"{"rope_scaling": {"type": "llama3", "factor": 8}}"#,
        "'rope_scaling.low_freq_factor' is missing"
      ),
      (
        #"{"quantization_config": {"quant_method": "fp8", "weight_block_size": [128]}}"#,
        "'quantization_config.weight_block_size' makes no sense: [128] is not the height and "
          + "width of a block"
      ),
      (
        #"{"quantization_config": {"quant_method": "fp8", "weight_block_size": [0, 8]}}"#,
        "'quantization_config.weight_block_size' makes no sense: [0, 8] is not the height and "
          + "width of a block"
      ),
      (
        #"{"quantization_config": {"quant_method": "fp8", "fmt": "e5m2"}}"#,
        "'quantization_config.fmt' is 'e5m2', which is not supported"
      ),
    ])
  func `is refused by key and rule`(changes: String, rule: String) {
    #expect(
      failure { _ = try configuration(JSONValue(parsing: changes)) }?.description
        == "config.json: key \(rule).")
  }

  @Test func `is refused when its family cannot have what it says`() throws {
    var llama = try published("deepseek-r1-distill-llama-8b")
    llama.experts = try published("deepseek-v2").experts
    #expect(
      failure { try llama.validate() }?.description
        == "config.json: key 'n_routed_experts' is set in LlamaForCausalLM, which is not supported."
    )
    var second = try published("deepseek-v2")
    second.latentAttention = nil
    #expect(
      failure { try second.validate() }?.description
        == "config.json: key 'kv_lora_rank' is missing in DeepseekV2ForCausalLM, which is not "
        + "supported.")
  }
}
