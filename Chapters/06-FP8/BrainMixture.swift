import Attention
import MoE
import Tensors

extension BrainProduct: MixtureProduct {
  /// The mixture of experts by gather, three products in brain floating point, and scatter.
  ///
  /// The weighted sum over the experts of a token is in single precision. Experts without tokens
  /// are not touched.
  /// - Shape: x [tokens, width], weights [tokens, active] → [tokens, width]
  public func mixture(
    _ x: Variable, _ weights: Variable, _ order: ExpertOrder, _ experts: [SwiGLUFeedForward]
  ) -> Variable {
    let busy = order.busy
    guard !busy.isEmpty else { return x.tape.constant(Tensor(shape: x.shape)) }
    let tokens = order.rows.map { Int($0) }
    let loads = busy.map { order.loads[$0] }
    let rows = x.gathered(at: tokens)
    let inner = grouped(
      rows, [busy.map { experts[$0].gate }, busy.map { experts[$0].up }], loads)
    let output = grouped(inner[0].swiGLU(inner[1]), [busy.map { experts[$0].down }], loads)
    let slots = order.slots.map { Int($0) }
    let share = weights.reshaped(to: [weights.value.count, 1]).gathered(at: slots)
    return (output[0] * share).scatterAdded(to: tokens, rows: x.shape[0])
  }

  /// Multiplies consecutive groups of rows, each by the weights of its own maps.
  ///
  /// What `linear` computes for one group, for all of them, on one thread a group.
  /// - Shape: x [rows, in], maps [out, in] → [rows, out] for each list of maps
  private func grouped(_ x: Variable, _ maps: [[Linear]], _ sizes: [Int]) -> [Variable] {
    let starts = sizes.indices.map { sizes[..<$0].reduce(0, +) }
    let groups = zip(starts, sizes).map { $0..<$0 + $1 }
    let input = BrainTensor(rounding: x.value)
    let rounded = input.tensor
    let outputs = maps.map { maps in
      var y = rounded.joined(groups) { $1.rowsMatmul(maps[$0].weight.brainPacked(.right)) }
      y.roundToBrain()
      return y
    }
    let leaves = maps.flatMap { $0.map { x.tape[$0.weight] } }
    return x.tape.record("groupedLinear", outputs, from: [x] + leaves) { upstream in
      let upstream = upstream.map { $0?.roundedToBrain }
      lazy var rows = input.tensor
      let inputShare = Share.later {
        var sum = Tensor(shape: input.shape)
        for case (let maps, let upstream?) in zip(maps, upstream) {
          sum.add(
            upstream.joined(groups) { $1.rowsMatmul(maps[$0].weight.brainPacked(.none)) })
        }
        sum.roundToBrain()
        return sum
      }
      let weightShares = upstream.flatMap { upstream in
        groups.map { group in
          upstream.map { g in
            .later { g.rows(group).matmul(rows.rows(group), transposing: .left) }
          } ?? Share.none
        }
      }
      return [inputShare] + weightShares
    }
  }
}

extension Tensor {
  /// Groups of rows, each put through a body, and the results laid end to end.
  fileprivate func joined(
    _ groups: [Range<Int>], _ body: @Sendable (Int, Tensor) -> Tensor
  ) -> Tensor {
    .concatenated(Threads.map(groups.count) { body($0, rows(groups[$0])) }, along: 0)
  }
}
