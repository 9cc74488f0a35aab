import Attention
import Tensors
import Text

/// Batches of conversations, each seen once in every epoch.
///
/// Several short ones share a row, by best fit and without seeing each other; positions begin anew
/// in each. Padding and what the user says have no target. A run is continued by its place alone.
/// Paper: DeepSeek-V3 §5.1, sample masking.
public struct ConversationSource: BatchSource {
  /// The conversations that fit into a row.
  public let examples: [ChatExample]
  /// The rows of a full batch.
  public let sequences: Int
  /// The places of a row.
  public let length: Int
  /// What fills up a row that holds one conversation.
  public let padding: Int
  /// The seed of the orders; it does not change.
  public var generator: SplitMix64
  /// The number of batches drawn.
  public var place = 0
  private let rows: [Row]

  /// The cells of a row.
  private struct Row: Sendable {
    let inputs, targets, starts: [Int]

    /// The places up to the last target: what the row costs.
    var used: Int { (targets.lastIndex { $0 != Batch.ignored } ?? -1) + 1 }
  }

  /// Creates a source; conversations that are too long or teach nothing are left out.
  /// - Parameter packs: whether conversations share rows; else each has a row of its own.
  public init(
    _ examples: [ChatExample], sequences: Int, length: Int, padding: Int, packs: Bool = true,
    seed: UInt64
  ) {
    let fitting = examples.filter {
      (1...length).contains($0.tokens.count - 1) && $0.targetCount > 0
    }
    insist(
      !fitting.isEmpty && sequences > 0,
      "ConversationSource: none of \(examples.count) conversations fits into \(length) places")
    self.examples = fitting
    self.sequences = sequences
    self.length = length
    self.padding = padding
    generator = SplitMix64(seed: seed)
    rows =
      packs
      ? Self.packed(fitting, length: length)
      : fitting.map { Self.alone($0, length: length, padding: padding) }
  }

  /// The batches of an epoch; the last may have fewer rows.
  public var batchesPerEpoch: Int { (rows.count + sequences - 1) / sequences }

  /// The mean number of conversations in a row.
  public var conversationsPerRow: Double { Double(examples.count) / Double(rows.count) }

  /// A number made from the conversations and the sizes.
  public var fingerprint: UInt64 {
    let cells = rows.flatMap { row in
      zip(row.inputs, row.targets).map { UInt64(bitPattern: Int64($0) << 32 ^ Int64($1)) }
    }
    return .fingerprint([UInt64(sequences), UInt64(length), generator.state] + cells)
  }

  /// Draws the next batch; its rows are in the order of their lengths, so that shards pad little.
  public mutating func next() -> Batch {
    let (epoch, part) = place.quotientAndRemainder(dividingBy: batchesPerEpoch)
    place += 1
    var own = generator.branch(UInt64(epoch))
    let order = Draw.shuffled(Array(rows.indices), using: &own)
    let chosen = order[part * sequences..<min((part + 1) * sequences, order.count)]
    return batch(chosen.map { rows[$0] })
  }

  /// Conversations in rows, as a batch has them.
  package func batch(_ examples: [ChatExample]) -> Batch {
    batch(examples.map { Self.alone($0, length: length, padding: padding) })
  }

  private func batch(_ rows: [Row]) -> Batch {
    let sorted = rows.enumerated().sorted {
      ($0.element.used, $0.offset) < ($1.element.used, $1.offset)
    }.map(\.element)
    return Batch(
      inputs: sorted.flatMap(\.inputs), targets: sorted.flatMap(\.targets),
      sequences: sorted.count, length: length, documentStarts: sorted.flatMap(\.starts))
  }

  /// A conversation in a row of its own, of which padding is a part that nobody asks.
  private static func alone(_ example: ChatExample, length: Int, padding: Int) -> Row {
    let rest = length - (example.tokens.count - 1)
    insist(
      rest >= 0,
      "ConversationSource: \(example.tokens.count) tokens need more than \(length) places")
    return Row(
      inputs: example.tokens.dropLast() + [Int](repeating: padding, count: rest),
      targets: example.targets + [Int](repeating: Batch.ignored, count: rest),
      starts: [Int](repeating: 0, count: length))
  }

  /// Conversations side by side in rows.
  ///
  /// Where a piece goes depends on its length alone, so the marks are packed as the tokens are.
  private static func packed(_ examples: [ChatExample], length: Int) -> [Row] {
    // The last token predicts nothing and needs no place.
    let packed = PackedDocuments(examples.map { $0.tokens.dropLast() }, length: length)
    let marks = PackedDocuments(examples.map(\.targets), length: length).batch.inputs
    let tokens = packed.isolated
    let targets = zip(marks, packed.segments).map {
      $1 == PackedDocuments.padding ? Batch.ignored : $0
    }
    let starts = tokens.documentStarts ?? []
    return (0..<tokens.sequences).map { row in
      let cells = row * length..<(row + 1) * length
      return Row(
        inputs: Array(tokens.inputs[cells]), targets: Array(targets[cells]),
        starts: Array(starts[cells]))
    }
  }
}
