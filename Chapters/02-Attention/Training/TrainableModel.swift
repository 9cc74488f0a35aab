import Tensors
import Text

/// A model that training can improve: it tells the loss of a batch.
public protocol TrainableModel: Module {
  /// The mean loss of a batch's targets; what layers add to it stays in the pass.
  /// - Parameter divisor: the number of targets of the whole batch, of which this may be a shard.
  func loss(of batch: Batch, in pass: Pass, divisor: Int) -> Variable

  /// Learns from what a whole step observed, after the optimizer has moved the weights.
  func adapt(to observations: Observations, _ coefficients: Coefficients)
}

extension LanguageModel: TrainableModel {}

extension TrainableModel {
  /// Most models learn by their gradients alone.
  public func adapt(to observations: Observations, _ coefficients: Coefficients) {}

  /// The mean loss of a batch's targets, from a trip of its own.
  public func loss(of batch: Batch, on tape: Tape, divisor: Int? = nil) -> Variable {
    let pass = Pass(Sequences(batch), on: tape)
    return loss(of: batch, in: pass, divisor: divisor ?? batch.targetCount)
  }

  /// The mean loss over batches, weighted by their targets; nothing is recorded.
  public func evaluate(_ batches: [Batch]) -> Double {
    let losses = Threads.map(batches.count) { index in
      let batch = batches[index]
      let loss = self.loss(of: batch, on: Tape(recording: false))
      return Double(loss.value.scalar) * Double(batch.targetCount)
    }
    let count = batches.reduce(0) { $0 + $1.targetCount }
    return losses.reduce(0, +) / Double(max(count, 1))
  }
}
