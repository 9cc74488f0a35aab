import Tensors
import Text

/// Where the batches of a training come from: a long text, or examples made on the way.
///
/// All that a source remembers is its generator and its place, so a run that stores them can be
/// continued with the very batches that would have come.
public protocol BatchSource: Sendable {
  /// The state between two batches.
  var generator: SplitMix64 { get set }
  /// How far it has read, for sources that read in an order; others stay at 0.
  var place: Int { get set }
  /// A number that tells what the batches are made of, so that a run is not continued with others.
  var fingerprint: UInt64 { get }
  /// Draws the next batch.
  mutating func next() -> Batch
  /// Draws the next batch of a plan whose batches grow; a source may have a size of its own.
  mutating func next(sequences: Int) -> Batch
}

extension BatchSource {
  /// Sources that draw at random have no place.
  public var place: Int {
    get { 0 }
    set {}
  }

  /// The source decides the size.
  public mutating func next(sequences: Int) -> Batch { next() }
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
