import Attention
import RL
import Tensors

/// What more time for an answer is worth to one set of weights: more samples, or longer thoughts.
public struct TestTimeResult: Codable, Sendable, Equatable {
  /// k of several samples.
  public struct Vote: Codable, Sendable, Equatable {
    /// The samples.
    public let samples: Int
    /// pass@k and cons@k, without bias.
    public let pass, consensus: Double
    /// The tokens of k samples.
    public let tokens: Double
  }

  /// A thought of another length.
  public struct Budget: Codable, Sendable, Equatable {
    /// The tokens after which thoughts were cut, or the times that they were sent on.
    public let limit: Int
    /// How it turned out.
    public let marks: BudgetForcing.Marks
  }

  /// The sums of one size.
  public struct Size: Codable, Sendable, Equatable {
    /// The digits of the sums.
    public let digits: Int
    /// The sums, none of which training saw.
    public let problems: Int
    /// Sampled thoughts, and sampled answers without a thought.
    public let votes: [Vote], direct: [Vote]
    /// Thoughts that were cut, the shortest first.
    public let cuts: [Budget]
    /// Thoughts that were sent on, from none to some times.
    public let waits: [Budget]
  }

  /// The sizes.
  public let sizes: [Size]

  /// Asks a model in every way.
  /// - Parameters:
  ///   - samples: the samples of which k are taken.
  ///   - waits: the most times that a thought is sent on.
  public init(
    of model: LanguageModel, sizes: ClosedRange<Int>, problems: Int, samples: Int = 16,
    waits: Int = 2, seed: UInt64 = 0, alphabet: TaskAlphabet = .bilingual
  ) {
    self.sizes = sizes.map { digits in
      let questions = QuestionMix.heldOut(.sum, size: digits, count: problems)
      func votes(_ first: Rollout.FirstToken) -> [Vote] {
        let rollout = Rollout(
          samples: samples, budget: 40, stops: [alphabet.end], firstToken: first)
        let replies = model.replies(to: questions, rollout, seed: seed, in: alphabet)
        return Self.votes(replies)
      }
      let forcing = BudgetForcing(model, on: questions, budget: 32, alphabet: alphabet)
      let thoughts = forcing.thoughts
      return Size(
        digits: digits, problems: questions.count,
        votes: votes(.forced(alphabet.think)), direct: votes(.forbidden(alphabet.think)),
        cuts: (0...digits + 1).map {
          Budget(limit: 2 * $0, marks: forcing.cut(thoughts, to: 2 * $0))
        },
        waits: (0...waits).map {
          Budget(limit: $0, marks: forcing.waiting(thoughts, times: $0))
        })
    }
  }

  /// pass@k and cons@k for the powers of two.
  static func votes(_ replies: [[JudgedReply]]) -> [Vote] {
    let count = replies.first?.count ?? 0
    let length = replies.flatMap { $0 }.average { Double($0.response.length) }
    return sequence(first: 1) { $0 * 2 <= count ? $0 * 2 : nil }.map { k in
      Vote(
        samples: k,
        pass: replies.average {
          PassRate.atLeastOne(of: k, right: $0.count(where: \.isRight), among: $0.count)
        },
        consensus: replies.average { all in
          PassRate.consensus(of: all.map(\.verdict.answer), taking: k) {
            all[0].question.judge($0)
          }
        }, tokens: Double(k) * length)
    }
  }
}
