import Attention
import RL
import Tensors

/// What the models of the stages say: the same questions answered by each, and how often a thought
/// begins again, with the sign `;`.
///
/// It is our count of the "aha moment": whether a word of reflection comes after a mistake, and
/// whether it helps.
/// Paper: DeepSeek-R1 Table 3; R1 (Nature), supplement C.2.
public struct StageVoices: Codable, Sendable, Equatable {
  /// One model.
  public struct Voice: Codable, Sendable, Equatable {
    /// The paper's name of it, or "base".
    public let name: String
    /// Its likeliest response to each question, as text without the question.
    public let replies: [String]
    /// The sampled thoughts, and those of them that begin again.
    public let thoughts: Int, retries: Int
    /// Of those, the ones whose last step before the sign was wrong, and the ones whose answer is
    /// right.
    public let afterMistake: Int, mended: Int
    /// The thoughts without the sign whose answer is right.
    public let rightAtOnce: Int

    /// The thoughts without the sign.
    public var plain: Int { thoughts - retries }
  }

  /// What was asked.
  public let questions: [String]
  /// The models, the base first.
  public private(set) var voices: [Voice] = []

  /// A sum in each language and a request.
  private static let asked: [Question] =
    QuestionMix.heldOut(.sum, size: 6, count: 2, seed: 7)
    + QuestionMix.heldOut(.request, size: 4, count: 1, seed: 7)

  /// Nobody has spoken yet.
  public init() { questions = Self.asked.map(\.prompt) }

  /// Asks a model.
  ///
  /// - Parameters:
  ///   - size: the digits of the sums over which thoughts are counted.
  ///   - problems: how many such sums; each is answered eight times.
  public mutating func listen(
    to model: LanguageModel, named name: String, size: Int = 6, problems: Int = 250,
    alphabet: TaskAlphabet = .bilingual
  ) {
    let greedy = model.replies(to: Self.asked, budget: 48, in: alphabet)
    let rollout = Rollout(
      samples: 8, budget: 48, stops: [alphabet.end], firstToken: .forced(alphabet.think))
    let sums = QuestionMix.heldOut(.sum, size: size, count: problems, seed: 7)
    let thinking = model.replies(to: sums, rollout, seed: 0, in: alphabet)
      .flatMap { $0 }.filter(\.verdict.isThinking)
    let retries = thinking.filter(\.beginsAgain)
    voices.append(
      Voice(
        name: name, replies: greedy.map { alphabet.tokenizer.decode($0.response.tokens) },
        thoughts: thinking.count, retries: retries.count,
        afterMistake: retries.count(where: \.erredBeforeRetry),
        mended: retries.count(where: \.isRight),
        rightAtOnce: thinking.count { !$0.beginsAgain && $0.isRight }))
  }
}

extension JudgedReply {
  /// Whether its thought has the sign of a second attempt.
  public var beginsAgain: Bool { verdict.thought?.contains(Editor.retry) ?? false }

  /// Whether the last whole step before that sign is not what the digits give, or there is none; a
  /// step is a digit and the sum so far.
  public var erredBeforeRetry: Bool {
    guard beginsAgain, let thought = verdict.thought else { return false }
    let said = thought.prefix { $0 != Editor.retry }.utf8.compactMap {
      Tongue.reading($0)?.digit
    }
    let end = said.count / 2 * 2
    guard end > 0, end <= question.steps.count else { return true }
    return said[end - 2..<end] != question.steps[end - 2..<end]
  }
}
