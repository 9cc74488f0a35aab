import Checkpoints
import Foundation
import FullScale
import TestSupport
import Testing

@Suite struct `The planned tensors` {
  /// 688 574 839 360 bytes, by format as the released files have them.
  @Test func `of V3 are those of its files`() throws {
    let tensors = try #require(DecoderConfiguration.v3.plannedTensors)
    #expect(tensors.count == 91_991)
    #expect(Set(tensors.map(\.name)).count == 91_991)
    func elements(_ format: StorageFormat) -> Int {
      tensors.reduce(0) { $0 + ($1.format == format ? $1.count : 0) }
    }
    #expect(elements(.f8e4m3) == 680_571_043_840)
    #expect(elements(.bf16) == 3_918_786_560 && elements(.f32) == 41_555_600)
    #expect(tensors.reduce(0) { $0 + $1.bytes } == 688_574_839_360)
    let names = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    let compression = "model.layers.60.self_attn.kv_a_proj_with_mqa.weight"
    #expect(names[compression]?.shape == [576, 7168])
    #expect(names[compression + "_scale_inv"]?.shape == [5, 56], "the last block is ragged")
    #expect(names["model.layers.2.mlp.gate_proj.weight"]?.shape == [18_432, 7168])
    #expect(names["model.layers.3.mlp.gate.e_score_correction_bias"]?.format == .f32)
    #expect(names["model.layers.61.eh_proj.weight"]?.format == .bf16)
    #expect(names["model.layers.61.mlp.experts.255.down_proj.weight"]?.shape == [7168, 2048])
    #expect(names["model.layers.2.mlp.gate.weight"] == nil, "layer 2 is dense")
  }

  /// Names, shapes and formats are those of files that transformers wrote.
  @Test(
    arguments: [
      "deepseek/v3-plain", "deepseek/v3-bf16", "deepseek/v3-mtp", "deepseek/v3-fp8",
      "deepseek/v2", "models/qwen2-gqa", "models/llama-tied",
    ])
  func `of a small model are those of a real folder`(name: String) throws {
    let folder = Repository.references.appending(path: name)
    let model = try DecoderConfiguration.read(from: folder.appending(path: "config.json"))
    let stored = try StoredTensors(in: folder, weightBlock: model.weightBlock)
    let planned = try #require(model.plannedTensors)
    let expected = stored.entries.map {
      PlannedTensor(name: $0.name, shape: $0.shape, format: $0.format)
    }
    #expect(planned.sorted { $0.name < $1.name } == expected.sorted { $0.name < $1.name })
  }
}

@Suite struct `An index` {
  private func tiny() throws -> DecoderConfiguration {
    let folder = Repository.references.appending(path: "deepseek/v3-fp8")
    return try .read(from: folder.appending(path: "config.json"))
  }

  @Test func `of V3 in files of at most 4.3 GB names every tensor`() throws {
    let plan = ShardPlan(try #require(DecoderConfiguration.v3.plannedTensors))
    #expect(plan.totalBytes == 688_574_839_360)
    #expect(
      plan.shards.allSatisfy { shard in
        shard.reduce(0) { $0 + $1.bytes } <= 4_300_000_000
      })
    let index = try CheckpointIndex(Data(plan.index.text(isIndented: false).utf8))
    #expect(index.files.count == 91_991)
    #expect(index.faults(for: .v3).isEmpty)
  }

  @Test func `with one thing wrong says which`() throws {
    let model = try tiny()
    let plan = ShardPlan(try #require(model.plannedTensors), maximumBytes: 5000)
    let count = plan.shards.count
    #expect(count > 2)
    func faults(_ change: (inout [String: String], inout Int) -> Void) throws -> [IndexFault] {
      var map: [String: String] = [:]
      for (index, shard) in plan.shards.enumerated() {
        for tensor in shard { map[tensor.name] = plan.name(index) }
      }
      var total = plan.totalBytes
      change(&map, &total)
      let members = map.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
      let value: JSONValue = [
        "metadata": ["total_size": .integer(total)], "weight_map": .object(JSONObject(members)),
      ]
      return try CheckpointIndex(Data(value.text().utf8)).faults(for: model)
    }
    #expect(try faults { _, _ in }.isEmpty)
    #expect(
      try faults { map, _ in map["model.norm.weight"] = nil } == [
        .missing("model.norm.weight")
      ])
    #expect(
      try faults { map, _ in map["model.norm.bias"] = plan.name(0) } == [
        .unexpected("model.norm.bias")
      ])
    #expect(
      try faults { map, _ in map["model.norm.weight"] = "norm.safetensors" } == [
        .shardName("norm.safetensors")
      ])
    #expect(
      try faults { map, _ in
        for (name, file) in map where file == plan.name(1) { map[name] = plan.name(0) }
      } == [.emptyShard(2)])
    #expect(
      try faults { _, total in total += 1 } == [
        .total(found: plan.totalBytes + 1, expected: plan.totalBytes)
      ])
  }

  @Test(arguments: ["", "[]", "{}", "{\"weight_map\": {\"a\": 1}}"])
  func `that is none is refused`(text: String) {
    #expect(throws: IndexFault.self) { try CheckpointIndex(Data(text.utf8)) }
  }
}

@Suite struct `A hollow checkpoint` {
  /// Five layers of V3 at full width, two of them with experts: 41 GB that take no room.
  @Test func `is opened and checked like a real one`() throws {
    var model = DecoderConfiguration.v3
    model.layers = 5
    let planned = try #require(model.plannedTensors)
    try withFolder { folder in
      // A file system without holes would be asked for 41 GB.
      guard HollowCheckpoint.canBeMade(in: folder) else { return }
      let hollow = try HollowCheckpoint(model, ShardPlan(planned), in: folder)
      #expect(hollow.claimedBytes > 39_000_000_000 && hollow.storedBytes < 8_000_000)
      let read = try DecoderConfiguration.read(from: folder.appending(path: "config.json"))
      #expect(read == model)
      let stored = try StoredTensors(in: folder, weightBlock: read.weightBlock)
      let weights = planned.filter { !$0.name.hasSuffix("_scale_inv") }
      try stored.require(weights.map { ($0.name, $0.shape) })
      let norm = try stored.tensor("model.layers.4.input_layernorm.weight", shape: [7168])
      #expect(norm.scalars.allSatisfy { $0 == 0 })
    }
  }
}

@Suite struct `At full width` {
  /// All widths of V3 but the number of heads, so that it takes a moment and not half a minute.
  @Test func `a layer of latent attention keeps 576 numbers of a token`() {
    var model = DecoderConfiguration.v3
    model.heads = 4
    let layer = FullWidthAttention(of: model, prompt: 6, steps: 3)
    #expect(layer.cachedNumbers == 576 && layer.tokens == 9)
    #expect(layer.cacheBytes(layers: 61) == 70_272)
    let (queries, expanded) = (4 * 192 * 1536, 4 * 256 * 512)
    let shared = 1536 * 7168 + 1536 + 576 * 7168 + 512
    #expect(layer.weights == shared + queries + expanded + 7168 * 512)
    #expect(layer.difference < 1e-4, "absorbed against expanded: \(layer.difference)")
  }

  /// Three products in eight bits, each with 3.7 % of error on normal numbers.
  @Test func `an expert in eight bits errs by a few per cent`() {
    let group = FullWidthExperts(cards: 256, tokens: 4)
    #expect(group.experts == 1 && group.weights == 44_040_192 && group.loads == [4])
    #expect(group.bytes == 44_040_192 + 4 * 3 * 16 * 56)
    #expect(group.error > 0.03 && group.error < 0.07, "\(group.error)")
    #expect(group.worstToken < 1.3 * group.error)
  }
}
