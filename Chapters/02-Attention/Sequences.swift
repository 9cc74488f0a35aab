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
