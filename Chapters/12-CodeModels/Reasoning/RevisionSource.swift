import Attention
import Tensors
import Text

/// Fresh problems, mixed with conversations in which a wrong answer was revised.
public struct RevisionSource: TextSource {
  /// The fresh problems.
  private var problems: ProblemSource
  /// The conversations.
  public let revisions: [ScoredText]
  /// The share of the conversations among the texts.
  public let share: Double

  /// Mixes the two; without conversations there are only fresh problems.
  public init(_ problems: ProblemSource, revisions: [ScoredText], share: Double) {
    insist((0...1).contains(share), "RevisionSource: \(share) is not a share")
    self.problems = problems
    self.revisions = revisions
    self.share = share
  }

  /// The tokens of a batch.
  public var budget: Int { problems.budget }
  /// The token that fills up rows.
  public var padding: Int { problems.padding }
  /// What is remembered between two batches.
  public var generator: SplitMix64 {
    get { problems.generator }
    set { problems.generator = newValue }
  }

  /// A number made from everything but the generator.
  public var fingerprint: UInt64 {
    let tokens = revisions.flatMap(\.tokens).map { UInt64($0) }
    let marks = revisions.flatMap(\.isScored).map { UInt64($0 ? 1 : 0) }
    return .fingerprint([problems.fingerprint, share.bitPattern] + tokens + marks)
  }

  /// Draws a fresh problem or one of the conversations.
  public mutating func text() -> ScoredText {
    let isRevision = generator.uniform() < share && !revisions.isEmpty
    guard isRevision else { return problems.text() }
    return revisions[Draw.below(revisions.count, using: &generator)]
  }
}
