import Attention
import Checkpoints
import Tensors

extension MixtureOfExperts {
  /// Creates the experts of a layer with fresh weights.
  /// - Parameters:
  ///   - balance: the balance losses, if not the one that the configuration asks for.
  ///   - capacity: the limit to a device's load in training.
  public init(
    _ configuration: DecoderConfiguration, balance: BalanceLoss? = nil,
    capacity: Capacity? = nil, using generator: inout some RandomNumberGenerator
  ) {
    guard let sizes = configuration.experts else {
      fatalError("MixtureOfExperts: the configuration has no experts")
    }
    let router = Router(
      sizes, width: configuration.width, deviation: configuration.deviations.inner,
      using: &generator)
    let experts = (0..<sizes.count).map { _ in
      SwiGLUFeedForward(configuration, hidden: sizes.width, using: &generator)
    }
    let shared =
      sizes.shared > 0
      ? SwiGLUFeedForward(configuration, hidden: sizes.shared * sizes.width, using: &generator)
      : nil
    let configured =
      sizes.balanceWeight > 0
      ? BalanceLoss(
        experts: Float(sizes.balanceWeight), isSequencewise: sizes.balancesSequences) : nil
    self.init(
      router: router, experts: experts, shared: shared, balance: balance ?? configured,
      capacity: capacity)
  }
}

extension DecoderConfiguration {
  /// Makes the feed-forward half of a layer: experts where the configuration has them.
  package func feedForward(
    layer: Int, using generator: inout some RandomNumberGenerator
  ) -> any FeedForward {
    guard let experts, experts.isExpertLayer(layer) else {
      return SwiGLUFeedForward(self, using: &generator)
    }
    return MixtureOfExperts(self, using: &generator)
  }
}
