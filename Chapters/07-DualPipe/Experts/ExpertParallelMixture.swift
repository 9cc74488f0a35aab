import Attention
import Checkpoints
import MoE
import Tensors

/// A mixture of experts whose experts live on many ranks, as one of them holds it: its own
/// experts, and a copy of what every token visits.
///
/// The gate weights travel with the rows and are applied once, by the ranks of the experts; the
/// combine only adds. On the way back a combine turns into a dispatch and a dispatch into a
/// combine. A balance loss of the layer is not computed here, and no row is dropped. Paper: V3
/// §3.2.2.
public struct ExpertParallelMixture: Sendable {
  /// Sends tokens to experts; a copy on every rank.
  public let router: Router
  /// The experts of this rank.
  public let experts: [SwiGLUFeedForward]
  /// The expert that everybody visits; a copy on every rank.
  public let shared: SwiGLUFeedForward?
  /// How rows travel to the experts, and the gradients of results on the way back.
  public let scatter: RowFormat
  /// How rows return from the experts, and the gradients of rows on the way back.
  public let reduce: RowFormat

  /// Takes a rank's part of a layer.
  public init(
    _ layer: MixtureOfExperts, on exchange: ExpertExchange, scatter: RowFormat = .single,
    reduce: RowFormat = .single
  ) {
    (router, shared) = (layer.router, layer.shared)
    experts = Array(layer.experts[exchange.own])
    (self.scatter, self.reduce) = (scatter, reduce)
  }

  /// Transforms the rows of this rank; every rank of the exchange must.
  /// - Shape: [rows, width] → [rows, width]
  public func forward(
    _ x: Tensor, through exchange: ExpertExchange
  ) throws(ClusterError) -> MixtureTrip {
    let pass = Pass(Sequences(count: 1, length: x.rows), on: Tape())
    let input = pass.tape.variable(x)
    let routing = router(input)
    let shared = shared.map { $0(input, in: pass) }
    let choices = ExpertChoices(
      routing.experts, active: router.sizes.active, of: router.sizes.count)
    // snippet.forward
    let route = try exchange.route(choices)
    let rows = try exchange.dispatch(x, along: route, as: scatter)
    let weights = try exchange.dispatch(routing.weights.value, along: route)
    let visit = ExpertVisit(rows, weights, route.experts, experts)
    let routed = try exchange.combine(visit.output, along: route, as: reduce)
    // snippet.end
    return MixtureTrip(
      output: shared.map { routed + $0.value } ?? routed, loads: visit.loads, input: input,
      weights: routing.weights, shared: shared, visit: visit, route: route, exchange: exchange,
      scatter: scatter, reduce: reduce)
  }
}

/// What happens to rows at the experts of one rank.
struct ExpertVisit {
  let output: Tensor
  let loads: [Int]
  private let rows, weights: Variable
  private let result: Variable?

  /// Computes Σₖ gₖ Eₖ(x) over the slots k whose experts are here.
  init(
    _ rows: Tensor, _ weights: Tensor, _ choices: [Int], _ experts: [SwiGLUFeedForward]
  ) {
    let tape = Tape()
    self.rows = tape.variable(rows)
    self.weights = tape.variable(weights)
    let order = ExpertOrder(
      choices, of: experts.count, active: weights.columns, isKept: choices.map { $0 >= 0 })
    loads = order.loads
    // Without a row there is nothing to compute, and no expert has a gradient.
    result = rows.rows > 0 ? mixture(self.rows, self.weights, order, experts) : nil
    output = result?.value ?? rows
  }

  /// The gradients of rows and weights, and of the experts that had something to do.
  func backward(
    _ upstream: Tensor
  ) -> (rows: Tensor, weights: Tensor, experts: DeferredGradients?) {
    guard let result else { return (rows.value, weights.value, nil) }
    let back = result.tape.gradients(of: result, upstream: upstream)
    return (
      back[rows] ?? Tensor(shape: rows.shape), back[weights] ?? Tensor(shape: weights.shape),
      back
    )
  }
}

/// A trip of rows to experts and home, from which the way back begins.
public struct MixtureTrip {
  /// What the rows became.
  public let output: Tensor
  /// The rows that each expert of this rank served.
  public let loads: [Int]
  let input, weights: Variable
  let shared: Variable?
  let visit: ExpertVisit
  let route: ExpertRoute
  let exchange: ExpertExchange
  let scatter, reduce: RowFormat

  // snippet.backward
  /// Goes back, given the gradient of the output; spends the tapes.
  ///
  /// The gradients of this rank's experts are complete: all rows have come here. Those of the
  /// router and of the shared expert are this rank's share, to be added over the ranks.
  public func backward(
    _ upstream: Tensor
  ) throws(ClusterError) -> (input: Tensor, gradients: Gradients) {
    let rows = try exchange.dispatch(upstream, along: route, as: scatter)
    let back = visit.backward(rows)
    let input = try exchange.combine(back.rows, along: route, as: reduce)
    let gates = try exchange.combine(back.weights, along: route)
    var (share, gradients) = atHome(upstream, gates)
    if let experts = back.experts { gradients.add(experts.now()) }
    share.add(input)
    return (share, gradients)
  }
  // snippet.end

  /// Goes back through what every rank has: the router and the shared expert.
  private func atHome(_ upstream: Tensor, _ gates: Tensor) -> (Tensor, Gradients) {
    let tape = input.tape
    var objective = (weights * tape.constant(gates)).sum()
    if let shared { objective = objective + (shared * tape.constant(upstream)).sum() }
    let gradients = tape.gradients(of: objective)
    return (gradients[input] ?? Tensor(shape: input.shape), gradients)
  }
}
