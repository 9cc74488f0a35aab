import Attention
import Checkpoints
import Tensors

/// A feed-forward layer of many small experts, of which each token visits a few.
///
/// y_t = shared(x_t) + Σₖ g_tk E(x_t). The shared experts are one wide expert that every token
/// visits; its output has weight 1, neither normalised nor scaled.
/// Papers: DeepSeekMoE eq. 9–11; V2 §2.2; V3 §2.1.2.
public struct MixtureOfExperts: FeedForward {
  /// Sends tokens to experts.
  public let router: Router
  /// The experts among which it chooses.
  public let experts: [SwiGLUFeedForward]
  /// The expert that everybody visits.
  public let shared: SwiGLUFeedForward?
  /// The losses that balance the loads in training.
  public let balance: BalanceLoss?
  /// The limit to a device's load in training.
  public let capacity: Capacity?

  /// Joins the parts of a layer.
  public init(
    router: Router, experts: [SwiGLUFeedForward], shared: SwiGLUFeedForward?,
    balance: BalanceLoss? = nil, capacity: Capacity? = nil
  ) {
    insist(
      router.sizes.count == experts.count,
      "MixtureOfExperts: a router to \(router.sizes.count) experts meets \(experts.count)")
    self.router = router
    self.experts = experts
    self.shared = shared
    self.balance = balance
    self.capacity = capacity
  }

  /// The weights under their checkpoint names.
  public var parts: KeyValuePairs<String, any Part> {
    ["gate": router, "experts": experts, "shared_experts": shared]
  }

  // snippet.layer
  /// Transforms each row.
  /// - Shape: [rows, width] → [rows, width]
  public func callAsFunction(_ x: Variable, in pass: Pass) -> Variable {
    let routing = router(x)
    let isTraining = x.tape.isRecording
    let kept = isTraining ? capacity?.kept(routing, router.sizes, pass.sequences) : nil
    let order = ExpertOrder(
      routing.experts, of: experts.count, active: router.sizes.active, isKept: kept)
    observe(routing, order, in: pass)
    if isTraining, let balance {
      pass.add(auxiliaryLoss: balance(routing, router.sizes, pass.sequences) * pass.share)
    }
    let routed = mixture(x, routing.weights, order, experts)
    return shared.map { routed + $0(x, in: pass) } ?? routed
  }
  // snippet.end

  /// Tells what the router decided, before any slot was dropped.
  private func observe(_ routing: Routing, _ order: ExpertOrder, in pass: Pass) {
    var loads = order.loads
    if order.slots.count < routing.experts.count {
      loads = ExpertOrder(routing.experts, of: experts.count, active: order.active).loads
      pass.observe("dropped", Double(routing.experts.count - order.slots.count))
    }
    pass.observe(load: loads, of: router.identity)
  }

  /// Moves the selection bias of the router, if it has one, by the loads of a finished step.
  public func adapt(to observations: Observations, _ coefficients: Coefficients) {
    guard let loads = observations[router.identity] else { return }
    router.moveBias(by: coefficients[.biasSpeed], loads: loads)
  }
}
