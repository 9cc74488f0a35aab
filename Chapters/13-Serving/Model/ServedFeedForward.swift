import Attention
import Checkpoints
import MoE
import Tensors

/// The feed-forward half of a layer.
protocol ServedFeedForward: Sendable {
  /// Transforms each row.
  func callAsFunction(_ x: Tensor) -> Tensor
  /// The bytes of the weights, and of those that one token reads.
  var byteCount: (all: Int, active: Int) { get }
}

/// down(silu(gate(x)) ∘ up(x)).
struct ServedExpert: ServedFeedForward {
  private let gate, up, down: QuantizedMatrix

  init(_ source: PackingSource, hidden: Int) throws(CheckpointError) {
    let width = source.configuration.width
    gate = try source.matrix("gate_proj", hidden, width)
    up = try source.matrix("up_proj", hidden, width)
    down = try source.matrix("down_proj", width, hidden)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let result = Tensor(uninitialized: x.shape)
    apply(x, into: result, from: 0)
    return result
  }

  /// Writes the result over rows of another tensor.
  func apply(_ x: Tensor, into result: Tensor, from row: Int) {
    let hidden = gate.shape[0]
    let inner = Tensor(uninitialized: [x.rows, 2 * hidden])
    gate.multiply(x, column: 0, into: inner, column: 0)
    up.multiply(x, column: 0, into: inner, column: hidden)
    down.multiply(inner.gated, into: result, from: row)
  }

  var byteCount: (all: Int, active: Int) {
    let bytes = gate.byteCount + up.byteCount + down.byteCount
    return (bytes, bytes)
  }
}

/// A mixture of experts: each expert serves the rows of all texts that chose it, in one go.
struct ServedMixture: ServedFeedForward {
  private let sizes: ExpertSizes
  private let router: QuantizedMatrix
  private let bias: Tensor?
  private let experts: [ServedExpert]
  private let shared: ServedExpert?

  init(_ source: PackingSource, _ sizes: ExpertSizes) throws(CheckpointError) {
    self.sizes = sizes
    // A rounded affinity sends a token elsewhere: the router stays as it was trained.
    router = try source.matrix("gate", sizes.count, source.configuration.width, as: .fp32)
    bias =
      sizes.selection == .biased
      ? try source.tensor("gate.e_score_correction_bias", sizes.count) : nil
    var experts: [ServedExpert] = []
    for expert in 0..<sizes.count {
      experts.append(try ServedExpert(source.part("experts.\(expert)"), hidden: sizes.width))
    }
    self.experts = experts
    shared =
      sizes.shared > 0
      ? try ServedExpert(source.part("shared_experts"), hidden: sizes.shared * sizes.width)
      : nil
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let (choice, weights) = route(x)
    let order = ExpertOrder(choice, of: experts.count, active: sizes.active)
    let rows = order.rows
    let sorted = Tensor(uninitialized: [order.slots.count, x.columns])
    let common = shared.map { _ in Tensor(uninitialized: x.shape) }
    // The longest jobs come first, so that no thread waits for one in the end: the shared expert,
    // which has all rows, and then the others by what they have to do.
    let busy = order.busy.sorted { order.loads[$0] > order.loads[$1] }
    let first = common == nil ? 0 : 1
    let work = 20 * (order.slots.count + 4 * (first + busy.count)) * x.columns * sizes.width
    Threads.forEachBlock(first + busy.count, work: work) { job in
      guard job >= first else {
        if let shared, let common { shared.apply(x, into: common, from: 0) }
        return
      }
      let expert = busy[job - first]
      let (start, load) = (order.starts[expert], order.loads[expert])
      experts[expert].apply(x.selected(rows[start..<start + load]), into: sorted, from: start)
    }
    var result = MixtureSum.combined(sorted, weights, order)
    if let common { result.add(common) }
    return result
  }

  /// The experts of each row and their weights, as chapter 4 defines them.
  private func route(_ x: Tensor) -> (choice: [Int], weights: Tensor) {
    let logits = Tape(recording: false).constant(router(x))
    let affinities = sizes.affinities(logits)
    let choice = sizes.choice(affinities.value, bias: bias)
    let weights = affinities.gateWeights(
      at: choice, normalized: sizes.normalizes, scale: Float(sizes.scale))
    return (choice, weights.value)
  }

  var byteCount: (all: Int, active: Int) {
    let fixed = router.byteCount + 4 * (bias?.count ?? 0) + (shared?.byteCount.all ?? 0)
    let each = experts.first?.byteCount.all ?? 0
    return (fixed + experts.count * each, fixed + sizes.active * each)
  }
}
