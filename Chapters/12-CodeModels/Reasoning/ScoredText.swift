import Tensors
import Text

/// Tokens of which some are targets and others are only read.
public struct ScoredText: Sendable, Equatable {
  /// The tokens.
  public private(set) var tokens: [Int] = []
  /// Whether the loss counts each token.
  public private(set) var isScored: [Bool] = []

  /// Nothing yet.
  public init() {}

  /// Goes on with tokens that are read, such as a question or the words of a judge.
  public func reading(_ more: [Int]) -> ScoredText { adding(more, scored: false) }

  /// Goes on with tokens that the model should write.
  public func writing(_ more: [Int]) -> ScoredText { adding(more, scored: true) }

  private func adding(_ more: [Int], scored: Bool) -> ScoredText {
    var copy = self
    copy.tokens += more
    copy.isScored += more.map { _ in scored }
    return copy
  }
}

extension Batch {
  /// Puts texts into rows, each in one of its own, short ones first, padded at their ends.
  ///
  /// The mask belongs to the target: the last token that is read predicts the first that is
  /// scored. The shards of a sorted batch have little padding.
  public init(_ texts: [ScoredText], padding: Int) {
    let rows = texts.enumerated().sorted {
      ($0.element.tokens.count, $0.offset) < ($1.element.tokens.count, $1.offset)
    }.map(\.element)
    let length = max((rows.last?.tokens.count ?? 0) - 1, 1)
    var (inputs, targets): ([Int], [Int]) = ([], [])
    for row in rows {
      insist(row.tokens.count > 1, "Batch: a text of \(row.tokens.count) tokens has no target")
      let rest = length - (row.tokens.count - 1)
      inputs += row.tokens.dropLast() + [Int](repeating: padding, count: rest)
      targets += zip(row.tokens, row.isScored).dropFirst().map { $1 ? $0 : Batch.ignored }
      targets += [Int](repeating: Batch.ignored, count: rest)
    }
    self.init(inputs: inputs, targets: targets, sequences: rows.count, length: length)
  }
}
