/// All tensors of a model that differ only in the number of their layer or of their expert.
public struct WeightGroup: Equatable, Sendable {
  /// The part of a model to which weights are counted.
  public enum Component: String, CaseIterable, Sendable {
    /// The table of token vectors.
    case embedding
    /// The matrix that scores the next token, where it is not the embedding.
    case head
    /// All of attention, with the norms and biases inside of it.
    case attention
    /// The feed-forward layers without experts.
    case denseFeedForward = "dense_feed_forward"
    /// The experts among which a router chooses.
    case routedExperts = "routed_experts"
    /// The experts that every token visits.
    case sharedExperts = "shared_experts"
    /// The matrices, and in V3 the biases, that choose the experts.
    case router
    /// The norms in front of attention, feed-forward layers and head.
    case norms
    /// The modules that predict further tokens.
    case prediction
  }

  /// The stored name, with `*` for the number of the layer and of the expert.
  public let name: String
  /// The shape of one tensor.
  public let shape: [Int]
  /// The number of such tensors.
  public let count: Int
  /// How many of them one token visits.
  public let active: Int
  /// The part of the model.
  public let component: Component
  /// Whether released V3 checkpoints store it in eight bits.
  public let isQuantized: Bool
  /// Whether it repeats a tensor that is stored elsewhere too.
  public let isCopy: Bool

  /// The name of the group that a stored tensor belongs to: a `*` for each number in its name.
  public static func name(of tensor: String) -> String {
    let parts = tensor.split(separator: ".", omittingEmptySubsequences: false)
    return parts.map { Int($0) == nil ? $0 : "*" }.joined(separator: ".")
  }

  /// Whether a token's vector is multiplied with it.
  var isMatrix: Bool { shape.count == 2 }
  /// Whether it is stored in single precision, whatever the format of the other weights.
  var isSingle: Bool { name.hasSuffix("e_score_correction_bias") }
}

extension DecoderConfiguration {
  /// Every tensor of a checkpoint, grouped; `nil` when 64 bits cannot count a size.
  ///
  /// Scales of eight-bit weights are not listed: see `StorageCensus`.
  public var weightGroups: [WeightGroup]? {
    guard layers >= 0, predictors >= 0, let beyond = sum(layers, predictors) else { return nil }
    var plan = WeightPlan(configuration: self)
    plan.add("model.embed_tokens.weight", [vocabularySize, width], .embedding)
    plan.addBlocks(0..<layers)
    plan.add("model.norm.weight", [width], .norms)
    if !tiesEmbeddings { plan.add("lm_head.weight", [vocabularySize, width], .head) }
    plan.addPredictors(layers..<beyond)
    return plan.isCountable ? plan.groups : nil
  }
}

/// Collects the groups of one configuration.
private struct WeightPlan {
  let configuration: DecoderConfiguration
  var groups: [WeightGroup] = []
  var isCountable = true

  mutating func add(
    _ name: String, _ shape: [Int?], _ component: WeightGroup.Component, count: Int? = 1,
    active: Int? = nil, isQuantized: Bool = false, isCopy: Bool = false
  ) {
    let sizes = shape.compactMap { $0 }
    guard let count, sizes.count == shape.count, sizes.allSatisfy({ $0 >= 0 }) else {
      return isCountable = false
    }
    guard count > 0 else { return }
    groups.append(
      WeightGroup(
        name: name, shape: sizes, count: count, active: active ?? count, component: component,
        isQuantized: isQuantized, isCopy: isCopy))
  }

  /// The blocks of some layers, all of whose weights count to one component or to their own.
  mutating func addBlocks(_ layers: Range<Int>, as component: WeightGroup.Component? = nil) {
    let width = configuration.width
    let prefix = "model.layers.*."
    add(prefix + "input_layernorm.weight", [width], component ?? .norms, count: layers.count)
    addAttention(prefix + "self_attn.", component ?? .attention, count: layers.count)
    add(
      prefix + "post_attention_layernorm.weight", [width], component ?? .norms,
      count: layers.count)
    let mixed = configuration.experts?.expertLayers(in: layers) ?? 0
    addFeedForward(
      prefix + "mlp.", configuration.feedForwardWidth, component ?? .denseFeedForward,
      count: layers.count - mixed)
    if mixed > 0 { addExperts(prefix + "mlp.", component, layers: mixed) }
  }

  private mutating func addAttention(
    _ prefix: String, _ component: WeightGroup.Component, count: Int
  ) {
    let (width, heads) = (configuration.width, configuration.heads)
    func matrix(_ plan: inout WeightPlan, _ name: String, _ rows: Int?, _ columns: Int?) {
      plan.add(
        prefix + name + ".weight", [rows, columns], component, count: count, isQuantized: true)
    }
    func vector(_ plan: inout WeightPlan, _ name: String, _ size: Int?) {
      plan.add(prefix + name, [size], component, count: count)
    }
    guard let latent = configuration.latentAttention else {
      let queries = product(heads, configuration.headWidth)
      let keys = product(configuration.keyValueHeads, configuration.headWidth)
      for (name, rows) in [("q_proj", queries), ("k_proj", keys), ("v_proj", keys)] {
        matrix(&self, name, rows, width)
        if configuration.hasQueryKeyValueBias { vector(&self, name + ".bias", rows) }
      }
      return matrix(&self, "o_proj", width, queries)
    }
    let queries = product(heads, sum(latent.contentWidth, latent.rotaryWidth))
    if let rank = latent.queryRank {
      matrix(&self, "q_a_proj", rank, width)
      vector(&self, "q_a_layernorm.weight", rank)
      matrix(&self, "q_b_proj", queries, rank)
    } else {
      matrix(&self, "q_proj", queries, width)
    }
    matrix(&self, "kv_a_proj_with_mqa", sum(latent.keyValueRank, latent.rotaryWidth), width)
    vector(&self, "kv_a_layernorm.weight", latent.keyValueRank)
    let keysAndValues = product(heads, sum(latent.contentWidth, latent.valueWidth))
    matrix(&self, "kv_b_proj", keysAndValues, latent.keyValueRank)
    matrix(&self, "o_proj", width, product(heads, latent.valueWidth))
  }

  private mutating func addFeedForward(
    _ prefix: String, _ inner: Int?, _ component: WeightGroup.Component, count: Int?,
    active: Int? = nil
  ) {
    let width = configuration.width
    for name in ["gate_proj", "up_proj", "down_proj"] {
      add(
        prefix + name + ".weight", name == "down_proj" ? [width, inner] : [inner, width],
        component, count: count, active: active, isQuantized: true)
    }
  }

  private mutating func addExperts(
    _ prefix: String, _ component: WeightGroup.Component?, layers: Int
  ) {
    guard let experts = configuration.experts else { return }
    add(
      prefix + "gate.weight", [experts.count, configuration.width], component ?? .router,
      count: layers)
    if experts.selection == .biased {
      add(
        prefix + "gate.e_score_correction_bias", [experts.count], component ?? .router,
        count: layers)
    }
    addFeedForward(
      prefix + "experts.*.", experts.width, component ?? .routedExperts,
      count: product(layers, experts.count), active: product(layers, experts.active))
    guard experts.shared > 0 else { return }
    addFeedForward(
      prefix + "shared_experts.", product(experts.shared, experts.width),
      component ?? .sharedExperts, count: layers)
  }

  /// Each predictor is a block of its own with a joint and three norms, and released checkpoints
  /// repeat embedding and head in it.
  mutating func addPredictors(_ layers: Range<Int>) {
    guard !layers.isEmpty else { return }
    let (width, count) = (configuration.width, layers.count)
    let table = [configuration.vocabularySize, width]
    let prefix = "model.layers.*."
    func add(_ plan: inout WeightPlan, _ name: String, _ shape: [Int?], isCopy: Bool = false) {
      plan.add(prefix + name + ".weight", shape, .prediction, count: count, isCopy: isCopy)
    }
    add(&self, "embed_tokens", table, isCopy: true)
    add(&self, "enorm", [width])
    add(&self, "hnorm", [width])
    add(&self, "eh_proj", [width, product(2, width)])
    addBlocks(layers, as: .prediction)
    add(&self, "shared_head.norm", [width])
    add(&self, "shared_head.head", table, isCopy: true)
  }
}

extension ExpertSizes {
  /// The number of layers in a range that have experts; 0 for sizes that make no sense.
  fileprivate func expertLayers(in layers: Range<Int>) -> Int {
    guard stride > 0 else { return 0 }
    func multiples(below end: Int) -> Int { end <= 0 ? 0 : (end - 1) / stride + 1 }
    let start = max(layers.lowerBound, denseLayers)
    return max(0, multiples(below: layers.upperBound) - multiples(below: start))
  }
}
