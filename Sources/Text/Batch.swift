import Tensors

/// Sequences of tokens side by side, each with the token that should follow at every place.
public struct Batch: Sendable, Equatable {
  /// Marks a place in `targets` without a loss.
  public static let ignored = -1

  /// The tokens, row-major.
  ///
  /// - Shape: [sequences, length]
  public let inputs: [Int]
  /// The tokens to predict, or `ignored`.
  ///
  /// - Shape: [sequences, length]
  public let targets: [Int]
  /// The number of rows.
  public let sequences: Int
  /// The number of columns.
  public let length: Int
  /// Where in its row the document of each place begins, if attention is to stay within documents.
  ///
  /// - Shape: [sequences, length]
  public let documentStarts: [Int]?

  /// Makes a batch from its rows written one after the other.
  public init(
    inputs: [Int], targets: [Int], sequences: Int, length: Int, documentStarts: [Int]? = nil
  ) {
    insist(
      inputs.count == sequences * length && targets.count == inputs.count
        && documentStarts?.count ?? inputs.count == inputs.count,
      "batch: \(inputs.count) inputs, \(targets.count) targets and "
        + "\(documentStarts?.count ?? 0) starts of documents for \(sequences) × \(length)")
    self.documentStarts = documentStarts
    self.inputs = inputs
    self.targets = targets
    self.sequences = sequences
    self.length = length
  }

  /// The number of places with a loss.
  public var targetCount: Int { targets.reduce(0) { $0 + ($1 == Self.ignored ? 0 : 1) } }

  /// Cuts the batch into at most so many parts of whole sequences, as even as can be.
  ///
  /// The cuts depend on the two counts only, never on the machine: part i begins at row ⌊i · rows / parts⌋.
  public func shards(_ count: Int) -> [Batch] {
    insist(count > 0, "a batch cannot be cut into \(count) parts")
    let parts = min(count, sequences)
    return (0..<parts).map { part in
      let rows = part * sequences / parts..<(part + 1) * sequences / parts
      let places = rows.lowerBound * length..<rows.upperBound * length
      return Batch(
        inputs: Array(inputs[places]), targets: Array(targets[places]), sequences: rows.count,
        length: length, documentStarts: documentStarts.map { Array($0[places]) })
    }
  }

  /// The same batch without the columns at its end in which no row has a target.
  ///
  /// Nothing looks at later columns, so the loss is the same and padding costs nothing.
  public var withoutIdleColumns: Batch {
    let ends = (0..<sequences).map { row in
      (0..<length).last { targets[row * length + $0] != Self.ignored }.map { $0 + 1 } ?? 0
    }
    let kept = max(ends.max() ?? 0, 1)
    guard kept < length else { return self }
    func narrowed(_ cells: [Int]) -> [Int] {
      (0..<sequences).flatMap { cells[$0 * length..<$0 * length + kept] }
    }
    return Batch(
      inputs: narrowed(inputs), targets: narrowed(targets), sequences: sequences, length: kept,
      documentStarts: documentStarts.map(narrowed))
  }

  /// Cuts a text into windows that follow each other, so that every token but the first is a target once.
  ///
  /// The last window is filled up with token 0 and ignored targets; the last batch may have fewer rows.
  /// Throws `CorpusError.tooFewTokens` for fewer than two tokens.
  public static func windows(
    of tokens: [Int], length: Int, sequences: Int
  ) throws(CorpusError) -> [Batch] {
    insist(length > 0 && sequences > 0, "windows: \(sequences) × \(length) is not a batch")
    guard tokens.count > 1 else { throw .tooFewTokens(count: tokens.count, needed: 2) }
    let places = tokens.count - 1
    let rows = (places + length - 1) / length
    return stride(from: 0, to: rows, by: sequences).map { first in
      let count = min(sequences, rows - first)
      let start = first * length
      let end = min(start + count * length, places)
      let padding = count * length - (end - start)
      return Batch(
        inputs: tokens[start..<end] + [Int](repeating: 0, count: padding),
        targets: tokens[start + 1..<end + 1] + [Int](repeating: ignored, count: padding),
        sequences: count, length: length)
    }
  }
}
