import Tensors

/// Two answers to a request, of which one was liked better.
public struct PreferencePair: Sendable, Equatable {
  /// What was asked.
  public let question: Question
  /// The answer that was liked better, and the other.
  public let chosen, rejected: String

  /// Describes a pair.
  public init(_ question: Question, chosen: String, rejected: String) {
    self.question = question
    self.chosen = chosen
    self.rejected = rejected
  }
}

/// People, or a model in their place, who compare two answers: noisy, and with habits.
///
/// Each pair is judged four times with the answers in a random order, and kept only if the mean
/// difference is more than 1. Paper: DeepSeek-R1 (Nature), supplement B.3.1.
public struct Annotators: Codable, Sendable, Equatable {
  /// How often a pair is judged.
  public var votes = 4
  /// The deviation of one judgement.
  public var noise = 0.5
  /// What standing first is worth; a random order of the answers takes it out of the mean.
  public var firstBonus = 0.5
  /// What one more word is worth, right or wrong: the flaw that hacking exploits.
  public var lengthTaste = 0.0
  /// The mean difference that a pair must exceed.
  public var margin = 1.0

  /// Honest annotators.
  public init() {}

  /// Annotators who take length for quality.
  public static let tiredOnes: Annotators = {
    var people = Annotators()
    people.lengthTaste = 1.5
    return people
  }()

  /// The mean difference between two answers in the annotators' eyes.
  func difference(
    _ a: String, _ b: String, to question: Question,
    using generator: inout some RandomNumberGenerator
  ) -> Double {
    let truth =
      RequestJudge.value(of: a, to: question) - RequestJudge.value(of: b, to: question)
      + lengthTaste * Double(a.utf8.count - b.utf8.count)
    return (0..<votes).map { _ in
      let place = generator.uniform() < 0.5 ? firstBonus : -firstBonus
      return truth + place + noise * generator.normal()
    }.average { $0 }
  }

  /// Compares two answers; nil if they are too much alike.
  public func pair(
    _ a: String, _ b: String, to question: Question,
    using generator: inout some RandomNumberGenerator
  ) -> PreferencePair? {
    let difference = difference(a, b, to: question, using: &generator)
    guard abs(difference) > margin else { return nil }
    return difference > 0
      ? PreferencePair(question, chosen: a, rejected: b)
      : PreferencePair(question, chosen: b, rejected: a)
  }
}

extension [PreferencePair] {
  /// The pairs of which, for each difference in length, as many were won by the longer answer as
  /// by the shorter one: length alone then tells nothing.
  ///
  /// The first ones are kept, in their order. Paper: DeepSeek-R1 (Nature), supplement B.3.1.
  public var lengthMatched: [PreferencePair] {
    func longer(_ pair: PreferencePair) -> Int {
      pair.chosen.utf8.count - pair.rejected.utf8.count
    }
    let counts = Dictionary(grouping: self, by: longer).mapValues(\.count)
    var left = counts.mapValues { $0 }
    for (difference, count) in counts {
      left[difference] = difference == 0 ? count : Swift.min(count, counts[-difference] ?? 0)
    }
    return filter { pair in
      let difference = longer(pair)
      guard let rest = left[difference], rest > 0 else { return false }
      left[difference] = rest - 1
      return true
    }
  }
}
