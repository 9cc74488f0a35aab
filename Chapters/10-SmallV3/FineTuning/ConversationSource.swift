import Attention
import Tensors
import Text

/// Batches of conversations, each in a row of its own and seen once in every epoch.
///
/// All that is remembered is how many batches came before, so a run that is continued sees the
/// rest of its epoch. Padding and what the user says have no target.
public struct ConversationSource: BatchSource {
  /// The conversations that fit into a row.
  public let examples: [ChatExample]
  /// The rows of a full batch.
  public let sequences: Int
  /// The places of a row.
  public let length: Int
  /// What fills up a row.
  public let padding: Int
  private let seed: UInt64
  private var count = 0

  /// Creates a source; conversations that are too long or teach nothing are left out.
  public init(
    _ examples: [ChatExample], sequences: Int, length: Int, padding: Int, seed: UInt64
  ) {
    self.examples = examples.filter {
      (1...length).contains($0.tokens.count - 1) && $0.targetCount > 0
    }
    self.sequences = sequences
    self.length = length
    self.padding = padding
    self.seed = seed
    insist(
      !self.examples.isEmpty && sequences > 0,
      "ConversationSource: none of \(examples.count) conversations fits into \(length) places")
  }

  /// The batches of an epoch; the last may have fewer rows.
  public var batchesPerEpoch: Int { (examples.count + sequences - 1) / sequences }

  /// The number of batches drawn, in the clothes that a trainer knows how to store.
  public var generator: SplitMix64 {
    get { SplitMix64(seed: UInt64(count)) }
    set { count = Int(truncatingIfNeeded: newValue.state) }
  }

  /// A number made from the conversations and the sizes.
  public var fingerprint: UInt64 {
    let cells = examples.flatMap { example in
      zip(example.tokens, example.isTaught).map { UInt64(2 * $0 + ($1 ? 1 : 0)) }
    }
    return .fingerprint([UInt64(sequences), UInt64(length), seed] + cells)
  }

  /// Draws the next batch; its rows are in the order of their lengths, so that shards pad little.
  public mutating func next() -> Batch {
    let (epoch, place) = count.quotientAndRemainder(dividingBy: batchesPerEpoch)
    count += 1
    let order = order(of: epoch)
    let rows = order[place * sequences..<min((place + 1) * sequences, order.count)]
    return batch(rows.map { examples[$0] })
  }

  /// The conversations of an epoch, shuffled anew (Fisher and Yates).
  private func order(of epoch: Int) -> [Int] {
    var generator = SplitMix64(seed: seed).branch(UInt64(epoch))
    var order = Array(examples.indices)
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(last, Draw.below(last + 1, using: &generator))
    }
    return order
  }

  /// Puts conversations into rows.
  package func batch(_ examples: [ChatExample]) -> Batch {
    let sorted = examples.enumerated().sorted {
      ($0.element.tokens.count, $0.offset) < ($1.element.tokens.count, $1.offset)
    }.map(\.element)
    var (inputs, targets): ([Int], [Int]) = ([], [])
    for example in sorted {
      let rest = length - (example.tokens.count - 1)
      insist(
        rest >= 0,
        "ConversationSource: \(example.tokens.count) tokens need more than \(length) places")
      inputs += example.tokens.dropLast() + [Int](repeating: padding, count: rest)
      targets += example.targets + [Int](repeating: Batch.ignored, count: rest)
    }
    return Batch(inputs: inputs, targets: targets, sequences: sorted.count, length: length)
  }
}
