import Tensors
import Text

/// How the rows of an activation are laid out: some sequences of equal length, one after another.
///
/// A sequence may continue earlier tokens; its offset says how many came before.
public struct Sequences: Sendable, Equatable {
  /// The number of sequences.
  public let count: Int
  /// The number of new tokens in each.
  public let length: Int
  /// The number of tokens before the first new one, for each sequence.
  public let offsets: [Int]
  /// Where in its sequence the document of each row begins, if a sequence holds several documents.
  ///
  /// Rows of a document follow each other. A row sees none before its document, and its position
  /// counts from there. Nil when every sequence is one document.
  /// - Shape: [count, length]
  public let documentStarts: [Int]?

  /// Describes sequences that begin here, or that continue after `offsets` tokens.
  public init(
    count: Int, length: Int, offsets: [Int]? = nil, documentStarts: [Int]? = nil
  ) {
    self.count = count
    self.length = length
    self.documentStarts = documentStarts
    insist(
      documentStarts == nil || offsets == nil && documentStarts?.count == count * length,
      "Sequences: \(documentStarts?.count ?? 0) starts of documents for \(count) new sequences "
        + "of \(length)")
    self.offsets = offsets ?? [Int](repeating: 0, count: count)
    insist(
      self.offsets.count == count,
      "Sequences: \(self.offsets.count) offsets for \(count) sequences")
  }

  /// The number of rows: all new tokens of all sequences.
  public var rows: Int { count * length }

  /// The position of each row in its sequence or document.
  public var positions: [Int] {
    if let documentStarts {
      return documentStarts.enumerated().map { row, start in row % length - start }
    }
    return offsets.flatMap { offset in (0..<length).map { offset + $0 } }
  }

  /// The first rows of each sequence, as many as are asked for.
  package func prefix(_ length: Int) -> Sequences {
    Sequences(
      count: count, length: length,
      documentStarts: documentStarts.map { starts in
        (0..<count).flatMap { starts[$0 * self.length..<$0 * self.length + length] }
      })
  }

  /// The starts of documents in the rows of one sequence.
  package func starts(of sequence: Int) -> ArraySlice<Int>? {
    documentStarts?[sequence * length..<(sequence + 1) * length]
  }
}

extension Sequences {
  /// The layout of a batch.
  public init(_ batch: Batch) {
    self.init(
      count: batch.sequences, length: batch.length, documentStarts: batch.documentStarts)
  }
}
