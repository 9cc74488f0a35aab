import Attention
import Tensors

/// The way back through a mixture, expert by expert.
///
/// The first that is asked of an expert computes what its rows get back, and leaves the material of
/// its weights' gradients. Asked at once, these find the material in the cache; asked later, as in a
/// pipeline that has waited, they find it kept.
final class MixturePullback {
  /// What one expert's rows get back on their way from its output to its input.
  private final class Material {
    /// The rows of the upstream gradient: [rows, width].
    let upstream: Tensor
    /// The gradients of gate and up, side by side: [rows, 2 · hidden].
    let gatesAndUps: Tensor
    /// The inner rows times their weights: [rows, hidden].
    let weighed: Tensor
    /// The rows of the input, packed for two products.
    lazy var inputs = pack()
    private let pack: () -> PackedColumns

    init(rows: Int, width: Int, hidden: Int, pack: @escaping () -> PackedColumns) {
      upstream = Tensor(uninitialized: [rows, width])
      gatesAndUps = Tensor(uninitialized: [rows, 2 * hidden])
      weighed = Tensor(uninitialized: [rows, hidden])
      self.pack = pack
    }
  }

  private let kernel: MixtureKernel
  private let x, weights, gatesAndUps, upstream: Tensor
  /// The gradients of the rows in sorted order, and those of the slots' weights.
  private let sortedRows, slotWeights: Tensor
  private var materials: [Material?]
  private var isComputed: [Bool]

  init(
    _ kernel: MixtureKernel, _ x: Tensor, _ weights: Tensor, _ gatesAndUps: Tensor,
    _ upstream: Tensor
  ) {
    (self.kernel, self.x, self.weights) = (kernel, x, weights)
    (self.gatesAndUps, self.upstream) = (gatesAndUps, upstream)
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
    let (width, hidden) = (kernel.width, kernel.hidden)
    let result = Tensor(uninitialized: [hidden, width])
    MatrixProductKernel.multiply(
      hidden,
      Operand(material.gatesAndUps.address + column, row: 1, column: 2 * hidden),
      material.inputs, into: Result(result.fresh, row: width))
    withExtendedLifetime(material) {}
    return result
  }

  /// The gradient of an expert's map down, which is asked for last; the material is let go.
  func downShare(_ index: Int) -> Tensor {
    let material = material(index)
    materials[index] = nil
    let (width, hidden) = (kernel.width, kernel.hidden)
    let result = Tensor(uninitialized: [width, hidden])
    MatrixProductKernel.multiply(
      width, hidden, material.weighed.rows,
      Operand(material.upstream.address, row: 1, column: width),
      Operand(material.weighed.address, row: hidden, column: 1),
      into: Result(result.fresh, row: hidden))
    withExtendedLifetime(material) {}
    return result
  }

  private func computeAll() {
    for index in isComputed.indices where !isComputed[index] { _ = material(index) }
  }

  private func material(_ index: Int) -> Material {
    if let known = materials[index] { return known }
    let (_, start, count) = kernel.place(kernel.busy[index])
    let material = Material(rows: count, width: kernel.width, hidden: kernel.hidden) {
      [kernel, x] in
      kernel.rows.withUnsafeBufferPointer { rows in
        PackedColumns(
          rows: UnsafeBufferPointer(rebasing: rows[start..<start + count]), of: x.address,
          width: kernel.width)
      }
    }
    fill(material, index)
    materials[index] = material
    isComputed[index] = true
    return material
  }

  /// Goes back from an expert's output to its input.
  private func fill(_ material: Material, _ index: Int) {
    let (expert, start, count) = kernel.place(kernel.busy[index])
    let (width, hidden) = (kernel.width, kernel.hidden)
    let gathered = material.upstream.fresh
    let back = Tensor(uninitialized: [count, hidden])
    let (z, d) = (back.fresh, material.gatesAndUps.fresh)
    let gu = gatesAndUps.address + start * 2 * hidden
    kernel.gather(start, count, from: upstream.address, into: gathered)
    MatrixProductKernel.multiply(
      count, Operand(gathered, row: width, column: 1), expert.down.weight.packed(.none),
      into: Result(z, row: hidden))
    for row in 0..<count {
      let slot = Int(kernel.order.slots[start + row])
      slotWeights.fresh[slot] = MixtureRows.gatePullback(
        hidden, gu + row * 2 * hidden, z + row * hidden, weight: weights.address[slot],
        into: d + row * 2 * hidden, weighed: material.weighed.fresh + row * hidden)
    }
    let target = Result(sortedRows.fresh + start * width, row: width)
    MatrixProductKernel.multiply(
      count, Operand(d, row: 2 * hidden, column: 1), expert.gate.weight.packed(.none),
      into: target)
    MatrixProductKernel.multiply(
      count, Operand(d + hidden, row: 2 * hidden, column: 1), expert.up.weight.packed(.none),
      into: target, accumulating: true)
    withExtendedLifetime(back) {}
  }
}
