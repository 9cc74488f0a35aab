import Checkpoints

/// The weights of one block of a decoder, by how they are spread over cards.
public struct BlockWeights: Sendable, Equatable {
  /// What every card with this block has: attention, norms, router, shared experts, or the dense
  /// feed-forward layer.
  public var common: Int
  /// The weights of one routed expert.
  public var expert: Int
  /// The number of routed experts.
  public var experts: Int
  /// The weights that one token is multiplied with.
  public var visited: Int

  /// All of them.
  public var total: Int { common + expert * experts }
}

/// The blocks of a model, of which there are two kinds at most.
struct ModelBlocks {
  private let experts: ExpertSizes?
  private let dense, mixture: BlockWeights
  private let kept: (dense: Double, mixture: Double)

  /// The most layers and predictors that are laid out; a file may claim any number.
  static let mostLayers = 512

  /// Counts both kinds, and what they keep of a token; nil when 64 bits cannot, or when there are
  /// more layers than anybody cuts.
  init?(
    _ model: DecoderConfiguration, _ formats: NumberFormats = .v3,
    _ recomputed: Recomputation = .v3
  ) {
    let limits = 0...Self.mostLayers
    guard limits.contains(model.layers), limits.contains(model.predictors) else { return nil }
    let first = (0..<model.layers + model.predictors).first { layer in
      model.experts?.isExpertLayer(layer) ?? false
    }
    guard let dense = model.blockWeights(-1), let mixture = model.blockWeights(first ?? 0)
    else {
      return nil
    }
    (experts, self.dense, self.mixture) = (model.experts, dense, mixture)
    kept = (
      model.keptBytes(-1, formats, recomputed), model.keptBytes(first ?? 0, formats, recomputed)
    )
  }

  private func isMixture(_ layer: Int) -> Bool { experts?.isExpertLayer(layer) ?? false }

  subscript(layer: Int) -> BlockWeights { isMixture(layer) ? mixture : dense }

  /// The bytes that a block keeps of each token.
  func kept(_ layer: Int) -> Double { isMixture(layer) ? kept.mixture : kept.dense }
}

extension DecoderConfiguration {
  /// The weights of a block, counted from zero; nil when 64 bits cannot count them.
  ///
  /// Blocks beyond the last layer are those of predictors, without their joint.
  public func blockWeights(_ layer: Int) -> BlockWeights? {
    // A model of one such layer has nothing else that counts to these components.
    var one = self
    one.predictors = 0
    one.layers = 1
    if experts != nil {
      let isMixture = experts?.isExpertLayer(layer) ?? false
      one.experts?.stride = 1
      one.experts?.denseLayers = isMixture ? 0 : 1
    }
    guard let census = ModelCensus(one) else { return nil }
    let count = one.experts.map { $0.isExpertLayer(0) ? $0.count : 0 } ?? 0
    let routed = census.weights(of: .routedExperts)
    // The norm in front of the head is not the block's.
    let common =
      census.total - routed - census.weights(of: .embedding) - census.weights(of: .head)
      - width
    let head = tiesEmbeddings ? census.weights(of: .embedding) : census.weights(of: .head)
    return BlockWeights(
      common: common, expert: count > 0 ? routed / count : 0, experts: count,
      visited: census.multiplied - head)
  }
}
