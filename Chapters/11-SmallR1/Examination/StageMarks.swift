import Attention
import RL
import Tensors

/// What one of the models can do: a column of the table of stages.
///
/// All of it on questions that no training saw, each in both tongues by turns.
public struct StageMarks: Codable, Sendable, Equatable {
  /// Greedy accuracy on sums of the sizes that are trained.
  public var accuracy = 0.0
  /// The same for questions in digits, and in letters.
  public var accuracyInDigits = 0.0, accuracyInLetters = 0.0
  /// The share of right samples at T = 1, and cons@8.
  public var passAt1 = 0.0, consensus = 0.0
  /// The share of samples that think, in the right form.
  public var thinking = 0.0
  /// The mean share of the wanted tongue in the samples' thoughts.
  public var consistency = 0.0
  /// The share of samples whose thought is in one tongue and summed up.
  public var readable = 0.0
  /// The mean tokens of a sample.
  public var length = 0.0
  /// Greedy accuracy on digits to sort and to copy.
  public var sorting = 0.0, copying = 0.0
  /// The share of requests whose sampled answer people like better than a writer's, ties as half.
  public var winRate = 0.0
  /// What people think of those answers, and their mean words.
  public var value = 0.0, words = 0.0

  /// Marks of nothing.
  public init() {}

  /// The mean of both controls: what no reasoning data teach.
  public var breadth: Double { (sorting + copying) / 2 }

  private enum CodingKeys: String, CodingKey {
    case accuracy, consensus, thinking, consistency, readable, length, sorting, copying, value
    case words
    case accuracyInDigits = "accuracy_digits"
    case accuracyInLetters = "accuracy_letters"
    case passAt1 = "pass_at_1"
    case winRate = "win_rate"
  }
}

/// How every model is examined, whatever stage it comes from.
public struct StageExamination: Codable, Sendable, Equatable {
  /// The sizes of the sums.
  public var smallest = 5, largest = 6
  /// The questions of each kind and size.
  public var problems = 200
  /// The samples of each sum.
  public var samples = 8
  /// The most tokens of a response.
  public var budget = 48
  /// The seed of the samples.
  public var seed: UInt64 = 0

  /// The usual examination.
  public init() {}

  /// Whether the numbers make sense; an examination that was read from a file might not.
  public var isPossible: Bool {
    [smallest, largest, problems, samples, budget].allSatisfy { (1...100_000).contains($0) }
      && smallest >= 2 && smallest <= largest && largest <= 64 && problems * samples <= 1 << 22
      && budget <= 4096
  }

  /// Examines a model.
  public func marks(
    of model: LanguageModel, alphabet: TaskAlphabet = .bilingual
  ) -> StageMarks {
    var marks = StageMarks()
    let sums = (smallest...max(smallest, largest)).flatMap {
      QuestionMix.heldOut(.sum, size: $0, count: problems)
    }
    let greedy = model.replies(to: sums, budget: budget, in: alphabet)
    func share(_ tongue: Tongue) -> Double {
      greedy.filter { $0.question.tongue == tongue }.portion(where: \.isRight)
    }
    marks.accuracy = greedy.portion(where: \.isRight)
    (marks.accuracyInDigits, marks.accuracyInLetters) = (share(.digits), share(.letters))
    let sampled = self.sampled(sums, model, alphabet)
    let all = sampled.flatMap { $0 }
    marks.passAt1 = all.portion(where: \.isRight)
    marks.consensus = sampled.average { replies in
      PassRate.consensus(of: replies.map(\.verdict.answer)) { answer in
        replies[0].question.judge(answer)
      }
    }
    marks.thinking = all.portion(where: \.verdict.isThinking)
    marks.consistency = all.consistency ?? 0
    marks.readable = all.portion(where: \.isReadable)
    marks.length = all.average { Double($0.response.length) }
    marks.sorting = control(.sorting, model, alphabet)
    marks.copying = control(.copying, model, alphabet)
    examineRequests(model, alphabet, &marks)
    return marks
  }

  private func sampled(
    _ questions: [Question], _ model: LanguageModel, _ alphabet: TaskAlphabet
  ) -> [[JudgedReply]] {
    let rollout = Rollout(samples: samples, budget: budget, stops: [alphabet.end])
    return model.replies(to: questions, rollout, seed: seed, in: alphabet)
  }

  private func control(
    _ kind: Question.Kind, _ model: LanguageModel, _ alphabet: TaskAlphabet
  ) -> Double {
    let questions = (4...5).flatMap { QuestionMix.heldOut(kind, size: $0, count: problems / 2) }
    return model.replies(to: questions, budget: budget, in: alphabet).portion(where: \.isRight)
  }

  /// One sampled answer after the other to the same requests, each against a writer's.
  private func examineRequests(
    _ model: LanguageModel, _ alphabet: TaskAlphabet, _ marks: inout StageMarks
  ) {
    let requests = QuestionMix.heldOut(.request, size: 4, count: problems)
    var generator = SplitMix64(seed: seed).branch(117)
    let rivals = requests.map { RequestReplies.written($0, using: &generator) }
    let answers = sampled(requests, model, alphabet).map { $0.map(\.verdict.answer) }
    let pairs = requests.indices.flatMap { index in
      answers[index].map { (requests[index], $0, rivals[index]) }
    }
    marks.winRate = RequestJudge.winRate(
      of: pairs.map(\.1), against: pairs.map(\.2), to: pairs.map(\.0))
    marks.value = pairs.average { RequestJudge.value(of: $0.1, to: $0.0) }
    marks.words = pairs.average { Double($0.1?.utf8.count ?? 0) }
  }
}
