import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

/// A V3 whose matrices do not divide into their blocks.
private func model() -> DecoderConfiguration {
  DecoderConfiguration(
    family: .deepseekV3, vocabularySize: 40, width: 24, feedForwardWidth: 36, layers: 2,
    heads: 2, weightBlock: WeightBlock(rows: 8, columns: 20),
    latentAttention: LatentAttentionSizes(
      queryRank: 12, keyValueRank: 10, contentWidth: 8, rotaryWidth: 4, valueWidth: 8),
    experts: ExpertSizes(
      count: 4, active: 2, shared: 1, width: 14, denseLayers: 1, groups: 2, activeGroups: 1,
      scoring: .sigmoid, selection: .biased),
    predictors: 1)
}

/// Every weight of a configuration, under the names of its groups.
private func weights(_ configuration: DecoderConfiguration) -> [(name: String, value: Tensor)] {
  let groups = configuration.weightGroups ?? []
  return groups.enumerated().map { index, group in
    (group.name.replacing("*", with: "1"), .test(shape: group.shape, seed: UInt64(index + 1)))
  }
}

@Suite struct `A checkpoint in eight bits` {
  @Test func `quantizes what V3 quantizes, and says so`() throws {
    let configuration = model()
    let stored = configuration.storedTensors(weights(configuration))
    for tensor in stored where tensor.format == .f8e4m3 {
      #expect(
        tensor.name.hasSuffix("_proj.weight") || tensor.name.hasSuffix("_with_mqa.weight"))
      #expect(stored.contains { $0.name == tensor.name + "_scale_inv" && $0.format == .f32 })
    }
    let eight = stored.filter { $0.format == .f8e4m3 }.map(\.name)
    #expect(eight.count == 3 * 3 + 5)
    #expect(!eight.contains("model.layers.1.eh_proj.weight"))
    #expect(eight.contains("model.layers.1.mlp.experts.1.down_proj.weight"))
    #expect(
      configuration.json["quantization_config"] == [
        "quant_method": "fp8", "fmt": "e4m3", "activation_scheme": "dynamic",
        "weight_block_size": [8, 20],
      ])
    #expect(
      try DecoderConfiguration(JSONFields(configuration.json, file: "c")) == configuration)
    var plain = configuration
    plain.weightBlock = nil
    #expect(plain.json["quantization_config"] == nil)
    #expect(plain.storedTensors(weights(plain)).allSatisfy { $0.format == .f32 })
  }

  @Test func `errs by half a step at most, in shards too`() throws {
    let configuration = model()
    let all = weights(configuration)
    try withFolder { folder in
      try StoredTensors.write(
        configuration.storedTensors(all), in: folder, maximumShardBytes: 4000)
      let stored = try StoredTensors(in: folder, weightBlock: configuration.weightBlock)
      #expect(stored.files.count > 3)
      try stored.require(all.map { ($0.name, $0.value.shape) })
      for (name, value) in all {
        let found = try stored.tensor(name, shape: value.shape)
        // Three bits of fraction: a sixteenth; below the normal numbers half of 2⁻⁹ · 2 / 448.
        let allowed: (Float) -> Float = { abs($0) / 16 + 1e-5 }
        let isNear = zip(found.scalars, value.scalars).allSatisfy {
          abs($0 - $1) <= allowed($1)
        }
        #expect(isNear, "\(name)")
      }
    }
  }

  /// The scales of others need not be ours: a power of two leaves room above the largest code.
  @Test(arguments: [0.0123, 0x1p-7, 0x1.91p-23] as [Float])
  func `goes back to the bytes that it came from`(_ scale: Float) throws {
    let block = WeightBlock(rows: 4, columns: 24)
    let codes = (0..<9 * 50).map { UInt8(truncatingIfNeeded: $0 * 37 % 120 | $0 << 7) }
    let scales = (0..<9).map { scale * Float(1 << $0) }
    try withFolder { folder in
      let (first, second) = (folder.appending(path: "1"), folder.appending(path: "2"))
      for url in [first, second] {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      }
      try StoredTensors.write(
        [
          NamedTensor("a", bytes: Data(codes), as: .f8e4m3, shape: [9, 50]),
          NamedTensor("a_scale_inv", Tensor(scales, shape: [3, 3])),
        ], in: first)
      let read = try StoredTensors(in: first, weightBlock: block).tensor("a")
      try StoredTensors.write(NamedTensor.eightBit("a", read, block: block), in: second)
      let bytes = try [first, second].map {
        try Data(contentsOf: $0.appending(path: "model.safetensors"))
      }
      let isEqual = bytes[0] == bytes[1]
      #expect(isEqual)
    }
  }

  @Test func `refuses blocks without an element`() throws {
    var configuration = model()
    configuration.weightBlock = WeightBlock(rows: 0, columns: 8)
    try withFolder { folder in
      let refusal = failure {
        try configuration.write(to: folder.appending(path: "config.json"))
      }
      #expect(
        refusal?.description
          == "config.json: key 'quantization_config.weight_block_size' makes no sense: [0, 8] has "
          + "no element.")
    }
  }
}

@Suite struct `Narrowing to eight bits` {
  @Test func `undoes widening, and saturates`() {
    for start in stride(from: 0, to: 256, by: 16) {
      let codes = EightBit.Codes((0..<16).map { UInt8(start + $0) })
      #expect(EightBit.narrowed(EightBit.widened(codes)) == codes)
    }
    let values: [Float] = [
      448, 464, 465, 1e9, .infinity, -.infinity, 449, -1e38, 0x1p-10, 0x1.8p-10, -0.0, 0x1p-9,
      17, 19, -17, 0x1p-127,
    ]
    let codes = EightBit.narrowed(EightBit.Lanes(values))
    #expect(
      (0..<16).map { codes[$0] } == [
        0x7E, 0x7E, 0x7E, 0x7E, 0x7E, 0xFE, 0x7E, 0xFE, 0x00, 0x01, 0x80, 0x01, 0x58, 0x5A,
        0xD8,
        0x00,
      ])
    #expect(EightBit.narrowed(EightBit.Lanes(repeating: -.nan))[0] & 0x7F == 0x7F)
  }
}
