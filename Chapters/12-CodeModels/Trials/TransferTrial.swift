import Attention
import MTP
import RL
import Tensors
import Text

/// How fast a model learns worked sums, after whatever it has read before.
///
/// Sums of digits and sums of numbers, both with their steps: the tasks of chapter 8, which no
/// lesson about programs contains. All models read the very same examples.
public struct TransferTrial: Codable, Sendable, Equatable {
  /// A look at the model on the way.
  public struct Point: Codable, Sendable, Equatable {
    /// The steps and the tokens so far.
    public let step, tokens: Int
    /// The share of right answers to sums of digits, and to sums of numbers.
    public let digitSums, additions: Double

    /// The mean of the two.
    public var mean: Double { (digitSums + additions) / 2 }

    /// Describes a look.
    public init(step: Int, tokens: Int, digitSums: Double, additions: Double) {
      (self.step, self.tokens) = (step, tokens)
      (self.digitSums, self.additions) = (digitSums, additions)
    }
  }

  /// What the model had read before.
  public let start: String
  /// The looks.
  public let points: [Point]
  /// The seconds of the training with the looks.
  public let seconds: Double

  /// Joins the numbers.
  public init(start: String, points: [Point], seconds: Double) {
    (self.start, self.points, self.seconds) = (start, points, seconds)
  }

  /// The tokens after which a share is reached and not left again; nil if it is not reached.
  public func tokens(toReach share: Double, of value: (Point) -> Double) -> Int? {
    guard let last = points.last, value(last) >= share else { return nil }
    let lapse = points.lastIndex { value($0) < share }
    return points[(lapse ?? -1) + 1].tokens
  }

  /// The examples: sums of four to six digits, and of two numbers of one to three.
  public static let mix = TaskMix(
    (4...6).map { .init(.digitSum, size: $0, weight: 1, thinking: 1) }
      + (1...3).map { .init(.addition, size: $0, weight: 1, thinking: 1) })

  /// Looks at a model.
  public static func point(
    step: Int, tokens: Int, of model: LanguageModel, problems: Int,
    alphabet: CodeAlphabet = .standard
  ) -> Point {
    let examination = Examination(alphabet: alphabet.tasks, budget: 48).greedyOnly
    func share(_ kind: TaskKind, _ size: Int) -> Double {
      let items = TaskMix.heldOut(kind, size: size, count: problems)
      return examination.marks(of: model, on: items).greedyAccuracy
    }
    return Point(
      step: step, tokens: tokens, digitSums: share(.digitSum, 6),
      additions: share(.addition, 3))
  }
}

/// Worked sums in batches of about equally many tokens.
public struct SumSource: TextSource {
  /// The families and their sizes.
  public let mix: TaskMix
  /// The tokens.
  public let alphabet: CodeAlphabet
  /// The tokens of a batch.
  public let budget: Int
  /// What is remembered between two batches.
  public var generator: SplitMix64

  /// Creates a source.
  public init(
    _ mix: TaskMix = TransferTrial.mix, budget: Int, seed: UInt64,
    alphabet: CodeAlphabet = .standard
  ) {
    (self.mix, self.alphabet, self.budget) = (mix, alphabet, budget)
    generator = SplitMix64(seed: seed)
  }

  /// The token that fills up rows.
  public var padding: Int { alphabet.tasks.padding }

  /// A number made from everything but the generator.
  public var fingerprint: UInt64 {
    let sizes = mix.entries.flatMap { [$0.size, $0.weight] } + [budget]
    return .fingerprint(
      mix.entries.flatMap { $0.kind.rawValue.numbers } + sizes.map { UInt64($0) })
  }

  /// Draws a sum that is not held out, with its steps.
  public mutating func text() -> ScoredText {
    let item = mix.item(using: &generator)
    return ScoredText().reading(alphabet.tasks.prompt(item.prompt)).writing(
      alphabet.tasks.response(thought: item.thought, answer: item.answer))
  }
}
