import Attention
import Tensors
import Text

/// Rows of packed documents, told in a random order that is new in each epoch.
///
/// The only memory is the place: how many rows have been told. The order of epoch e follows from
/// the seed and e, so a run is continued by its place alone, and a run that skips batches moves on.
public struct PackedSource: BatchSource {
  /// The tokens of a row.
  public let length: Int
  /// The number of rows.
  public let rows: Int
  /// Whether attention stays within documents.
  public let isolates: Bool
  /// The seed of the orders; it does not change.
  public var generator: SplitMix64
  /// The number of rows told so far, in all epochs.
  public var place = 0 {
    didSet { if place / rows != epoch.number { epoch = Epoch(place / rows, rows, generator) } }
  }

  private let inputs, targets, starts: [Int32]
  private var epoch: Epoch

  /// One time round all rows.
  private struct Epoch: Sendable {
    let number: Int
    let order: [Int]

    init(_ number: Int, _ rows: Int, _ generator: SplitMix64) {
      self.number = number
      var own = generator.branch(UInt64(number))
      order = Draw.shuffled(Array(0..<rows), using: &own)
    }
  }

  /// Documents that are packed together; few enough to pack fast, enough to fill rows well.
  private static let chunk = 4096

  /// Packs documents into rows.
  public init(_ documents: [[Int]], length: Int, isolates: Bool = true, seed: UInt64) {
    var (inputs, targets, starts): ([Int32], [Int32], [Int32]) = ([], [], [])
    for first in stride(from: 0, to: documents.count, by: Self.chunk) {
      let part = documents[first..<min(first + Self.chunk, documents.count)]
      let batch = PackedDocuments(Array(part), length: length).isolated
      inputs += batch.inputs.map { Int32($0) }
      targets += batch.targets.map { Int32($0) }
      starts += (batch.documentStarts ?? []).map { Int32($0) }
    }
    insist(!inputs.isEmpty, "PackedSource: there is no document to train on")
    (self.inputs, self.targets, self.starts) = (inputs, targets, starts)
    (self.length, self.isolates) = (length, isolates)
    rows = inputs.count / length
    generator = SplitMix64(seed: seed)
    epoch = Epoch(0, rows, generator)
  }

  /// The share of places that hold a token of a document.
  public var fill: Double {
    // Padding sees itself alone and predicts nothing.
    let idle = inputs.indices.count {
      targets[$0] == Batch.ignored && Int(starts[$0]) == $0 % length && inputs[$0] == 0
    }
    return 1 - Double(idle) / Double(inputs.count)
  }

  /// A number made from all tokens and from the seed.
  public var fingerprint: UInt64 {
    .fingerprint(
      [generator.state, UInt64(length), isolates ? 1 : 0]
        + zip(inputs, targets).map { UInt64(bitPattern: Int64($0) << 32 ^ Int64($1)) })
  }

  /// One row.
  public mutating func next() -> Batch { next(sequences: 1) }

  /// The next rows.
  public mutating func next(sequences: Int) -> Batch {
    var (rowInputs, rowTargets, rowStarts): ([Int], [Int], [Int]) = ([], [], [])
    for _ in 0..<sequences {
      let first = epoch.order[place % rows] * length
      place += 1
      rowInputs += inputs[first..<first + length].map { Int($0) }
      rowTargets += targets[first..<first + length].map { Int($0) }
      if isolates { rowStarts += starts[first..<first + length].map { Int($0) } }
    }
    return Batch(
      inputs: rowInputs, targets: rowTargets, sequences: sequences, length: length,
      documentStarts: isolates ? rowStarts : nil)
  }
}
