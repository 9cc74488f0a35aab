import Attention
import MoE
import Tensors

/// The way through a mixture of experts in eight bits: expert by expert over the tokens' codes.
struct EightBitMixtureKernel: Sendable {
  private let kernel: MixtureKernel

  init(_ kernel: MixtureKernel) { self.kernel = kernel }

  /// The mixture, and the input of SwiGLU: gate and up side by side in sorted order, in BF16.
  /// - Shape: tokens [tokens, width] → [tokens, width], [slots, 2 · hidden]
  func forward(_ tokens: BlockScaled, _ weights: Tensor) -> (output: Tensor, inner: Tensor) {
    let (width, hidden) = (kernel.width, kernel.hidden)
    let inner = Tensor(uninitialized: [kernel.slots, 2 * hidden])
    let outer = Tensor(uninitialized: [kernel.slots, width])
    nonisolated(unsafe) let (gu, out) = (inner.fresh, outer.fresh)
    let work = 6 * (kernel.slots + 20 * kernel.busy.count) * width * hidden
    Threads.forEachBlock(kernel.busy.count, work: work) { index in
      let (expert, start, count) = kernel.place(kernel.busy[index])
      let rows = CodedRows(tokens, at: kernel.rows[start..<start + count])
      let gu = gu + start * 2 * hidden
      for (map, column) in [(expert.gate, 0), (expert.up, hidden)] {
        EightBitProductKernel.multiply(
          rows, map.weight.coded(.right),
          into: .init(base: gu + column, row: 2 * hidden, isRounding: true))
      }
      let gated = Tensor(uninitialized: [count, hidden])
      for row in 0..<count {
        MixtureRows.gate(hidden, gu + row * 2 * hidden, into: gated.fresh + row * hidden)
      }
      EightBitProductKernel.multiply(
        RoundedRows(
          count, hidden, gated.address, row: hidden, in: RoundingGrid(.e4m3), scales: .single),
        expert.down.weight.coded(.right),
        into: .init(base: out + start * width, row: width, isRounding: true))
      withExtendedLifetime(gated) {}
    }
    return (kernel.combined(outer, weights), inner)
  }
}
