import Attention
import Tensors
import Text

/// Experiments on one set of weights that tell what a thought is good for.
///
/// All of them are greedy, so that nothing but the intervention differs.
public struct ThinkingProbes: Sendable {
  /// How the model is asked.
  public let examination: Examination
  /// The problems.
  public let items: [TaskItem]
  private let model: LanguageModel

  private var alphabet: TaskAlphabet { examination.alphabet }

  /// Prepares experiments with a model.
  public init(
    _ model: LanguageModel, on items: [TaskItem], _ examination: Examination = .init()
  ) {
    self.model = model
    self.items = items
    self.examination = examination
  }

  /// The accuracy when the first token must be `<think>`, and when it must not be.
  ///
  /// The difference is the value of the thought, free of anything that training changed.
  public var forcedModes: (thinking: Double, direct: Double) {
    let greedy = examination.greedyOnly
    return (
      greedy.thinking(true).marks(of: model, on: items).greedyAccuracy,
      greedy.thinking(false).marks(of: model, on: items).greedyAccuracy
    )
  }

  /// The accuracy when a thought is ended after some of its tokens.
  ///
  /// The thought is the model's own. For sums of k digits the last two of its 2k tokens carry
  /// the answer, so that nothing short of them helps.
  public func budgetCurve(_ budgets: [Int]) -> [(budget: Int, accuracy: Double)] {
    let thoughts = examination.thinking(true)
      .responses(of: model, to: items, samples: 1, temperature: 0)
      .map { response -> [Int] in
        let tokens = response[0].response.tokens.dropFirst()
        return Array(tokens.prefix { $0 != alphabet.endThink && $0 != alphabet.end })
      }
    return budgets.map { budget in
      (
        budget,
        accuracy { [alphabet.think] + thoughts[$0].prefix(budget) + [alphabet.endThink] }
      )
    }
  }

  /// The accuracy when every thought is full stops, as many as the right thought has tokens.
  ///
  /// If it is that of guessing, the content of the thought does the work and not the time it
  /// takes.
  public var fillerAccuracy: Double {
    accuracy { index in
      let length = items[index].thought?.utf8.count ?? 0
      return [alphabet.think] + alphabet.encode(String(repeating: ".", count: length))
        + [alphabet.endThink]
    }
  }

  /// What becomes of an answer when one running sum in the middle of the thought is falsified.
  ///
  /// The model goes on from the false sum. `followed` is the share of answers that are what the
  /// false sum leads to, `right` the share that are right all the same.
  public func corruption(seed: UInt64 = 0) -> (followed: Double, right: Double) {
    var generator = SplitMix64(seed: seed)
    let shifts = items.map { _ in 1 + Draw.below(9, using: &generator) }
    let judged = continued { index in
      let thought = Array((items[index].thought ?? "").utf8.map { Int($0) - 48 })
      let middle = thought.count / 4 * 2 + 1
      guard middle < thought.count else { return [alphabet.think] }
      let text = thought[..<middle].map(String.init).joined()
      let falsified = (thought[middle] + shifts[index]) % 10
      return [alphabet.think] + alphabet.encode("\(text)\(falsified)")
    }
    let followed = zip(items.indices, judged).map { $0 }.share { index, response in
      let led = Int(items[index].answer).map { ($0 + shifts[index]) % 10 }
      return led != nil && response.verdict.answer.flatMap { Int($0) } == led
    }
    return (followed, judged.share(where: \.isRight))
  }

  /// One thought against a vote of as many direct answers as cost the same tokens.
  public var voteAtEqualTokens: (votes: Int, consensus: Double, thinking: Double) {
    var direct = examination.thinking(false)
    let thinking = examination.greedyOnly.thinking(true).marks(of: model, on: items)
    let short = direct.greedyOnly.marks(of: model, on: items).greedyShape.length
    direct.samples = max(1, Int((thinking.greedyShape.length / max(short, 1)).rounded()))
    return (
      direct.samples, direct.marks(of: model, on: items).consensus, thinking.greedyAccuracy
    )
  }

  private func accuracy(after beginning: (Int) -> [Int]) -> Double {
    continued(after: beginning).share(where: \.isRight)
  }

  private func continued(after beginning: (Int) -> [Int]) -> [JudgedResponse] {
    examination.responses(
      of: model, to: items, samples: 1, temperature: 0, after: beginning
    ).map { $0[0] }
  }
}
