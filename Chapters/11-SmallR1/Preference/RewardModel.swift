import Attention
import RL
import Tensors

/// A model that reads a question and an answer and says how much people would like it.
///
/// The decoder of a policy with a head of one number on the last token: the architecture of
/// DeepSeek-R1's helpful reward model. It reads the final answer and not the thought, so that
/// nothing is paid for how a thought looks. Paper: DeepSeek-R1 (Nature), §3.1 and B.3.1.
public struct RewardModel: Module {
  /// The decoder.
  public let backbone: LanguageModel
  /// From the last hidden row to a score.
  public let head: Linear
  /// The tokens.
  public let alphabet: TaskAlphabet

  /// Starts from a policy, with a head that tells nothing apart.
  /// - Parameter twin: a model of the policy's sizes, whose weights are overwritten.
  public init(
    from policy: LanguageModel, in twin: LanguageModel, alphabet: TaskAlphabet = .bilingual
  ) {
    twin.copyWeights(from: policy)
    self.init(in: twin, alphabet: alphabet)
  }

  /// A decoder with a head that tells nothing apart.
  init(in decoder: LanguageModel, alphabet: TaskAlphabet) {
    backbone = decoder
    let width = decoder.headWeight.value.shape[1]
    head = Linear(
      weight: Parameter(Tensor(shape: [1, width])), bias: Parameter(Tensor(shape: [1])))
    self.alphabet = alphabet
  }

  /// The weights under their names.
  public var parts: KeyValuePairs<String, any Part> { ["model": backbone, "v_head": head] }

  /// What is read of a question and its answer.
  func text(_ question: Question, _ answer: String) -> [Int] {
    alphabet.prompt(question.prompt) + alphabet.response(thought: nil, answer: answer)
  }

  // snippet.scores
  /// The score of each text, read at its last token.
  /// - Shape: → [texts, 1]
  func scores(of texts: [[Int]], on tape: Tape) -> Variable {
    let length = texts.map(\.count).max() ?? 0
    let inputs = texts.flatMap {
      $0 + [Int](repeating: alphabet.padding, count: length - $0.count)
    }
    let ends = texts.enumerated().map { $0.offset * length + $0.element.count - 1 }
    let pass = Pass(Sequences(count: texts.count, length: length), on: tape)
    return head(backbone.hidden(inputs, in: pass).gathered(at: ends))
  }
  // snippet.end

  /// The scores of answers to questions.
  public func scores(of replies: [(question: Question, answer: String)]) -> [Float] {
    let texts = replies.map { text($0.question, $0.answer) }
    let size = 64
    let parts = Threads.map((texts.count + size - 1) / size) { part in
      let shard = Array(texts[part * size..<min(texts.count, (part + 1) * size)])
      return scores(of: shard, on: Tape(recording: false)).value.scalars
    }
    return parts.flatMap { $0 }
  }

  /// The share of pairs in which the chosen answer has the higher score; equal ones count half.
  public func agreement(with pairs: [PreferencePair]) -> Double {
    let scores = scores(
      of: pairs.map { ($0.question, $0.chosen) } + pairs.map { ($0.question, $0.rejected) })
    return pairs.indices.map { $0 }.average { index in
      let (won, lost) = (scores[index], scores[pairs.count + index])
      return won == lost ? 0.5 : won > lost ? 1 : 0
    }
  }

  /// What an answer is paid: the chance σ(r) that it would be liked better than one of score 0.
  ///
  /// A score has no unit; this has one, and no answer can outweigh everything else.
  public static func payment(for score: Float) -> Double { chance(of: Double(score)) }
}
