import Tensors

/// How a policy is asked for responses.
public struct Rollout: Sendable, Equatable {
  /// What is known of the first token before it is drawn.
  public enum FirstToken: Sendable, Equatable {
    /// Nothing: the policy chooses.
    case free
    /// It is this one, as when a model is made to think.
    case forced(Int)
    /// It is any but this one, as when a model is kept from thinking.
    case forbidden(Int)
  }

  /// G, the responses to each prompt.
  public var samples: Int
  /// The most tokens of a response.
  public var budget: Int
  /// The tokens after which a response ends; the token itself belongs to it.
  public var stops: Set<Int>
  /// What the logits are divided by; 0 takes the likeliest token every time.
  ///
  /// The recorded log-probabilities are those at this temperature, or at 1 when it is 0.
  public var temperature: Double
  /// What the first token may be; anything but `.free` is for evaluation.
  ///
  /// The recorded log-probability is the policy's own, as if it had been free.
  public var firstToken: FirstToken

  /// Describes a rollout.
  public init(
    samples: Int, budget: Int, stops: Set<Int>, temperature: Double = 1,
    firstToken: FirstToken = .free
  ) {
    insist(
      samples > 0 && budget > 0,
      "Rollout: \(samples) samples of at most \(budget) tokens; both must be positive")
    insist(temperature >= 0, "Rollout: the temperature \(temperature) must not be negative")
    self.samples = samples
    self.budget = budget
    self.stops = stops
    self.temperature = temperature
    self.firstToken = firstToken
  }

  /// One response to each prompt, made of the likeliest tokens.
  public static func greedy(budget: Int, stops: Set<Int>) -> Rollout {
    Rollout(samples: 1, budget: budget, stops: stops, temperature: 0)
  }

  /// The rows that are sampled together on one thread, whatever the number of threads.
  static let rowsTogether = 32
}
