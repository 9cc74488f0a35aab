import Attention
import RL
import Tensors

/// Thoughts that are made shorter or longer than the model would have them.
///
/// To shorten, `</think>` is put after some tokens; to lengthen, `</think>` is taken away and `;` put
/// in its place, the sign with which the base's writers began again – "wait". Everything is greedy, so that
/// nothing but the intervention differs. Paper: Muennighoff et al., 2025 (s1), §3.
public struct BudgetForcing: Sendable {
  /// How a budget turned out.
  public struct Marks: Codable, Sendable, Equatable {
    /// The mean tokens of the thoughts.
    public let tokens: Double
    /// The share of right answers.
    public let accuracy: Double
  }

  /// The questions.
  public let questions: [Question]
  private let model: LanguageModel
  private let alphabet: TaskAlphabet
  private let budget: Int

  /// Prepares experiments with a model.
  /// - Parameter budget: the most tokens that are written in one go.
  public init(
    _ model: LanguageModel, on questions: [Question], budget: Int = 40,
    alphabet: TaskAlphabet = .bilingual
  ) {
    self.model = model
    self.questions = questions
    self.budget = budget
    self.alphabet = alphabet
  }

  /// The model's own thoughts, without the tokens around them.
  package var thoughts: [[Int]] { going(on: questions.map { _ in [] }) }

  /// The accuracy when thoughts end after some tokens at the latest.
  public func cut(_ thoughts: [[Int]], to tokens: Int) -> Marks {
    answered(thoughts.map { Array($0.prefix(tokens)) })
  }

  // snippet.waiting
  /// The accuracy when a thought that wants to end is sent on some times.
  public func waiting(_ thoughts: [[Int]], times: Int) -> Marks {
    var thoughts = thoughts
    for _ in 0..<times {
      let sent = thoughts.map { $0 + alphabet.encode(String(Editor.retry)) }
      thoughts = zip(sent, going(on: sent)).map { $0 + $1 }
    }
    return answered(thoughts)
  }
  // snippet.end

  /// What the model writes until it ends its thought, after the beginning of one.
  private func going(on beginnings: [[Int]]) -> [[Int]] {
    continued(beginnings.map { [alphabet.think] + $0 }).map { tokens in
      Array(tokens.prefix { $0 != alphabet.endThink && $0 != alphabet.end })
    }
  }

  private func answered(_ thoughts: [[Int]]) -> Marks {
    let beginnings = thoughts.map { [alphabet.think] + $0 + [alphabet.endThink] }
    let replies = continued(beginnings).enumerated().map { index, tokens in
      let whole = beginnings[index] + tokens
      let response = Response(
        tokens: whole, logProbabilities: whole.map { _ in 0 },
        isTruncated: tokens.last != alphabet.end)
      return JudgedReply(response, to: questions[index], in: alphabet)
    }
    return Marks(
      tokens: thoughts.average { Double($0.count) },
      accuracy: replies.portion(where: \.isRight))
  }

  private func continued(_ beginnings: [[Int]]) -> [[Int]] {
    let prompts = zip(questions, beginnings).map { alphabet.prompt($0.prompt) + $1 }
    let rollout = Rollout.greedy(budget: budget, stops: [alphabet.end])
    return model.responses(to: prompts, rollout, seed: 0).map { $0[0].tokens }
  }
}
