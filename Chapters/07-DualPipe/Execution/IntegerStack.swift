import Attention
import Tensors
import Text

/// A stack whose gradients are the same to the bit in any order of the sums.
///
/// All its numbers are small integers: embeddings and slopes from −2 to 2, weights from −1 to
/// 1, a ReLU between layers, a linear loss. Then every product and every partial sum is an
/// integer, and below 2²⁴ Float adds integers without rounding. What is left of a difference is
/// a mistake.
///
///     x₀ = E[tokens],  xₛ₊₁ = max(0, xₛ Wₛᵀ),  L = Σ ⟨x_last W_lastᵀ, C[targets]⟩
public struct IntegerStack: Sendable {
  /// A row of each token.
  public let embedding: Parameter
  /// One matrix for each stage.
  public let weights: [Parameter]
  /// What the loss multiplies the output with, a row for each target.
  public let slopes: Tensor

  /// Draws a stack.
  ///
  /// A row of a weight is 1 at one place and ±1 at another, so that numbers at most double from
  /// layer to layer and few of them die.
  public init(stages: Int, width: Int = 6, vocabulary: Int = 11, seed: UInt64 = 1) {
    var generator = SplitMix64(seed: seed)
    func draw(_ rows: Int, _ columns: Int) -> Tensor {
      let scalars = (0..<rows * columns).map { _ in
        Float(Draw.below(5, using: &generator) - 2)
      }
      return Tensor(scalars, shape: [rows, columns])
    }
    embedding = Parameter(draw(vocabulary, width))
    slopes = draw(vocabulary, width)
    weights = (0..<stages).map { _ in
      var scalars = [Float](repeating: 0, count: width * width)
      for row in 0..<width {
        let place = Draw.below(width, using: &generator)
        let other = (place + 1 + Draw.below(width - 1, using: &generator)) % width
        scalars[row * width + place] = 1
        scalars[row * width + other] = Bool.random(using: &generator) ? 1 : -1
      }
      return Parameter(Tensor(scalars, shape: [width, width]))
    }
  }

  /// The stack, one layer a stage.
  public var stages: [any PipelineStage] {
    weights.indices.map { IntegerStage(stack: self, index: $0) }
  }
}

/// One layer of the stack.
private struct IntegerStage: PipelineStage {
  let stack: IntegerStack
  let index: Int

  func callAsFunction(
    _ activation: Variable?, of microBatch: MicroBatch, in pass: Pass
  ) -> Variable {
    let x =
      activation ?? pass.tape[stack.embedding].gathered(at: microBatch.batch?.inputs ?? [])
    let y = x.matmul(pass.tape[stack.weights[index]], transposing: .right)
    guard index == stack.weights.count - 1 else { return y.relu() }
    return (y * pass.tape.constant(stack.slopes(microBatch.batch?.targets ?? []))).sum()
  }
}

extension IntegerStack {
  /// The slopes of some targets; a target that is ignored has none.
  fileprivate func slopes(_ targets: [Int]) -> Tensor {
    let width = slopes.shape[1]
    let scalars = slopes.scalars
    return Tensor(
      targets.flatMap { target in
        target == Batch.ignored
          ? [Float](repeating: 0, count: width)
          : Array(scalars[target * width..<(target + 1) * width])
      }, shape: [targets.count, width])
  }
}
