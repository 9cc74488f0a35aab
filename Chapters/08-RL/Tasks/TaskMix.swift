import Tensors
import Text

/// Families of problems with their sizes and weights, from which problems are drawn.
public struct TaskMix: Sendable, Equatable {
  /// One family in one size.
  public struct Entry: Sendable, Equatable {
    /// The family.
    public let kind: TaskKind
    /// Digits of each number, or length of the string.
    public let size: Int
    /// The share of the draws, against the other weights.
    public let weight: Int
    /// Of the examples that have steps, the share that shows them; for a base, not for prompts.
    public let thinking: Double

    /// Describes an entry.
    public init(_ kind: TaskKind, size: Int, weight: Int = 1, thinking: Double = 0) {
      self.kind = kind
      self.size = size
      self.weight = weight
      self.thinking = thinking
    }
  }

  /// The entries.
  public let entries: [Entry]
  private let weights: [Int]

  /// Creates a mix.
  public init(_ entries: [Entry]) {
    insist(!entries.isEmpty, "TaskMix: there must be something to draw")
    self.entries = entries
    weights = entries.map(\.weight)
  }

  /// The mixture of a base: four fifths sums of digits, one fifth digits to sort or to copy.
  ///
  /// Half of the short sums show their steps. Of the long ones only a few do: a greedy reader
  /// of ten equally likely digits thinks as soon as thinking has a probability above 1/11.
  public static func base(longThinking: Double = 0.07) -> TaskMix {
    // Long sums come more often, so that their few thoughts are enough to be learnt.
    let weights = [4: 10, 5: 10, 6: 10, 7: 10, 8: 18, 9: 24, 10: 30]
    let sums = weights.sorted { $0.key < $1.key }.map { size, weight in
      Entry(.digitSum, size: size, weight: weight, thinking: size <= 7 ? 0.5 : longThinking)
    }
    let controls = (3...6).flatMap { size in
      [Entry(.sorting, size: size, weight: 4), Entry(.copying, size: size, weight: 3)]
    }
    return TaskMix(sums + controls)
  }

  /// The mixture of a base that shall learn to multiply: products of two digits by two, the
  /// products of digits and the sums that their steps are made of, and the same controls.
  public static func productsBase(thinking: Double = 0.2) -> TaskMix {
    let controls = (3...6).flatMap { size in
      [Entry(.sorting, size: size, weight: 4), Entry(.copying, size: size, weight: 3)]
    }
    return TaskMix(
      [
        Entry(.multiplication, size: 2, weight: 90, thinking: thinking),
        Entry(.multiplication, size: 1, weight: 6), Entry(.addition, size: 2, weight: 8),
        Entry(.addition, size: 3, weight: 8),
      ] + controls)
  }

  /// Draws a problem; one that is held out is drawn again.
  public func item(using generator: inout some RandomNumberGenerator) -> TaskItem {
    drawn(heldOut: false, using: &generator).item
  }

  /// Draws a problem on the wanted side of the split, with the entry that it came from.
  func drawn(
    heldOut: Bool, using generator: inout some RandomNumberGenerator
  ) -> (item: TaskItem, entry: Entry) {
    let entry = entries[Draw.index(weights: weights, using: &generator)]
    while true {
      let item = TaskSource.item(entry.kind, size: entry.size, using: &generator)
      if item.isHeldOut == heldOut { return (item, entry) }
    }
  }

  /// Different problems of one family and size that no training ever sees.
  ///
  /// The set depends on the seed alone, so that every model sits the same examination.
  public static func heldOut(
    _ kind: TaskKind, size: Int, count: Int, seed: UInt64 = 0
  ) -> [TaskItem] {
    let mix = TaskMix([Entry(kind, size: size)])
    var generator = SplitMix64(seed: seed).branch(UInt64(size) &* 31 &+ kind.number)
    var seen: Set<String> = []
    var items: [TaskItem] = []
    // A small family has fewer problems than are asked for; many repeats in a row say so.
    var misses = 0
    while items.count < count, misses < 1000 {
      let item = mix.drawn(heldOut: true, using: &generator).item
      if seen.insert(item.canonical).inserted {
        items.append(item)
        misses = 0
      } else {
        misses += 1
      }
    }
    return items
  }
}

extension TaskKind {
  /// The place among all kinds.
  fileprivate var number: UInt64 { UInt64(TaskKind.allCases.firstIndex(of: self) ?? 0) }
}
