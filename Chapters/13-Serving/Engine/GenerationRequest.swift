import Attention

/// A text to be continued.
public struct GenerationRequest: Sendable, Equatable {
  /// The tokens to continue; at least one.
  public var prompt: [Int]
  /// The most tokens to add.
  public var maximumTokens: Int
  /// How a token is chosen.
  public var sampling: Sampling
  /// The seed of the draws.
  public var seed: UInt64
  /// Tokens that end the text; the token itself is not part of it.
  public var stops: Set<Int>

  /// Creates a request.
  public init(
    prompt: [Int], maximumTokens: Int, sampling: Sampling = .greedy, seed: UInt64 = 0,
    stops: Set<Int> = []
  ) {
    self.prompt = prompt
    self.maximumTokens = maximumTokens
    self.sampling = sampling
    self.seed = seed
    self.stops = stops
  }
}

/// What happens to a request.
public enum GenerationEvent: Sendable, Equatable {
  /// The prompt has been taken up; so many of its tokens were known already.
  case started(cachedTokens: Int)
  /// The next token.
  case token(Int)
  /// The end.
  case finished(FinishReason)
  /// The request was not taken.
  case refused(Refusal)
}

/// Why a text ended.
public enum FinishReason: Sendable, Equatable {
  /// A stop token came.
  case stop
  /// The most tokens were reached, or the end of the context.
  case length
  /// Whoever asked has gone.
  case cancelled
}

/// Why a request is not taken.
public enum Refusal: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no token from which to go on.
  case emptyPrompt
  /// A token that the model does not know.
  case unknownToken(Int, vocabulary: Int)
  /// The prompt leaves no room in the context.
  case tooLong(tokens: Int, context: Int)
  /// Prompt and answer would not fit into the whole cache.
  case tooLarge(tokens: Int, cache: Int)
  /// Too many requests wait already.
  case queueFull(waiting: Int)
  /// The engine finishes what it has and takes nothing new.
  case closed

  /// One sentence.
  public var description: String {
    switch self {
    case .emptyPrompt: "The prompt is empty; give at least one token to continue."
    case .unknownToken(let token, let vocabulary):
      "Token \(token) is not one of the model's \(vocabulary) tokens."
    case .tooLong(let tokens, let context):
      "The prompt has \(tokens) tokens, but the model's context holds \(context)."
    case .tooLarge(let tokens, let cache):
      "Prompt and answer take up to \(tokens) tokens, but the cache of the server holds \(cache)."
    case .queueFull(let waiting):
      "\(waiting) requests are waiting already; try again in a moment."
    case .closed: "The server is being shut down."
    }
  }
}

/// How much an engine does at once.
public struct EngineLimits: Sendable, Equatable {
  /// The most texts that are written together.
  public var active: Int
  /// The most requests that wait.
  public var waiting: Int
  /// The most tokens that go through the model in one step: long prompts are read in pieces.
  public var tokensPerStep: Int
  /// The memory of the cache, in bytes.
  public var cacheBytes: Int

  /// Creates limits.
  public init(
    active: Int = 16, waiting: Int = 256, tokensPerStep: Int = 128, cacheBytes: Int = 256 << 20
  ) {
    self.active = active
    self.waiting = waiting
    self.tokensPerStep = tokensPerStep
    self.cacheBytes = cacheBytes
  }
}

/// What an engine is set up to do, beside its limits.
public struct EngineOptions: Sendable, Equatable {
  /// How the cache keeps its numbers.
  public var cache: CacheFormat
  /// Whether texts that begin alike share what was read of their beginning.
  public var sharesPrefixes: Bool
  /// Whether the model's first prediction module drafts a token for each text and step.
  public var speculates: Bool

  /// Creates options.
  public init(cache: CacheFormat = .bf16, sharesPrefixes: Bool = true, speculates: Bool = false)
  {
    self.cache = cache
    self.sharesPrefixes = sharesPrefixes
    self.speculates = speculates
  }
}
