import Attention
import Tensors
import Text

/// What a model did with a set of problems: once greedily, and several times by chance.
public struct Marks: Sendable, Equatable {
  /// The likeliest response to each problem.
  public let greedy: [JudgedResponse]
  /// Sampled responses to each problem; none where only the greedy ones were asked for.
  public let samples: [[JudgedResponse]]
  private let items: [TaskItem]

  /// Joins the responses to some problems.
  public init(items: [TaskItem], greedy: [JudgedResponse], samples: [[JudgedResponse]]) {
    insist(
      greedy.count == items.count && samples.count == items.count,
      "Marks: \(items.count) problems with \(greedy.count) and \(samples.count) responses")
    self.items = items
    self.greedy = greedy
    self.samples = samples
  }

  /// The share of problems whose greedy answer is right.
  public var greedyAccuracy: Double { greedy.share(where: \.isRight) }

  /// An interval for that share.
  public var greedyInterval: ShareInterval {
    .wilson(greedy.count(where: \.isRight), of: greedy.count)
  }

  /// pass@k: the mean over the problems of the chance that one of k samples is right.
  public func pass(at k: Int) -> Double {
    samples.mean {
      PassRate.atLeastOne(of: k, right: $0.count(where: \.isRight), among: $0.count)
    }
  }

  /// cons@n: the mean over the problems of the chance that the samples' commonest answer is
  /// right.
  public var consensus: Double {
    zip(items, samples).map { $0 }.mean { item, samples in
      PassRate.consensus(of: samples.map { $0.verdict.answer.map(item.kind.canonical) }) {
        item.judge($0)
      }
    }
  }

  /// 1 for each problem whose greedy answer is right, 0 for the others: for paired comparisons.
  public var greedyScores: [Double] { greedy.map { $0.isRight ? 1 : 0 } }

  /// What the greedy responses look like.
  public var greedyShape: ResponseShape { ResponseShape(greedy) }

  /// What the sampled responses look like.
  public var sampledShape: ResponseShape { ResponseShape(samples.flatMap { $0 }) }
}

/// How long responses are and whether their form is right; right and wrong ones apart.
///
/// A division by the length of a response makes wrong ones grow; only the two lengths apart
/// show it.
public struct ResponseShape: Sendable, Equatable {
  /// The mean number of tokens, the end token among them.
  public let length: Double
  /// The same of those with a right answer; 0 if there is none.
  public let rightLength: Double
  /// The same of those without one.
  public let wrongLength: Double
  /// The share with an answer where it belongs.
  public let valid: Double
  /// The share that thinks, in the right form.
  public let thinking: Double
  /// The share that the budget cut short.
  public let truncated: Double

  /// Measures responses.
  public init(_ responses: [JudgedResponse]) {
    length = responses.mean { Double($0.response.length) }
    rightLength = responses.filter(\.isRight).mean { Double($0.response.length) }
    wrongLength = responses.filter { !$0.isRight }.mean { Double($0.response.length) }
    valid = responses.share(where: \.verdict.isValid)
    thinking = responses.share(where: \.verdict.isThinking)
    truncated = responses.share(where: \.response.isTruncated)
  }
}

/// How a model is examined.
public struct Examination: Sendable, Equatable {
  /// The tokens.
  public var alphabet: TaskAlphabet
  /// The most tokens of a response.
  public var budget: Int
  /// The samples for each problem; with none only the greedy responses are made.
  public var samples: Int
  /// T of the samples.
  public var temperature: Double
  /// What is known of the first token.
  public var firstToken = Rollout.FirstToken.free
  /// The seed of the samples.
  public var seed: UInt64

  /// Describes an examination.
  public init(
    alphabet: TaskAlphabet = .standard, budget: Int = 40, samples: Int = 16,
    temperature: Double = 1, seed: UInt64 = 0
  ) {
    self.alphabet = alphabet
    self.budget = budget
    self.samples = samples
    self.temperature = temperature
    self.seed = seed
  }

  /// The same with the likeliest responses alone.
  public var greedyOnly: Examination {
    var copy = self
    copy.samples = 0
    return copy
  }

  /// The same with a first token that thinks, or does not.
  public func thinking(_ thinks: Bool) -> Examination {
    var copy = self
    copy.firstToken = thinks ? .forced(alphabet.think) : .forbidden(alphabet.think)
    return copy
  }

  /// Lets a model answer problems, all of them side by side.
  public func marks(of model: LanguageModel, on items: [TaskItem]) -> Marks {
    let greedy = responses(of: model, to: items, samples: 1, temperature: 0).map { $0[0] }
    let sampled =
      samples == 0
      ? items.map { _ in [] }
      : responses(of: model, to: items, samples: samples, temperature: temperature)
    return Marks(items: items, greedy: greedy, samples: sampled)
  }

  /// Responses to problems, each problem continued by the tokens that `after` gives.
  ///
  /// Those tokens count as the model's own: they are the beginning of its response.
  func responses(
    of model: LanguageModel, to items: [TaskItem], samples: Int, temperature: Double,
    after beginning: (Int) -> [Int] = { _ in [] }
  ) -> [[JudgedResponse]] {
    let rollout = Rollout(
      samples: samples, budget: budget, stops: [alphabet.end], temperature: temperature,
      firstToken: firstToken)
    let beginnings = items.indices.map(beginning)
    let prompts = zip(items, beginnings).map { alphabet.prompt($0.prompt) + $1 }
    let responses = model.responses(to: prompts, rollout, seed: seed)
    return items.indices.map { index in
      responses[index].map { response in
        let whole = Response(
          tokens: beginnings[index] + response.tokens,
          logProbabilities: beginnings[index].map { _ in 0 } + response.logProbabilities,
          isTruncated: response.isTruncated)
        return JudgedResponse(whole, to: items[index], in: alphabet)
      }
    }
  }
}

extension Collection {
  /// The mean of a number; 0 of nothing.
  func mean(_ number: (Element) -> Double) -> Double {
    isEmpty ? 0 : reduce(0) { $0 + number($1) } / Double(count)
  }

  /// The share of elements with a property; 0 of nothing.
  func share(where isCounted: (Element) -> Bool) -> Double { mean { isCounted($0) ? 1 : 0 } }
}

extension TaskKind {
  /// An answer in the form that equal answers share: numbers without leading zeros.
  func canonical(_ answer: String) -> String {
    switch self {
    case .sorting, .copying, .reversal: return answer
    default:
      let digits = answer.drop { $0 == "0" }
      return digits.isEmpty && !answer.isEmpty ? "0" : String(digits)
    }
  }
}
