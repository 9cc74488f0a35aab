import Attention
import Text

/// What all the experiments of `ThinkingProbes` say about one set of weights.
public struct ThinkingMarks: Codable, Sendable, Equatable {
  /// A thought that is ended early.
  public struct Cut: Codable, Sendable, Equatable {
    /// The tokens of the thought that are left.
    public let tokens: Int
    /// The share of right answers after them.
    public let right: Double
  }

  /// The digits of the sums.
  public let size: Int
  /// The sums, none of which training saw.
  public let problems: Int
  /// The share of right answers when the model must think, and when it must not.
  public let thinking, direct: Double
  /// Thoughts of fewer and of more tokens, up to the whole.
  public let cuts: [Cut]
  /// The share of right answers after a thought of full stops.
  public let filler: Double
  /// The direct answers that cost as many tokens as one thought, and the accuracy of their vote.
  public let votes: Int, vote: Double
  /// With one running sum falsified: the share of answers that follow it, and of right ones.
  public let followed, rightAfterFalse: Double

  /// Asks a model in every way; all answers are greedy but those of the vote.
  public init(
    of model: LanguageModel, size: Int, problems: Int, alphabet: TaskAlphabet = .standard
  ) {
    let items = TaskMix.heldOut(.digitSum, size: size, count: problems)
    let probes = ThinkingProbes(model, on: items, Examination(alphabet: alphabet))
    self.size = size
    self.problems = items.count
    (thinking, direct) = probes.forcedModes
    cuts = probes.budgetCurve((0..<size + 1).map { 2 * $0 }).map {
      Cut(tokens: $0.budget, right: $0.accuracy)
    }
    filler = probes.fillerAccuracy
    let poll = probes.voteAtEqualTokens
    (votes, vote) = (poll.votes, poll.consensus)
    (followed, rightAfterFalse) = probes.corruption()
  }
}
