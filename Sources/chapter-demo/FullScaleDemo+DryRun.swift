import Checkpoints
import CommandLine
import Foundation
import FullScale

extension FullScaleDemo {
  /// The list of V3's tensors, its index, files of holes, one layer and some experts.
  mutating func runDry() throws {
    Console.print("V3 without its weights")
    let model = DecoderConfiguration.v3
    guard let tensors = model.plannedTensors else { return }
    let plan = ShardPlan(tensors)
    let index = try CheckpointIndex(Data(plan.index.text(isIndented: false).utf8))
    let faults = index.faults(for: model)
    report(
      "tensors",
      "\(tensors.count) with \(plan.totalBytes) bytes, \(plan.shards.count) files of at most 4.3 GB"
    )
    report("index", "\(index.files.count) names, \(faults.count) faults")
    note("dry.tensors", tensors.count)
    note("dry.bytes", Double(plan.totalBytes) / 1e9)
    note("dry.shards", plan.shards.count)
    note("dry.faults", faults.count)
    try makeHoles(model, plan, tensors)
    let layer = FullWidthAttention(seed: seed)
    report(
      "one layer of attention",
      "\(layer.weights) weights; \(layer.cachedNumbers) numbers kept of each of \(layer.tokens) tokens, "
        + "\(layer.cacheBytes(layers: 61)) bytes in 61 layers")
    report(
      "from the cache",
      layer.difference < 1e-4 ? "the same within 1e-4 of the largest number" : "different")
    note("dry.layer.weights", Double(layer.weights) / 1e6)
    note("dry.layer.numbers", layer.cachedNumbers)
    note("dry.layer.bytes", layer.cacheBytes(layers: 61))
    let group = FullWidthExperts(seed: seed)
    report(
      "the experts of a card",
      "\(group.experts) with \(group.weights) weights, \(group.bytes) bytes in eight bits")
    report(
      "their error",
      "\(Self.digits(100 * group.error, 2)) %, \(Self.digits(100 * group.worstToken, 2)) for the "
        + "worst token")
    note("dry.experts", group.experts)
    note("dry.experts.weights", Double(group.weights) / 1e6)
    note("dry.experts.bytes", Double(group.bytes) / 1e6)
    note("dry.experts.error", 100 * group.error)
    note("dry.experts.worst", 100 * group.worstToken)
  }

  private mutating func makeHoles(
    _ model: DecoderConfiguration, _ plan: ShardPlan, _ tensors: [PlannedTensor]
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "hollow-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    guard HollowCheckpoint.canBeMade(in: folder) else {
      return report("files of holes", "not here: the file system stores holes as zeros")
    }
    let hollow = try HollowCheckpoint(model, plan, in: folder)
    let stored = try StoredTensors(in: folder, weightBlock: model.weightBlock)
    let weights = tensors.filter { !$0.name.hasSuffix("_scale_inv") }
    try stored.require(weights.map { ($0.name, $0.shape) })
    report(
      "files of holes",
      "\(Self.digits(Double(hollow.claimedBytes) / 1e9, 1)) GB in \(stored.files.count) files, opened and checked; "
        + "less than \(hollow.storedBytes / 50_000_000 * 50 + 50) MB on the disk")
    note("dry.hollow.claimed", Double(hollow.claimedBytes) / 1e9)
    note("dry.hollow.stored", Double(hollow.storedBytes) / 1e6)
  }
}
