import Tensors

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

  /// Describes sequences that begin here, or that continue after `offsets` tokens.
  public init(count: Int, length: Int, offsets: [Int]? = nil) {
    self.count = count
    self.length = length
    self.offsets = offsets ?? [Int](repeating: 0, count: count)
    insist(
      self.offsets.count == count,
      "Sequences: \(self.offsets.count) offsets for \(count) sequences")
  }

  /// The number of rows: all new tokens of all sequences.
  public var rows: Int { count * length }

  /// The position of each row in its sequence.
  public var positions: [Int] { offsets.flatMap { offset in (0..<length).map { offset + $0 } } }
}

/// One trip through a model: what its layers share, and what they leave for the end.
public final class Pass {
  /// Where the operations are recorded.
  public let tape: Tape
  /// The layout of the rows.
  public let sequences: Sequences
  /// Losses that layers add to the model's own, such as a router's balance loss.
  public private(set) var auxiliaryLosses: [Variable] = []
  private var rotaryTables: [RotaryEmbedding: RotaryTable] = [:]

  /// Begins a trip.
  public init(_ sequences: Sequences, on tape: Tape) {
    self.sequences = sequences
    self.tape = tape
  }

  /// The angles of the rows, computed once and used by every layer that turns alike.
  public func table(_ rotary: RotaryEmbedding) -> RotaryTable {
    if let known = rotaryTables[rotary] { return known }
    let table = rotary.table(sequences.positions)
    rotaryTables[rotary] = table
    return table
  }

  /// Leaves a loss to be added at the end.
  public func add(auxiliaryLoss loss: Variable) { auxiliaryLosses.append(loss) }
}
