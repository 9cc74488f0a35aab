import Checkpoints

/// A tensor of a checkpoint that need not exist: its name, shape and format.
public struct PlannedTensor: Sendable, Equatable {
  /// The name under which it is stored.
  public let name: String
  /// Its size along each axis.
  public let shape: [Int]
  /// The format of its elements.
  public let format: StorageFormat

  /// Plans a tensor.
  public init(name: String, shape: [Int], format: StorageFormat) {
    (self.name, self.shape, self.format) = (name, shape, format)
  }

  /// The elements.
  public var count: Int { shape.reduce(1, *) }
  /// The bytes of the elements.
  public var bytes: Int { count * format.bits / 8 }
}

extension DecoderConfiguration {
  // snippet.tensors
  /// Every tensor of a released checkpoint, layer by layer, with scales for those in eight bits.
  ///
  /// 91 991 of them for V3. A group of the census has a `*` for the layer and for the expert;
  /// here they become numbers.
  /// - Returns: nil if 64 bits cannot count the model.
  public var plannedTensors: [PlannedTensor]? {
    guard let groups = ModelCensus(self)?.groups else { return nil }
    var result: [PlannedTensor] = []
    let blocks = groups.filter { $0.name.contains(".*.") }
    let above = groups.filter { !$0.name.contains(".*.") }
    for group in above where group.component == .embedding { add(group, to: &result) }
    for layer in 0..<layers + predictors {
      for group in blocks where has(group, at: layer) { add(group, layer, to: &result) }
    }
    for group in above where group.component != .embedding { add(group, to: &result) }
    return result
  }
  // snippet.end

  /// Whether a layer has a tensor of a group.
  private func has(_ group: WeightGroup, at layer: Int) -> Bool {
    guard (group.component == .prediction) == (layer >= layers) else { return false }
    guard let experts, group.name.contains(".mlp.") else { return true }
    let isMixture = experts.isExpertLayer(layer)
    let isDense = [".mlp.gate_proj.", ".mlp.up_proj.", ".mlp.down_proj."].contains {
      group.name.contains($0)
    }
    return isDense != isMixture
  }

  private func add(
    _ group: WeightGroup, _ layer: Int? = nil, to result: inout [PlannedTensor]
  ) {
    let isMany = group.name.contains(".experts.*.")
    for expert in 0..<(isMany ? experts?.count ?? 0 : 1) {
      var name = group.name
      for number in [layer, isMany ? expert : nil].compactMap({ $0 }) {
        guard let star = name.firstIndex(of: "*") else { continue }
        name.replaceSubrange(star...star, with: String(number))
      }
      let isSingle = name.hasSuffix("e_score_correction_bias")
      let scales = group.isQuantized ? weightBlock?.scaleShape(of: group.shape) : nil
      result.append(
        PlannedTensor(
          name: name, shape: group.shape,
          format: scales != nil ? .f8e4m3 : isSingle ? .f32 : weightFormat))
      if let scales {
        result.append(PlannedTensor(name: name + "_scale_inv", shape: scales, format: .f32))
      }
    }
  }
}
