import Tensors

/// Documents packed into rows of one length, with the borders remembered.
///
/// Every token of every document stands in exactly one place. A document that fits into a row is never cut;
/// a longer one fills whole rows and what is left is packed with the others. DeepSeek-V3 packs
/// whole documents too; in pre-training it lets attention cross the borders (§4.1), in fine-tuning
/// it does not (§5.1). `batch` does the former, `isolated` the latter.
public struct PackedDocuments: Sendable, Equatable {
  /// The rows; the last token of a document, and padding, have no target.
  public let batch: Batch
  /// The piece that each place belongs to, counted from 0 in every row; −1 is padding.
  ///
  /// - Shape: [sequences, length]
  public let segments: [Int]
  /// The place within the piece, from 0.
  ///
  /// - Shape: [sequences, length]
  public let positions: [Int]

  // snippet.isolated
  /// The rows with attention that stays within documents.
  ///
  /// Padding sees itself alone.
  public var isolated: Batch {
    Batch(
      inputs: batch.inputs, targets: batch.targets, sequences: batch.sequences,
      length: batch.length,
      documentStarts: positions.enumerated().map { place, position in
        place % batch.length - position
      })
  }
  // snippet.end

  /// Marks padding in `segments`.
  public static let padding = -1

  /// Packs documents by best fit: the longest pieces first, each into the row that it fills best.
  public init(_ documents: [[Int]], length: Int) {
    insist(length > 0, "rows of \(length) tokens hold nothing")
    let rows = Self.bestFit(Self.pieces(of: documents, length: length), length: length)
    var (inputs, targets): ([Int], [Int]) = ([], [])
    var (segments, positions): ([Int], [Int]) = ([], [])
    for row in rows {
      for (number, piece) in row.enumerated() {
        let document = documents[piece.document]
        inputs += document[piece.range]
        targets +=
          document[piece.range.lowerBound + 1..<min(piece.range.upperBound + 1, document.count)]
        if piece.range.upperBound == document.count { targets.append(Batch.ignored) }
        segments += [Int](repeating: number, count: piece.range.count)
        positions += 0..<piece.range.count
      }
      let rest = length - row.map(\.range.count).reduce(0, +)
      inputs += [Int](repeating: 0, count: rest)
      targets += [Int](repeating: Batch.ignored, count: rest)
      segments += [Int](repeating: Self.padding, count: rest)
      positions += [Int](repeating: 0, count: rest)
    }
    batch = Batch(inputs: inputs, targets: targets, sequences: rows.count, length: length)
    self.segments = segments
    self.positions = positions
  }

  /// A stretch of one document that stands in one row.
  private struct Piece {
    let document: Int
    let range: Range<Int>
  }

  private static func pieces(of documents: [[Int]], length: Int) -> [Piece] {
    documents.enumerated().flatMap { index, document in
      stride(from: 0, to: document.count, by: length).map { start in
        Piece(document: index, range: start..<min(start + length, document.count))
      }
    }
  }

  /// Rows wait in bins by the space they have left, so a piece finds the tightest row at once.
  private static func bestFit(_ pieces: [Piece], length: Int) -> [[Piece]] {
    var bySize = [[Piece]](repeating: [], count: length + 1)
    for piece in pieces { bySize[piece.range.count].append(piece) }
    var rows: [[Piece]] = []
    var withSpace = [[Int]](repeating: [], count: length + 1)
    for piece in bySize.reversed().joined() {
      let size = piece.range.count
      let space = (size...length).first { !withSpace[$0].isEmpty }
      let row = space.flatMap { withSpace[$0].popLast() } ?? rows.count
      if row == rows.count { rows.append([]) }
      rows[row].append(piece)
      withSpace[(space ?? length) - size].append(row)
    }
    return rows
  }
}
