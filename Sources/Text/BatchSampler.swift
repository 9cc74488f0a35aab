import Tensors

/// An endless supply of random windows of a text.
///
/// The only memory is the generator. Storing it and starting a sampler with it later continues
/// with the very batches that would have come.
public struct BatchSampler<Generator: RandomNumberGenerator & Sendable>: Sendable {
  /// The whole text.
  public let tokens: [Int]
  /// The rows of a batch.
  public let sequences: Int
  /// The columns of a batch.
  public let length: Int
  /// The source of the windows' places; store it to resume.
  public var generator: Generator

  /// Starts sampling; throws `CorpusError.tooFewTokens` when not one window fits.
  public init(
    tokens: [Int], sequences: Int, length: Int, generator: Generator
  ) throws(CorpusError) {
    insist(length > 0 && sequences > 0, "sampler: \(sequences) × \(length) is not a batch")
    guard tokens.count > length else {
      throw .tooFewTokens(count: tokens.count, needed: length + 1)
    }
    self.tokens = tokens
    self.sequences = sequences
    self.length = length
    self.generator = generator
  }

  /// Draws the next batch: each window equally likely, its targets one token further on.
  public mutating func next() -> Batch { next(sequences: sequences) }

  /// The same with another number of rows.
  public mutating func next(sequences: Int) -> Batch {
    var (inputs, targets): ([Int], [Int]) = ([], [])
    inputs.reserveCapacity(sequences * length)
    targets.reserveCapacity(sequences * length)
    for _ in 0..<sequences {
      let start = Draw.below(tokens.count - length, using: &generator)
      inputs += tokens[start..<start + length]
      targets += tokens[start + 1...start + length]
    }
    return Batch(inputs: inputs, targets: targets, sequences: sequences, length: length)
  }
}
