import Attention
import RL
import Tensors
import Text

/// Questions about programs that no training saw, and how a model fares.
public struct ProgramExamination: Sendable, Equatable {
  /// The questions.
  public let problems: [ProgramProblem]
  /// The most tokens of a response.
  public let budget: Int
  /// The tokens.
  public let alphabet: CodeAlphabet

  /// Asks given questions.
  public init(
    _ problems: [ProgramProblem], budget: Int, alphabet: CodeAlphabet = .standard
  ) {
    self.problems = problems
    self.budget = budget
    self.alphabet = alphabet
  }

  /// Asks one question about each of some different held-out programs.
  public init(
    _ task: ProgramProblem.Task, from sampler: ProgramSampler, count: Int, budget: Int,
    seed: UInt64, alphabet: CodeAlphabet = .standard
  ) {
    var generator = SplitMix64(seed: seed).branch(1)
    let problems = sampler.heldOut(count, seed: seed).compactMap {
      ProgramProblem.drawn(task, about: $0, using: &generator)
    }
    self.init(problems, budget: budget, alphabet: alphabet)
  }

  /// The likeliest response to each question, judged.
  public func answers(of model: LanguageModel) -> [ProgramAnswer] {
    let prompts = problems.map { alphabet.tasks.prompt($0.prompt) }
    return zip(problems, responses(of: model, to: prompts)).map {
      ProgramAnswer($0, response: $1, alphabet: alphabet)
    }
  }

  /// A second answer wherever the first was wrong, once the judge has said why.
  ///
  /// An answer that was right, or that never ended, stays as it is.
  public func revisions(
    of model: LanguageModel, after first: [ProgramAnswer]
  ) -> [ProgramAnswer] {
    let places = first.indices.filter { first[$0].isRevisable }
    let prompts = places.map { first[$0].revisionPrompt(alphabet) }
    var answers = first
    for (place, response) in zip(places, responses(of: model, to: prompts)) {
      answers[place] = ProgramAnswer(
        problems[place], response: response, alphabet: alphabet)
    }
    return answers
  }

  private func responses(of model: LanguageModel, to prompts: [[Int]]) -> [[Int]] {
    guard !prompts.isEmpty else { return [] }
    let rollout = Rollout.greedy(budget: budget, stops: [alphabet.tasks.end])
    return model.responses(to: prompts, rollout, seed: 0).map { $0[0].tokens }
  }
}

/// A response to a question about a program, with what the judge found.
public struct ProgramAnswer: Sendable, Equatable {
  /// The question.
  public let problem: ProgramProblem
  /// The tokens of the response.
  public let response: [Int]
  /// The text of the answer, if there is one.
  public let text: String?
  /// The verdict.
  public let status: AnswerStatus

  /// Judges a response.
  public init(
    _ problem: ProgramProblem, response: [Int], alphabet: CodeAlphabet = .standard
  ) {
    self.problem = problem
    self.response = response
    status = problem.judge(response, alphabet: alphabet)
    if case .answer(let text) = alphabet.answer(in: response) {
      self.text = text
    } else {
      text = nil
    }
  }
}

extension Collection<ProgramAnswer> {
  /// The share of answers with a status; 0 of nothing.
  public func share(of status: AnswerStatus) -> Double {
    isEmpty ? 0 : Double(count { $0.status == status }) / Double(count)
  }
}
