import Attention
import Tensors
import Text

/// Families of questions with their sizes and weights, in two tongues of which one is rarer.
public struct QuestionMix: Sendable, Equatable {
  /// One family in one size.
  public struct Entry: Sendable, Equatable {
    /// The family.
    public let kind: Question.Kind
    /// The digits of a question.
    public let size: Int
    /// The share of the draws, against the other weights.
    public let weight: Int
    /// Of the examples that have steps, the share that shows them; for a base, not for prompts.
    public let thinking: Double

    /// Describes an entry.
    public init(
      _ kind: Question.Kind, size: Int, weight: Int = 1, thinking: Double = 0
    ) {
      self.kind = kind
      self.size = size
      self.weight = weight
      self.thinking = thinking
    }
  }

  /// The entries.
  public let entries: [Entry]
  /// The share of questions in letters.
  public let letters: Double
  private let weights: [Int]

  /// Creates a mix.
  public init(_ entries: [Entry], letters: Double = 0.5) {
    insist(!entries.isEmpty, "QuestionMix: there must be something to draw")
    self.entries = entries
    self.letters = letters
    weights = entries.map(\.weight)
  }

  /// The mixture of a base, in which most of the short sums show their steps and few of the long.
  ///
  /// A third of it is in letters: the models know one tongue better than the other, as V3-Base
  /// knows Chinese and English better than the rest.
  public static func base(longThinking: Double = 0.07) -> QuestionMix {
    let sums = [2: 10, 3: 16, 4: 24, 5: 24, 6: 30].sorted { $0.key < $1.key }
    let controls = (3...5).flatMap { size in
      [Entry(.sorting, size: size, weight: 5), Entry(.copying, size: size, weight: 3)]
    }
    return QuestionMix(
      sums.map { size, weight in
        Entry(.sum, size: size, weight: weight, thinking: size <= 4 ? 0.6 : longThinking)
      } + controls + [Entry(.request, size: 4, weight: 16)], letters: 1.0 / 3)
  }

  /// The sums that reinforcement asks.
  public static func sums(_ sizes: ClosedRange<Int>) -> QuestionMix {
    QuestionMix(sizes.map { Entry(.sum, size: $0) })
  }

  /// Digits to sort and to copy, and requests: what needs no thought.
  public static let plain = QuestionMix(
    (3...5).flatMap { [Entry(.sorting, size: $0), Entry(.copying, size: $0)] }
      + [Entry(.request, size: 4, weight: 12)])

  /// Requests alone.
  public static let requests = QuestionMix([Entry(.request, size: 4)])

  /// Draws a question; one that is held out is drawn again.
  public func question(using generator: inout some RandomNumberGenerator) -> Question {
    drawn(heldOut: false, using: &generator).question
  }

  /// Draws a question on the wanted side of the split, with the entry that it came from.
  func drawn(
    heldOut: Bool, using generator: inout some RandomNumberGenerator
  ) -> (question: Question, entry: Entry) {
    let entry = entries[Draw.index(weights: weights, using: &generator)]
    let tongue: Tongue = generator.uniform() < letters ? .letters : .digits
    while true {
      let digits = (0..<entry.size).map { _ in Draw.below(10, using: &generator) }
      let question = Question(entry.kind, digits, in: tongue)
      if question.isHeldOut == heldOut { return (question, entry) }
    }
  }

  /// Different questions of one family and size that no training ever sees, in both tongues by
  /// turns.
  ///
  /// The set depends on the seed alone, so that every model sits the same examination.
  public static func heldOut(
    _ kind: Question.Kind, size: Int, count: Int, seed: UInt64 = 0
  ) -> [Question] {
    let mix = QuestionMix([Entry(kind, size: size)])
    let place = UInt64(Question.Kind.allCases.firstIndex(of: kind) ?? 0)
    var generator = SplitMix64(seed: seed).branch(UInt64(size) &* 31 &+ place &+ 1100)
    var seen: Set<[Int]> = []
    var questions: [Question] = []
    // A small family has fewer questions than are asked for; many repeats in a row say so.
    var misses = 0
    while questions.count < count, misses < 1000 {
      let drawn = mix.drawn(heldOut: true, using: &generator).question
      if seen.insert(drawn.digits).inserted {
        let tongue = Tongue.allCases[questions.count % 2]
        questions.append(Question(kind, drawn.digits, in: tongue))
        misses = 0
      } else {
        misses += 1
      }
    }
    return questions
  }

  /// A number made from all entries.
  var fingerprint: UInt64 {
    .fingerprint(
      entries.flatMap { entry -> [UInt64] in
        let kind = Question.Kind.allCases.firstIndex(of: entry.kind) ?? 0
        return [kind, entry.size, entry.weight].map { UInt64($0) } + [entry.thinking.bitPattern]
      } + [letters.bitPattern])
  }
}
