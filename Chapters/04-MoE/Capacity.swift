import Attention
import Checkpoints
import Tensors

/// A limit to the rows that one device serves, as DeepSeek-V2 had it in training.
///
/// Each device gets `factor` times the mean load. What exceeds it is dropped, the lowest affinity
/// first; a dropped slot contributes nothing, and the residual stream carries its token on. The
/// tokens of some sequences are never dropped, so that a model which is later used without a limit
/// has seen such a life. V3 needs no limit.
/// Paper: V2 §2.2.4.
public struct Capacity: Sendable, Equatable {
  /// The room of a device as a multiple of the mean load.
  public var factor: Double
  /// The part of the sequences whose tokens are never dropped.
  public var exempt: Double

  /// Creates a limit; by default that of V2.
  public init(factor: Double = 1, exempt: Double = 0.1) {
    self.factor = factor
    self.exempt = exempt
  }

  // snippet.capacity
  /// Which slots of a routing are served.
  public func kept(
    _ routing: Routing, _ sizes: ExpertSizes, _ sequences: Sequences
  ) -> [Bool] {
    let experts = routing.experts
    let size = sizes.count / sizes.groups
    let room = Int(factor * Double(experts.count) / Double(sizes.groups))
    let isExempt = exemptSequences(routing.affinities.value, sequences)
    let affinities = routing.affinities.value.picked(at: experts).scalars
    var kept = [Bool](repeating: true, count: experts.count)
    for device in 0..<sizes.groups {
      let slots = experts.indices.filter { experts[$0] / size == device }
      // Of equal affinities the later token goes first.
      let candidates = slots.filter { !isExempt[$0 / sizes.active / sequences.length] }
        .sorted { (affinities[$0], $1) < (affinities[$1], $0) }
      for slot in candidates.prefix(max(0, slots.count - room)) { kept[slot] = false }
    }
    return kept
  }
  // snippet.end

  /// Draws the exempt sequences by a hash of their first affinities, so that shards draw alike.
  private func exemptSequences(_ affinities: Tensor, _ sequences: Sequences) -> [Bool] {
    (0..<sequences.count).map { sequence in
      let row = affinities.rows(sequence * sequences.length..<sequence * sequences.length + 1)
      let hash = row.scalars.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
        ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01B3
      }
      var generator = SplitMix64(seed: hash)
      return generator.uniform() < exempt
    }
  }
}
