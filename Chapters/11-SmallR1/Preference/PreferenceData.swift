import Attention
import RL
import Tensors

/// Pairs of answers that models wrote and people compared.
public struct PreferenceData: Sendable, Equatable {
  /// The pairs that were kept.
  public let pairs: [PreferencePair]
  /// The pairs that were asked, and those that people told apart.
  public let asked: Int, kept: Int

  /// Lets models answer requests, two answers to each, and people compare them.
  ///
  /// One seed gives the same pairs on any number of threads.
  /// - Parameter writers: the models; each answer is of any of them with equal chances, so that
  ///   the pairs hold bad answers too.
  public init(
    of writers: [LanguageModel], _ plan: RewardPlan, alphabet: TaskAlphabet = .bilingual
  ) {
    insist(!writers.isEmpty, "PreferenceData: nobody writes")
    var generator = SplitMix64(seed: plan.seed).branch(111)
    let questions = (0..<plan.asked).map { _ in
      QuestionMix.requests.question(using: &generator)
    }
    let prompts = questions.map { alphabet.prompt($0.prompt) }
    let rollout = Rollout(samples: 2, budget: 16, stops: [alphabet.end])
    let texts = writers.map { writer in
      writer.responses(to: prompts, rollout, seed: generator.next()).map { pair in
        pair.map { alphabet.parse($0.tokens).answer }
      }
    }
    var pairs: [PreferencePair] = []
    for (index, question) in questions.enumerated() {
      let answers = (0..<2).map { place in
        texts[Int(generator.next() % UInt64(writers.count))][index][place]
      }
      guard let a = answers[0], let b = answers[1], a != b,
        let pair = plan.annotators.pair(a, b, to: question, using: &generator)
      else { continue }
      pairs.append(pair)
    }
    kept = pairs.count
    asked = plan.asked
    self.pairs = plan.matchesLengths ? pairs.lengthMatched : pairs
  }

  /// Trains a reward model on some of the pairs, and asks it about fresh ones that the truth judges.
  ///
  /// Throws when there are none: writers who only repeat each other leave nothing to compare.
  public func train(_ model: RewardModel, _ plan: RewardPlan)
    throws(TrainingError) -> RewardReport
  {
    // Every tenth pair is kept back.
    let trained = pairs.enumerated().filter { $0.offset % 10 != 0 }.map(\.element)
    let fresh = pairs.enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
    guard !trained.isEmpty else {
      throw .noGradient(
        step: 1,
        reason: "of \(asked) pairs of answers \(kept) were told apart, and too few are left.")
    }
    var report = try model.learn(from: trained, plan)
    (report.asked, report.kept) = (asked, kept)
    let honest = fresh.compactMap { pair -> PreferencePair? in
      let lead =
        RequestJudge.value(of: pair.chosen, to: pair.question)
        - RequestJudge.value(of: pair.rejected, to: pair.question)
      guard lead != 0 else { return nil }
      return lead > 0
        ? pair
        : PreferencePair(pair.question, chosen: pair.rejected, rejected: pair.chosen)
    }
    report.agreement = model.agreement(with: honest)
    return report
  }
}
