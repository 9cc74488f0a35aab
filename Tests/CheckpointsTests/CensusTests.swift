import Checkpoints
import Foundation
import TestSupport
import Testing

private func published(_ name: String) throws -> DecoderConfiguration {
  try #require(PublishedConfiguration.named(name)?.model)
}

/// What is published of a mixture, or follows from its released files.
private struct Counted: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let total, withTables, withHead, inBlocks: Int

  static let all = [
    Counted(
      testDescription: "deepseek-v3", total: 671_026_419_200, withTables: 37_552_297_472,
      withHead: 36_625_618_432, inBlocks: 35_698_939_392),
    Counted(
      testDescription: "deepseek-r1", total: 671_026_419_200, withTables: 37_552_297_472,
      withHead: 36_625_618_432, inBlocks: 35_698_939_392),
    Counted(
      testDescription: "deepseek-v2", total: 235_741_434_880, withTables: 21_375_800_320,
      withHead: 20_851_512_320, inBlocks: 20_327_224_320),
    Counted(
      testDescription: "deepseek-v2-lite", total: 15_706_484_224, withTables: 2_661_150_208,
      withHead: 2_451_435_008, inBlocks: 2_241_719_808),
    Counted(
      testDescription: "deepseek-moe-16b", total: 16_375_728_128, withTables: 2_828_650_496,
      withHead: 2_618_935_296, inBlocks: 2_409_220_096),
  ]
}

@Suite struct `The census` {
  @Test(arguments: Counted.all)
  fileprivate func `of a published mixture is exact`(_ expected: Counted) throws {
    let model = try published(expected.testDescription)
    let census = try #require(ModelCensus(model))
    #expect(census.total == expected.total)
    #expect(model.parameterCount == expected.total)
    #expect(census.activatedWithTables == expected.withTables)
    #expect(census.activated == expected.withHead)
    #expect(census.activatedInBlocks == expected.inBlocks)
  }

  @Test func `of V3 is exact by component`() throws {
    let census = try #require(ModelCensus(published("deepseek-v3")))
    #expect(census.weights(of: .embedding) == 926_679_040)
    #expect(census.weights(of: .head) == 926_679_040)
    #expect(census.weights(of: .attention) == 61 * 187_107_328)
    #expect(census.weights(of: .norms) == 61 * 14_336 + 7168)
    #expect(census.weights(of: .denseFeedForward) == 1_189_085_184)
    #expect(census.weights(of: .routedExperts) == 58 * 256 * 44_040_192)
    #expect(census.activated(of: .routedExperts) == 58 * 8 * 44_040_192)
    #expect(census.weights(of: .sharedExperts) == 58 * 44_040_192)
    #expect(census.weights(of: .router) == 58 * 1_835_264)
    #expect(census.activated(of: .router) == 58 * 1_835_264)
    let sizes = Dictionary(
      uniqueKeysWithValues: census.groups.filter { $0.component == .attention }.map {
        (String($0.name.dropFirst("model.layers.*.self_attn.".count)), $0.shape.reduce(1, *))
      })
    #expect(
      sizes == [
        "q_a_proj.weight": 11_010_048, "q_a_layernorm.weight": 1536,
        "q_b_proj.weight": 37_748_736, "kv_a_proj_with_mqa.weight": 4_128_768,
        "kv_a_layernorm.weight": 512, "kv_b_proj.weight": 16_777_216,
        "o_proj.weight": 117_440_512,
      ])
  }

  @Test func `of V3's predictor is exact`() throws {
    let census = try #require(ModelCensus(published("deepseek-v3")))
    #expect(census.prediction == 11_610_068_224)
    #expect(census.storedPrediction == 13_463_426_304)
    #expect(census.activatedPrediction == 1_614_779_648)
    #expect(census.activatedPrediction + census.weights(of: .embedding) == 2_541_458_688)
    #expect(census.total + census.storedPrediction == 684_489_845_504)
  }

  @Test func `of V3's files is exact by format`() throws {
    let storage = try #require(StorageCensus(published("deepseek-v3")))
    #expect(storage.eightBit == 680_571_043_840)
    #expect(storage.weights == 3_918_786_560)
    #expect(storage.single == 41_555_600)
    #expect(storage.scales == 41_540_496)
    #expect(storage.elements == 684_531_386_000)
    #expect(storage.tensors == 91_991)
    #expect(storage.bytes == 688_574_839_360)
  }

  @Test func `of V2's files is exact`() throws {
    let large = try #require(StorageCensus(published("deepseek-v2")))
    #expect(large.tensors == 29_102 && large.elements == 235_741_434_880)
    let small = try #require(StorageCensus(published("deepseek-v2-lite")))
    #expect(small.tensors == 5291 && small.eightBit == 0 && small.single == 0)
    #expect(small.bytes == 2 * 15_706_484_224)
  }

  @Test(
    arguments: [
      ("deepseek-r1-distill-qwen-1.5b", 1_777_088_000, 1_310_340_608),
      ("deepseek-r1-distill-qwen-7b", 7_615_616_512, 6_525_621_760),
      ("deepseek-r1-distill-qwen-14b", 14_770_033_664, 13_212_898_304),
      ("deepseek-r1-distill-qwen-32b", 32_763_876_352, 31_206_740_992),
      ("deepseek-r1-distill-llama-8b", 8_030_261_248, 6_979_588_096),
      ("deepseek-r1-distill-llama-70b", 70_553_706_496, 68_452_360_192),
    ])
  func `of a student is exact, and all of it is active`(
    name: String, total: Int, inBlocks: Int
  ) throws {
    let census = try #require(ModelCensus(published(name)))
    #expect(census.total == total && census.activated == total)
    #expect(census.activatedInBlocks == inBlocks)
  }

  @Test func `counts a tied head once, as both`() throws {
    var model = try published("deepseek-r1-distill-qwen-1.5b")
    let untied = try #require(ModelCensus(model))
    model.tiesEmbeddings = true
    let tied = try #require(ModelCensus(model))
    #expect(tied.total == 1_543_714_304 && tied.activatedInBlocks == 1_310_340_608)
    #expect(tied.multiplied == untied.multiplied)
  }

  /// By hand: 12 + 4·4 of it are attention, norms and so on of one layer of width 2.
  @Test func `of a tiny mixture can be counted by hand`() throws {
    let model = DecoderConfiguration(
      family: .deepseekV3, vocabularySize: 10, width: 4, feedForwardWidth: 5, layers: 3,
      heads: 2,
      latentAttention: LatentAttentionSizes(
        queryRank: nil, keyValueRank: 3, contentWidth: 2, rotaryWidth: 2, valueWidth: 1),
      experts: ExpertSizes(
        count: 6, active: 2, shared: 2, width: 7, groups: 3, activeGroups: 2,
        scoring: .sigmoid, selection: .biased, normalizes: true),
      predictors: 1)
    let census = try #require(ModelCensus(model))
    // q 4·2·4, kv_a 4·(3 + 2), its norm 3, kv_b 3·2·(2 + 1), o 2·1·4.
    #expect(census.weights(of: .attention) == 3 * (32 + 20 + 3 + 18 + 8))
    #expect(census.weights(of: .denseFeedForward) == 3 * 4 * 5)
    #expect(census.weights(of: .routedExperts) == 2 * 6 * 3 * 4 * 7)
    #expect(census.activated(of: .routedExperts) == 2 * 2 * 3 * 4 * 7)
    #expect(census.weights(of: .sharedExperts) == 2 * 3 * 4 * 14)
    #expect(census.weights(of: .router) == 2 * (6 * 4 + 6))
    #expect(census.weights(of: .norms) == 7 * 4)
    #expect(
      census.prediction == 81 + 2 * 4 + 6 * 84 + 168 + 30 + 3 * 4 + 4 * 8,
      "a block, three norms and a joint")
    #expect(census.storedPrediction == census.prediction + 2 * 40)
    // Matrices only: 78 of attention in each layer, one dense layer, two with 24 + 2·84 + 168.
    #expect(census.multiplied == 40 + 3 * 78 + 60 + 2 * (24 + 168 + 168))
    #expect(census.multipliedInPrediction == 40 + 78 + 24 + 168 + 168 + 32)
    let products = 6 * (census.multiplied + census.multipliedInPrediction)
    #expect(
      model.trainingFLOPs(context: 8, predicting: true) == products + 3 * 4 * 8 * 2 * (4 + 1))
  }

  @Test func `says nothing rather than something wrong`() throws {
    var model = try published("deepseek-v3")
    model.experts?.count = .max
    #expect(ModelCensus(model) == nil && model.parameterCount == nil)
    #expect(StorageCensus(model) == nil && model.trainingFLOPs(context: 1) == nil)
    model = try published("deepseek-v3")
    #expect(model.trainingFLOPs(context: .max) == nil)
    model.layers = -1
    #expect(ModelCensus(model) == nil)
  }

  /// DeepSeek's paper on the hardware gives 155 and 250 GFLOP for a token of a context of 4096.
  @Test func `gives the published arithmetic of training`() throws {
    for (name, flops) in [("deepseek-v3", 250_449_887_232), ("deepseek-v2", 155_303_608_320)] {
      let model = try published(name)
      #expect(model.trainedPositions == 4096)
      #expect(model.trainingFLOPs(context: 4096) == flops)
    }
  }

  @Test(
    arguments: [
      ("deepseek-v3", 35_136), ("deepseek-r1", 35_136), ("deepseek-v2", 34_560),
      ("deepseek-v2-lite", 15_552), ("deepseek-moe-16b", 114_688),
      ("deepseek-r1-distill-llama-70b", 163_840), ("deepseek-r1-distill-llama-8b", 65_536),
      ("deepseek-r1-distill-qwen-32b", 131_072), ("deepseek-r1-distill-qwen-14b", 98_304),
      ("deepseek-r1-distill-qwen-7b", 28_672), ("deepseek-r1-distill-qwen-1.5b", 14_336),
    ])
  func `gives the published numbers in the cache`(name: String, numbers: Int) throws {
    let model = try published(name)
    #expect(model.cacheWidth * model.layers == numbers)
  }

  /// The names, shapes and formats of the census are those of files that transformers can read.
  @Test(
    arguments: [
      "checkpoints/sharded", "deepseek/v3", "deepseek/v3-plain", "deepseek/v3-half",
      "deepseek/v3-bf16", "deepseek/v3-mtp", "deepseek/v3-fp8", "deepseek/v2",
      "deepseek/v2-greedy", "models/qwen2-gqa", "models/llama-tied",
    ])
  func `lists the tensors of a real folder`(name: String) throws {
    let folder = Repository.references.appendingPathComponent(name)
    var model = try DecoderConfiguration.read(
      from: folder.appendingPathComponent("config.json"))
    // transformers leaves the predictors out of what it saves, though not out of config.json.
    if name == "deepseek/v3" {
      #expect(model.predictors == 1)
      model.predictors = 0
    }
    let stored = try StoredTensors(in: folder)
    try expectListed(stored, model)
    let storage = try #require(StorageCensus(model))
    #expect(storage.tensors == stored.entries.count)
    #expect(storage.bytes == stored.entries.map(\.byteCount).reduce(0, +))
    let scales = stored.entries.filter { $0.name.hasSuffix("_scale_inv") }
    #expect(storage.scales == scales.map { $0.shape.reduce(1, *) }.reduce(0, +))
  }
}

/// Compares stored tensors with the groups of the census, name by name and shape by shape.
private func expectListed(
  _ stored: StoredTensors, _ model: DecoderConfiguration,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let census = try #require(ModelCensus(model), sourceLocation: sourceLocation)
  var found: [String: [[Int]]] = [:]
  for entry in stored.entries where !entry.name.hasSuffix("_scale_inv") {
    let parts = entry.name.split(separator: ".").map { Int($0) == nil ? String($0) : "*" }
    found[parts.joined(separator: "."), default: []].append(entry.shape)
  }
  #expect(Set(found.keys) == Set(census.groups.map(\.name)), sourceLocation: sourceLocation)
  for (name, shapes) in found {
    let expected = census.groups.filter { $0.name == name }
      .flatMap { Array(repeating: $0.shape, count: $0.count) }
    #expect(
      shapes.sorted { $0.description < $1.description }
        == expected.sorted {
          $0.description < $1.description
        }, "\(name)", sourceLocation: sourceLocation)
  }
}
