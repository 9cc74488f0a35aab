/// A document of the built-in corpus with its probability.
public struct Document: Sendable, Equatable {
  /// The three sorts of documents.
  public enum Kind: String, CaseIterable, Sendable {
    case story, tasks, programs
  }

  /// The sort.
  public let kind: Kind
  /// The text with the blank line that ends it.
  public let text: String
  /// −log₂ of the document's probability.
  public let bits: Double
}

/// The built-in source of documents: stories, arithmetic and programs in fixed proportions.
///
/// Everything random is a draw by whole-number weights, and a document can be read back to its draws in one
/// way only. So its surprise is the sum over its draws, and the entropy of the source is computed exactly.
public enum DocumentSource {
  /// The weight of each sort of document, in the order of `Document.Kind.allCases`.
  public static let weights = [5, 3, 2]
  /// How many lines a document of tasks or programs has; equally likely.
  static let taskLines = [6, 7, 8, 9, 10]
  static let programLines = [3, 4, 5, 6]

  /// Draws a document.
  public static func document(using generator: inout some RandomNumberGenerator) -> Document {
    var draft = Draft()
    let kind = Document.Kind.allCases[draft.choose(weights: weights, using: &generator)]
    return document(kind, draft: draft, using: &generator)
  }

  /// Draws a document of one sort; its bits are those of its text given the sort.
  public static func document(
    _ kind: Document.Kind, using generator: inout some RandomNumberGenerator
  ) -> Document {
    document(kind, draft: Draft(), using: &generator)
  }

  private static func document(
    _ kind: Document.Kind, draft start: Draft, using generator: inout some RandomNumberGenerator
  ) -> Document {
    var draft = start
    switch kind {
    case .story:
      StoryGrammar.story.write(to: &draft, using: &generator)
      draft.text += "\n"
    case .tasks:
      write(.arithmetic, lines: taskLines, to: &draft, using: &generator)
    case .programs:
      write(.programs, lines: programLines, to: &draft, using: &generator)
    }
    draft.text += "\n"
    return Document(kind: kind, text: draft.text, bits: draft.bits)
  }

  private static func write(
    _ source: TaskSource, lines: [Int], to draft: inout Draft,
    using generator: inout some RandomNumberGenerator
  ) {
    let count = lines[draft.choose(below: lines.count, using: &generator)]
    for _ in 0..<count {
      source.writeLine(to: &draft, using: &generator)
      draft.text += "\n"
    }
  }

  // MARK: - The floor

  /// The exact entropy and mean length of a document.
  public static let rate: EntropyRate = .mixture(
    zip(weights, Document.Kind.allCases).map { (weight: $0, rate: rate(of: $1)) })

  /// The exact entropy and mean length of a document whose sort is known.
  public static func rate(of kind: Document.Kind) -> EntropyRate {
    switch kind {
    case .story: StoryGrammar.story.rate + .fixed(bytes: 2)
    case .tasks: rate(.arithmetic, lines: taskLines)
    case .programs: rate(.programs, lines: programLines)
    }
  }

  private static func rate(_ source: TaskSource, lines: [Int]) -> EntropyRate {
    let ones = [Int](repeating: 1, count: lines.count)
    let line = source.lineRate + .fixed(bytes: 1)
    return .repeated(line, counts: lines, weights: ones) + .fixed(bytes: 1)
  }
}
