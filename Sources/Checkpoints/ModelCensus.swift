/// How many weights a model has, by component, and how many of them one token uses.
public struct ModelCensus: Equatable, Sendable {
  /// Every tensor of a checkpoint, grouped.
  public let groups: [WeightGroup]

  /// Counts the weights of a configuration, or gives `nil` when 64 bits cannot.
  public init?(_ configuration: DecoderConfiguration) {
    guard let groups = configuration.weightGroups else { return nil }
    // Whatever is summed later is a part of these sums, so it fits too.
    let all = groups.map { group in
      group.shape.reduce(max(group.count, group.active)) { product($0, $1) }
    }
    guard sum(all) != nil else { return nil }
    self.groups = groups
  }

  /// The weights of a component.
  public func weights(of component: WeightGroup.Component) -> Int {
    count { $0.component == component && !$0.isCopy }
  }

  /// The weights of a component that one token visits.
  public func activated(of component: WeightGroup.Component) -> Int {
    activeCount { $0.component == component && !$0.isCopy }
  }

  /// The weights of the model without predictors, as it is published: 671 billion for V3.
  public var total: Int { count { $0.component != .prediction } }

  /// The weights that one token uses, embedding and head included.
  public var activatedWithTables: Int { activeCount { $0.component != .prediction } }

  /// The weights that one token uses apart from embedding and head.
  public var activatedInBlocks: Int {
    activatedWithTables - weights(of: .embedding) - weights(of: .head)
  }

  /// The weights that one token uses, as it is published.
  ///
  /// A dense model uses all that it has. Of a mixture the table of token vectors is left out, of
  /// which a token reads one row, but not the head: 37 billion for V3.
  public var activated: Int {
    guard weights(of: .routedExperts) > 0, weights(of: .head) > 0 else {
      return activatedWithTables
    }
    return activatedWithTables - weights(of: .embedding)
  }

  /// The weights of the predictors that nothing else has.
  public var prediction: Int { weights(of: .prediction) }

  /// The weights of the predictors with the copies of embedding and head that files repeat.
  public var storedPrediction: Int { count { $0.component == .prediction } }

  /// The weights of the predictors that one token uses, with the head that they share.
  public var activatedPrediction: Int {
    activated(of: .prediction) + predictors * headWeights
  }

  /// The weights with which a token's vector is multiplied: no norms, no biases, no lookup.
  public var multiplied: Int {
    headWeights
      + activeCount {
        $0.isMatrix && ![.embedding, .head, .prediction].contains($0.component)
      }
  }

  /// The same for the predictors, each of which needs the head again.
  public var multipliedInPrediction: Int {
    predictors * headWeights
      + activeCount { $0.isMatrix && $0.component == .prediction && !$0.isCopy }
  }

  private var predictors: Int {
    groups.first { $0.name.hasSuffix(".eh_proj.weight") }?.count ?? 0
  }

  /// The weights that score the next token: those of the head or, where it is tied, the embedding.
  private var headWeights: Int {
    let own = weights(of: .head)
    return own > 0 ? own : weights(of: .embedding)
  }

  private func count(where isCounted: (WeightGroup) -> Bool) -> Int {
    groups.filter(isCounted).reduce(0) { $0 + $1.size * $1.count }
  }

  private func activeCount(where isCounted: (WeightGroup) -> Bool) -> Int {
    groups.filter(isCounted).reduce(0) { $0 + $1.size * $1.active }
  }
}

extension WeightGroup {
  /// The elements of one tensor.
  var size: Int { shape.reduce(1, *) }
}

extension DecoderConfiguration {
  /// The number of weights without predictors, or `nil` when 64 bits cannot count it.
  public var parameterCount: Int? { ModelCensus(self)?.total }

  /// What one token costs in training, in floating-point operations; `nil` if 64 bits cannot
  /// count it.
  ///
  /// Each weight of a matrix is multiplied and added once forward and twice backward. Causal
  /// attention adds, in each layer, a product with the keys and one with the values, over half of
  /// the context on average:
  ///
  ///     6 · weights + 3 · layers · context · heads · (key width + value width)
  ///
  /// - Parameter predicting: Whether the predictors are trained too.
  public func trainingFLOPs(context: Int, predicting: Bool = false) -> Int? {
    guard let census = ModelCensus(self) else { return nil }
    let extra = predicting ? census.multipliedInPrediction : 0
    let widths =
      latentAttention.map { sum($0.contentWidth, $0.rotaryWidth, $0.valueWidth) }
      ?? product(2, headWidth)
    let blocks = predicting ? sum(layers, predictors) : layers
    return sum(
      product(6, sum(census.multiplied, extra)), product(3, blocks, context, heads, widths))
  }

  /// The numbers that the cache keeps of one token in one layer.
  ///
  /// A key and a value for each head; in latent attention one latent vector and one rotary key.
  public var cacheWidth: Int {
    latentAttention.map { $0.keyValueRank + $0.rotaryWidth } ?? 2 * keyValueHeads * headWidth
  }

  /// The context of the first training, before any stretching.
  public var trainedPositions: Int {
    switch ropeScaling {
    case nil: maximumPositions
    case .yarn(let yarn): min(yarn.originalPositions, maximumPositions)
    case .llama3(let llama): min(llama.originalPositions, maximumPositions)
    }
  }
}
