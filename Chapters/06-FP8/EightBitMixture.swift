import Attention
import MoE
import Tensors

extension EightBitProduct: MixtureProduct {
  /// The mixture of experts with its nine products in eight bits.
  ///
  /// Tokens are encoded once, before they are sent to experts, and so are the gradients that go to
  /// `down`: with powers of two for scales, so that an expert can group them anew by tokens without
  /// a further error. What comes back from experts is in BF16 and added up in FP32.
  ///
  /// The tape keeps the codes of the tokens, and the input of SwiGLU as codes. SwiGLU is computed
  /// again on the way back, from what those codes say. V3, §3.3.3.
  /// - Shape: x [tokens, width], weights [tokens, active] → [tokens, width]
  public func mixture(
    _ x: Variable, _ weights: Variable, _ order: ExpertOrder, _ experts: [SwiGLUFeedForward]
  ) -> Variable {
    let tape = x.tape
    let kernel = MixtureKernel(order, experts, width: x.value.columns)
    let tokens = BlockScaled(x.value, by: .tile, scales: .powerOfTwo)
    let gates = weights.value
    let result = EightBitMixtureKernel(kernel).forward(tokens, gates)
    let leaves = kernel.busy.flatMap { expert in
      [experts[expert].gate, experts[expert].up, experts[expert].down].map { tape[$0.weight] }
    }
    let inner = tape.isRecording ? BlockScaled(result.inner, by: .tile) : nil
    return tape.record("mixture", result.output, from: leaves + [x, weights]) { upstream in
      guard let inner else { return [] }
      let back = EightBitMixturePullback(self, kernel, tokens, gates, inner, upstream)
      return kernel.busy.indices.flatMap { index -> [Share] in
        [
          .later { back.gateShare(index) }, .later { back.upShare(index) },
          .later { back.downShare(index) },
        ]
      } + [.later { back.inputShare() }, .later { back.gateWeightShare() }]
    }
  }
}
