import Attention
import MoE
import Tensors

/// The way back through a mixture in eight bits, expert by expert, as chapter 4's in FP32.
///
/// With z = W_downᵀ ȳ and h the output of SwiGLU, each recomputed from codes:
///
///     ḡ = ⟨z, h⟩,  h̄ = g z,  x̄ = Σ (W_gateᵀ ḡate + W_upᵀ ūp)
///     W̄_down = Σ ȳ (g h)ᵀ,  W̄_gate = Σ ḡate xᵀ,  W̄_up = Σ ūp xᵀ
final class EightBitMixturePullback {
  /// What one expert's weights' gradients are made of.
  private struct Material {
    /// The upstream gradients of the expert's rows, as their codes say: [rows, width].
    let upstream: Tensor
    /// The gradients of gate and up, side by side: [rows, 2 · hidden].
    let gatesAndUps: Tensor
    /// The output of SwiGLU times the rows' weights: [rows, hidden].
    let weighed: Tensor
    /// The expert's rows of the input, grouped by tokens.
    let inputs: CodedColumns
  }

  private let products: EightBitProduct
  private let kernel: MixtureKernel
  private let tokens, inner, upstream: BlockScaled
  private let weights: Tensor
  /// The gradients of the rows in sorted order, and those of the slots' weights.
  private let sortedRows, slotWeights: Tensor
  private var materials: [Material?]
  private var isComputed: [Bool]

  init(
    _ products: EightBitProduct, _ kernel: MixtureKernel, _ tokens: BlockScaled,
    _ weights: Tensor, _ inner: BlockScaled, _ upstream: Tensor
  ) {
    (self.products, self.kernel) = (products, kernel)
    (self.tokens, self.weights, self.inner) = (tokens, weights, inner)
    self.upstream = BlockScaled(
      upstream, in: products.options.gradientFormat, by: products.options.gradientGroup,
      scales: .powerOfTwo)
    sortedRows = Tensor(uninitialized: [kernel.slots, kernel.width])
    slotWeights = Tensor(shape: weights.shape)
    materials = Array(repeating: nil, count: kernel.busy.count)
    isComputed = Array(repeating: false, count: kernel.busy.count)
  }

  /// x̄, the sum of what the rows of each token get back.
  func inputShare() -> Tensor {
    computeAll()
    return kernel.combined(sortedRows, nil)
  }

  /// ḡ, the gradients of the weights of all slots.
  func gateWeightShare() -> Tensor {
    computeAll()
    return slotWeights
  }

  /// The gradient of an expert's gate.
  func gateShare(_ index: Int) -> Tensor { rowShare(index, column: 0) }

  /// The gradient of an expert's map up.
  func upShare(_ index: Int) -> Tensor { rowShare(index, column: kernel.hidden) }

  private func rowShare(_ index: Int, column: Int) -> Tensor {
    let material = material(index)
    return weightShare(
      material.gatesAndUps, column..<column + kernel.hidden, material.inputs, .single)
  }

  /// The gradient of an expert's map down, which is asked for last; the material is let go.
  func downShare(_ index: Int) -> Tensor {
    let material = material(index)
    materials[index] = nil
    let weighed = material.weighed
    let columns = CodedColumns(
      weighed.rows, weighed.columns, weighed.address, row: weighed.columns, scales: .single)
    return weightShare(material.upstream, 0..<kernel.width, columns, .powerOfTwo)
  }

  private func weightShare(
    _ gradients: Tensor, _ range: Range<Int>, _ columns: CodedColumns, _ rule: ScaleRule
  ) -> Tensor {
    let rows = RoundedColumns(
      range.count, gradients.rows, gradients.address + range.lowerBound, row: gradients.columns,
      in: RoundingGrid(products.options.gradientFormat), scales: rule)
    let result = EightBitProductKernel.product(rows, columns)
    withExtendedLifetime(gradients) {}
    return result
  }

  private func computeAll() {
    for index in isComputed.indices where !isComputed[index] { _ = material(index) }
  }

  private func material(_ index: Int) -> Material {
    if let known = materials[index] { return known }
    let material = goBack(index)
    materials[index] = material
    isComputed[index] = true
    return material
  }

  /// Goes back from an expert's output to its input.
  private func goBack(_ index: Int) -> Material {
    let (expert, start, count) = kernel.place(kernel.busy[index])
    let (width, hidden) = (kernel.width, kernel.hidden)
    let places = kernel.rows[start..<start + count]
    let back = Tensor(uninitialized: [count, hidden])
    EightBitProductKernel.multiply(
      CodedRows(upstream, at: places), expert.down.weight.coded(.none),
      into: .init(base: back.fresh, row: hidden, isRounding: true))
    let gatesAndUps = inner.rows(at: start..<start + count)
    let gradients = Tensor(uninitialized: [count, 2 * hidden])
    let weighed = Tensor(uninitialized: [count, hidden])
    for row in 0..<count {
      let slot = Int(kernel.order.slots[start + row])
      slotWeights.fresh[slot] = MixtureRows.gatePullback(
        hidden, gatesAndUps.address + row * 2 * hidden, back.address + row * hidden,
        weight: weights.address[slot], into: gradients.fresh + row * 2 * hidden,
        weighed: weighed.fresh + row * hidden)
    }
    withExtendedLifetime((back, gatesAndUps)) {}
    let target = sortedRows.fresh + start * width
    for (map, column) in [(expert.gate, 0), (expert.up, hidden)] {
      products.multiply(
        count, hidden, gradients.address + column, row: 2 * hidden, map.weight, .single,
        into: .init(base: target, row: width, isAdding: column > 0, isRounding: column > 0))
    }
    return Material(
      upstream: upstream.rows(at: places.lazy.map { Int($0) }), gatesAndUps: gradients,
      weighed: weighed,
      inputs: CodedColumns(regrouping: tokens, at: places, scales: .powerOfTwo))
  }
}
