import Attention
import Checkpoints
import Foundation
import MTP
import Tensors

extension SavedModel {
  /// Saves the model with its matrices in another format.
  ///
  /// What is quantised is what V3's own release has in eight bits: the matrices of attention and of
  /// the feed-forward layers. Embedding, head, routers and norms are kept in two bytes.
  public func save(as format: WeightFormat, to url: URL) throws {
    try checkFinite()
    var configuration = configuration
    configuration.weightFormat = format == .fp32 ? .f32 : .bf16
    configuration.weightBlock = format == .fp8 ? WeightBlock(rows: 128, columns: 128) : nil
    let weights = model.namedParameters.map { ($0.name, $0.parameter.value) }
    try ModelDirectory(creating: url).save { folder in
      try generation.write(to: folder.appendingPathComponent("generation_config.json"))
      try tokenizer.write(to: folder)
      let file = folder.appendingPathComponent("config.json")
      if case .integer(let integers) = format {
        var json = configuration.json
        json["quantization_config"] = integers.json(ignoring: ["lm_head", "re:.*eh_proj$"])
        try AtomicFile.write(.object(json), to: file)
        try StoredTensors.write(configuration.storedTensors(weights, as: integers), in: folder)
      } else {
        try configuration.write(to: file)
        try StoredTensors.write(configuration.storedTensors(weights), in: folder)
      }
    }
  }

  /// Stops at a weight that is no number: it would spoil its whole group.
  private func checkFinite() throws(CheckpointError) {
    for (name, parameter) in model.namedParameters
    where !parameter.value.scalars.allSatisfy(\.isFinite) {
      throw .tensor(name, file: "the model", .malformedEntry("a weight is not finite"))
    }
  }
}

extension DecoderConfiguration {
  /// The names of the matrices that are quantised, with `*` for each number in them.
  private var quantizedNames: Set<String> {
    Set((weightGroups ?? []).filter(\.isQuantized).map(\.name))
  }

  /// The tensors that store some weights, the matrices among them as integers.
  func storedTensors(
    _ weights: [(name: String, value: Tensor)], as format: IntegerFormat
  ) -> [NamedTensor] {
    let quantized = quantizedNames
    return weights.flatMap { name, value in
      guard quantized.contains(WeightGroup.name(of: name)) else {
        return [NamedTensor(name, value, as: storageFormat(of: name))]
      }
      return IntegerCodes(rounding: value, to: format).storedTensors(name)
    }
  }
}
