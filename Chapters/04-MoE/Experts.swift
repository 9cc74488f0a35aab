import Attention
import Tensors

// snippet.separate
/// The mixture of experts by the operations of chapter 1: gather, three products, scatter.
///
/// y_t = Σₖ g_tk Eₖ(x_t), with the experts of the token's slots k. Each operation makes its own
/// copy of the sorted rows; `mixture` computes the same without them.
/// - Shape: x [tokens, width], weights [tokens, active] → [tokens, width]
public func separateMixture(
  _ x: Variable, _ weights: Variable, _ order: ExpertOrder, _ experts: [SwiGLUFeedForward]
) -> Variable {
  let tokens = order.rows.map { Int($0) }
  let rows = x.gathered(at: tokens)
  let gate = rows.groupedLinear(experts.map(\.gate.weight), sizes: order.loads)
  let up = rows.groupedLinear(experts.map(\.up.weight), sizes: order.loads)
  let output = gate.swiGLU(up).groupedLinear(
    experts.map(\.down.weight), sizes: order.loads)
  let slots = order.slots.map { Int($0) }
  let share = weights.reshaped(to: [weights.value.count, 1]).gathered(at: slots)
  return (output * share).scatterAdded(to: tokens, rows: x.shape[0])
}
// snippet.end

/// Products that compute a mixture of experts in a way of their own.
///
/// Chapter 6 adds one that works in eight bits.
public protocol MixtureProduct: MatrixProduct {
  /// The mixture of experts in one operation.
  /// - Shape: x [tokens, width], weights [tokens, active] → [tokens, width]
  func mixture(
    _ x: Variable, _ weights: Variable, _ order: ExpertOrder, _ experts: [SwiGLUFeedForward]
  ) -> Variable
}

/// The mixture of experts in one operation.
///
/// y_t = Σₖ g_tk E(x_t), E(x) = W_down h and h = silu(W_gate x) ∘ W_up x. Only the products with
/// gate and up are kept for the way back. There, with z = W_downᵀ ȳ_t,
///
///     ḡ_tk = ⟨z, h⟩,  h̄ = g z,  x̄_t = Σₖ (W_gateᵀ ḡate + W_upᵀ ūp)
///     W̄_down = Σ ȳ (g h)ᵀ,  W̄_gate = Σ ḡate xᵀ,  W̄_up = Σ ūp xᵀ
///
/// so the output of an expert is needed by nobody. Experts without tokens are not touched: they
/// have no gradient at all, and an optimizer leaves them alone.
/// - Shape: x [tokens, width], weights [tokens, active] → [tokens, width]
public func mixture(
  _ x: Variable, _ weights: Variable, _ order: ExpertOrder, _ experts: [SwiGLUFeedForward]
) -> Variable {
  let tape = x.tape
  if let products = tape.products as? any MixtureProduct {
    return products.mixture(x, weights, order, experts)
  }
  let busy = order.busy
  let kernel = MixtureKernel(order, experts, width: x.value.columns)
  let (rows, gates) = (x.value, weights.value)
  let result = kernel.forward(rows, gates, packing: tape.isRecording)
  // In decoding nobody wants them, and there are three for each expert.
  let leaves = (tape.isRecording ? busy : []).flatMap { expert in
    [experts[expert].gate, experts[expert].up, experts[expert].down].map { tape[$0.weight] }
  }
  return tape.record("mixture", result.output, from: leaves + [x, weights]) { upstream in
    let back = MixturePullback(kernel, rows, gates, result.gatesAndUps, upstream)
    return busy.indices.flatMap { index -> [Share] in
      [
        .later { back.gateShare(index) }, .later { back.upShare(index) },
        .later { back.downShare(index) },
      ]
    } + [.later { back.inputShare() }, .later { back.gateWeightShare() }]
  }
}
