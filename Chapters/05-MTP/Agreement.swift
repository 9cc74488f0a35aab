import Attention
import Checkpoints
import Tensors
import Text

/// How often the first module drafts what the model would have written.
///
/// Measured on a given text, which both of them read: position by position the law of the module
/// for the second token ahead is compared with the law of the model for the same token.
public struct Agreement: Sendable, Equatable {
  /// The positions compared.
  public private(set) var positions = 0
  private var equal = 0
  private var overlap = 0.0

  /// Creates an agreement about nothing.
  public init() {}

  /// The share of positions at which both find the same token likeliest: acceptance when greedy.
  public var greedy: Double { positions > 0 ? Double(equal) / Double(positions) : 0 }

  /// The mean of Σ min(p, q): acceptance when tokens are drawn from the laws themselves.
  public var sampled: Double { positions > 0 ? overlap / Double(positions) : 0 }

  /// Counts one position.
  mutating func add(model: [Float], module: [Float]) {
    positions += 1
    if Sampling.likeliest(model) == Sampling.likeliest(module) { equal += 1 }
    overlap += TokenLaw(softmax: model).overlap(with: TokenLaw(softmax: module))
  }

  /// Adds what was counted elsewhere.
  public mutating func add(_ other: Agreement) {
    positions += other.positions
    equal += other.equal
    overlap += other.overlap
  }
}

extension TokenLaw {
  /// The law of the logits as they are.
  init(softmax logits: [Float]) {
    let row = Tensor(logits, shape: [1, logits.count]).softmaxed()
    self.init(row.scalars.map(Double.init))
  }
}

extension DeepSeekModel {
  /// Compares the first module with the model on a batch.
  /// - Parameter isCounted: which positions count, by the token that both predict; all, if nil.
  public func agreement(
    on batch: Batch, where isCounted: ((_ place: Int) -> Bool)? = nil
  ) -> Agreement {
    var agreement = Agreement()
    guard modules.count > 0, batch.length > 1 else { return agreement }
    let pass = Pass(
      Sequences(batch), on: Tape(recording: false))
    let hidden = language.hidden(batch.inputs, in: pass)
    let ahead = lookAhead(from: hidden, over: batch, in: pass)[0]
    let length = batch.length - 1
    for (row, target) in ahead.targets.enumerated() where target != Batch.ignored {
      // The model reads the token that the module was handed one place further on.
      let place = row / length * batch.length + row % length + 1
      guard isCounted?(place) ?? true else { continue }
      agreement.add(
        model: language.logits(of: hidden.value.row(place)),
        module: language.logits(of: ahead.hidden.value.row(row)))
    }
    return agreement
  }
}
