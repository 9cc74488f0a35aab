import Tensors
import Text

/// Where the batches of a training come from: a long text, or examples made on the way.
///
/// All that a source remembers is its generator, so a run that stores it can be continued with the
/// very batches that would have come.
public protocol BatchSource: Sendable {
  /// The state between two batches.
  var generator: SplitMix64 { get set }
  /// A number that tells what the batches are made of, so that a run is not continued with others.
  var fingerprint: UInt64 { get }
  /// Draws the next batch.
  mutating func next() -> Batch
}

extension BatchSampler: BatchSource where Generator == SplitMix64 {
  /// FNV-1a over the tokens of the text.
  public var fingerprint: UInt64 { .fingerprint(tokens.map { UInt64(bitPattern: Int64($0)) }) }
}

extension UInt64 {
  /// FNV-1a over some numbers, whole numbers at a time.
  package static func fingerprint(_ numbers: some Sequence<UInt64>) -> UInt64 {
    numbers.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ $1) &* 0x100_0000_01B3 }
  }
}
