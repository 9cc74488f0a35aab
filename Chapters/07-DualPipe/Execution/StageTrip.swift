import Attention
import Tensors

/// A micro-batch's trip through one stage: everything that its backward pass will need.
struct StageTrip {
  private let input: Variable?
  private let pass: Pass
  /// What the stage has made: the next one's input, or the loss.
  let output: Variable

  /// Goes forward, on a tape that nobody else uses.
  init(
    _ activation: Tensor?, of microBatch: MicroBatch, through stage: any PipelineStage,
    _ coefficients: Coefficients, on tape: Tape
  ) {
    pass = Pass(
      microBatch.sequences, on: tape, share: microBatch.share, coefficients: coefficients)
    input = activation.map(tape.variable)
    output = stage(input, of: microBatch, in: pass)
  }

  /// The losses that the stage's layers have left.
  var auxiliaryLosses: [Float] { pass.auxiliaryLosses.map(\.value.scalar) }

  /// What they saw.
  var observations: Observations { pass.observations }

  /// Goes backward: the gradient of the input now, that of the weights when somebody asks for it.
  ///
  /// The stage only knows ȳ, the gradient of its output y. But the whole loss depends on the stage
  /// as the scalar ⟨ȳ, y⟩ does, to first order, so that is what we differentiate; the upstream of y
  /// is then ȳ · 1, exactly. A scalar can be added to: the balance losses of the stage's routers
  /// and the losses of its prediction modules join here, as they join the loss of a whole model.
  /// On the last stage y is the loss and there is no ȳ.
  /// - Parameter upstream: ȳ, with the shape of the output.
  /// - Returns: x̄, unless the stage reads tokens, and the deferred rest.
  func backward(_ upstream: Tensor?) -> (input: Tensor?, weights: DeferredGradients) {
    let tape = pass.tape
    let loss = upstream.map { (output * tape.constant($0)).sum() } ?? output
    let objective = pass.auxiliaryLosses.reduce(loss) { $0 + $1 }
    let one = Tensor(repeating: 1, shape: objective.shape)
    let gradients = tape.gradients(of: objective, upstream: one)
    return (input.flatMap { gradients[$0] }, gradients)
  }
}
