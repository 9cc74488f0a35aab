import Attention
import Tensors

/// The part of a feed-forward layer that one of several ranks holds: tensor parallelism.
///
/// Gate and up are cut by their outputs, down by its inputs, so a rank computes some of the
/// hidden numbers from beginning to end and only the results are added:
///
///     y = Σᵣ W_down[:, r] (silu(W_gate[r] x) ∘ W_up[r] x),      x̄ = Σᵣ x̄ᵣ
///
/// One all-reduce forward and one backward. Paper: Shoeybi and others 2019, "Megatron-LM", §3.
public struct SplitFeedForward: Sendable {
  /// The part's own maps.
  public let part: SwiGLUFeedForward

  /// Cuts a rank's part out of a whole layer.
  public init(_ whole: SwiGLUFeedForward, part index: Int, of count: Int) {
    let hidden = Pieces(of: whole.down.weight.shape[1], among: count)[index]
    insist(!hidden.isEmpty, "SplitFeedForward: part \(index) of \(count) is empty")
    func cut(_ map: Linear, along axis: Int) -> Linear {
      Linear(weight: Parameter(map.weight.value.sliced(hidden, along: axis)))
    }
    part = SwiGLUFeedForward(
      gate: cut(whole.gate, along: 0), up: cut(whole.up, along: 0),
      down: cut(whole.down, along: 1))
  }

  /// Transforms rows that all ranks have; all get the result.
  /// - Shape: [rows, width] → [rows, width]
  public func forward(_ x: Tensor, in group: RankGroup) throws(ClusterError) -> SplitTrip {
    let pass = Pass(Sequences(count: 1, length: x.rows), on: Tape())
    let input = pass.tape.variable(x)
    let partial = part(input, in: pass)
    return SplitTrip(
      output: try group.allReduced(partial.value), input: input, partial: partial, group: group)
  }
}

/// A trip through a split layer, from which the way back begins.
public struct SplitTrip {
  /// What all ranks got.
  public let output: Tensor
  let input, partial: Variable
  let group: RankGroup

  /// Goes back, given the gradient of the output, which all ranks have; spends the tape.
  public func backward(
    _ upstream: Tensor
  ) throws(ClusterError) -> (input: Tensor, gradients: Gradients) {
    let back = partial.tape.gradients(of: partial, upstream: upstream)
    let share = back[input] ?? Tensor(shape: input.shape)
    return (try group.allReduced(share), back.now())
  }
}
