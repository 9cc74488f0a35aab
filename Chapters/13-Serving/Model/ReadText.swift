import Tensors

/// A text that is read piece by piece, for measures of a model's quality.
public final class ReadText {
  private let model: ServedModel
  /// What is kept of the text.
  package let cache: SequenceCache

  /// Begins an empty text.
  public init(_ model: ServedModel, _ format: CacheFormat = .bf16) {
    self.model = model
    cache = SequenceCache(model.cacheLayout(format))
  }

  /// Reads the tokens that follow.
  /// - Shape: → [tokens, vocabulary]
  public func read(_ tokens: [Int]) -> Tensor {
    model.logits(model.hidden([Span(cache: cache, tokens: tokens)]))
  }
}
