import Attention
import RL
import SmallR1
import Tensors

/// What the models of the stages say: the same questions answered by each, and how often a thought
/// begins again.
struct StageVoices: Codable {
  /// One model.
  struct Voice: Codable {
    /// The paper's name of it, or "base".
    let name: String
    /// Its likeliest response to each question, as text without the question.
    let replies: [String]
    /// The sampled thoughts, and those of them that begin again, with the sign `;`.
    let thoughts: Int, retries: Int
    /// Of those, the ones whose last step before the sign was wrong, and the ones whose answer is right.
    let afterMistake: Int, mended: Int
    /// The thoughts without the sign whose answer is right.
    let rightAtOnce: Int
    /// The thoughts without the sign.
    var plain: Int { thoughts - retries }
  }

  /// The seed of the run that made the models.
  let seed: UInt64
  /// What was asked.
  let questions: [String]
  /// The models, the base first.
  var voices: [Voice]

  /// The questions: a sum in each language and a request.
  static let asked: [Question] =
    QuestionMix.heldOut(.sum, size: 6, count: 2, seed: 7)
    + QuestionMix.heldOut(.request, size: 4, count: 1, seed: 7)

  init(seed: UInt64) {
    self.seed = seed
    questions = Self.asked.map(\.prompt)
    voices = []
  }

  /// Asks a model.
  mutating func listen(to model: LanguageModel, named name: String) {
    let alphabet = TaskAlphabet.bilingual
    let greedy = Self.replies(
      of: model, to: Self.asked, Rollout.greedy(budget: 48, stops: [alphabet.end]))
    let texts = greedy.map { alphabet.tokenizer.decode($0.response.tokens) }
    let sums = QuestionMix.heldOut(.sum, size: 6, count: 250, seed: 7)
    let sampled = Self.replies(
      of: model, to: sums,
      Rollout(
        samples: 8, budget: 48, stops: [alphabet.end], firstToken: .forced(alphabet.think)))
    let thinking = sampled.filter(\.verdict.isThinking)
    let retries = thinking.filter { $0.verdict.thought?.contains(";") ?? false }
    let plain = thinking.filter { !($0.verdict.thought?.contains(";") ?? false) }
    voices.append(
      Voice(
        name: name, replies: texts, thoughts: thinking.count, retries: retries.count,
        afterMistake: retries.count(where: Self.erredBefore),
        mended: retries.count(where: \.isRight), rightAtOnce: plain.count(where: \.isRight)))
  }

  private static func replies(
    of model: LanguageModel, to questions: [Question], _ rollout: Rollout
  ) -> [JudgedReply] {
    let alphabet = TaskAlphabet.bilingual
    let responses = model.responses(
      to: questions.map { alphabet.prompt($0.prompt) }, rollout, seed: 0)
    return zip(questions, responses).flatMap { question, all in
      all.map { JudgedReply($0, to: question, in: alphabet) }
    }
  }

  /// Whether the last whole step before the sign is not what the digits give.
  private static func erredBefore(_ reply: JudgedReply) -> Bool {
    let thought = reply.verdict.thought ?? ""
    let said = thought.utf8.prefix { $0 != UInt8(ascii: ";") }.compactMap {
      Tongue.reading($0)?.digit
    }
    let pairs = said.count / 2
    guard pairs > 0, 2 * pairs <= reply.question.steps.count else { return true }
    return Array(said[(2 * pairs - 2)..<(2 * pairs)])
      != Array(reply.question.steps[(2 * pairs - 2)..<(2 * pairs)])
  }
}
