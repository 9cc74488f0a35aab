import Attention
import Checkpoints
import MTP
import Serving
import Tensors
import TestSupport
import Testing

/// What a scheduler tells of each request.
struct Told {
  var cached: [Int: Int] = [:]
  var tokens: [Int: [Int]] = [:]
  var reasons: [Int: FinishReason] = [:]

  mutating func take(_ events: [(id: Int, event: GenerationEvent)]) {
    for (id, event) in events {
      switch event {
      case .started(let count): cached[id] = count
      case .token(let token): tokens[id, default: []].append(token)
      case .finished(let reason): reasons[id] = reason
      case .refused: break
      }
    }
  }
}

extension Scheduler {
  /// Works until there is nothing to do.
  mutating func finish() -> Told {
    var told = Told()
    while !isIdle { told.take(step()) }
    return told
  }

  /// The tokens of requests that are handed over at once.
  mutating func tokens(_ requests: [GenerationRequest]) throws -> [[Int]] {
    let ids = try requests.map { try submit($0) }
    let told = finish()
    return ids.map { told.tokens[$0] ?? [] }
  }
}

@Suite struct `Continuous batching` {
  private let small = EngineOptions(cache: .fp32, sharesPrefixes: false)

  private func requests(_ kind: Kind) -> [GenerationRequest] {
    let vocabulary = kind.configuration.vocabularySize
    return (0..<7).map { index in
      GenerationRequest(
        prompt: testTokens(3 + 5 * index, below: vocabulary, seed: UInt64(index)),
        maximumTokens: 12 + index,
        sampling: index % 2 == 0 ? .greedy : Sampling(temperature: 0.9, topP: 0.95),
        seed: UInt64(index))
    }
  }

  @Test(arguments: Kind.allCases)
  func `writes what decoding by chapters 2 to 5 writes`(_ kind: Kind) throws {
    let model = kind.model
    let served = ServedModel(kind.configuration, .fp32, of: model)
    for request in requests(kind) {
      let plain = model.language.generate(
        [request.prompt], count: request.maximumTokens, sampling: request.sampling,
        seed: request.seed)
      var scheduler = Scheduler(served, options: small)
      #expect(try scheduler.tokens([request]) == plain)
    }
  }

  // snippet.alone
  @Test(arguments: Kind.allCases)
  func `writes the same tokens for a text alone and among others`(_ kind: Kind) throws {
    let served = ServedModel(kind.configuration, .int8, of: kind.model)
    let requests = requests(kind)
    let alone = try requests.map { request in
      var scheduler = Scheduler(served, options: small)
      return try scheduler.tokens([request])[0]
    }
    for (active, tokens) in [(16, 256), (3, 9), (7, 5), (1, 1)] {
      let limits = EngineLimits(active: active, tokensPerStep: tokens)
      var scheduler = Scheduler(served, limits: limits, options: small)
      #expect(try scheduler.tokens(requests) == alone, "\(active) texts, \(tokens) tokens")
    }
  }
  // snippet.end

  @Test func `takes in a text while others are being written`() throws {
    let served = ServedModel(.latent(), .fp32, of: Kind.latent.model)
    let requests = requests(.latent)
    var alone = Scheduler(served, options: small)
    let expected = try alone.tokens([requests[5]])[0]
    var scheduler = Scheduler(served, options: small)
    _ = try scheduler.submit(requests[0])
    _ = try scheduler.submit(requests[1])
    var told = Told()
    for _ in 0..<4 { told.take(scheduler.step()) }
    let late = try scheduler.submit(requests[5])
    while !scheduler.isIdle { told.take(scheduler.step()) }
    #expect(told.tokens[late] == expected)
  }

  @Test func `lets a long prompt delay the others by one piece, not by all of it`() throws {
    let served = ServedModel(.latent(), .fp32, of: Kind.latent.model)
    let limits = EngineLimits(active: 4, tokensPerStep: 8)
    var scheduler = Scheduler(served, limits: limits, options: small)
    let writer = try scheduler.submit(GenerationRequest(prompt: [1, 2], maximumTokens: 20))
    _ = scheduler.step()
    let reader = try scheduler.submit(
      GenerationRequest(prompt: testTokens(50, below: 256), maximumTokens: 3))
    var steps = 0
    var told = Told()
    while told.tokens[reader] == nil {
      let events = scheduler.step()
      told.take(events)
      steps += 1
      #expect(events.contains { $0.id == writer && $0.event != .finished(.length) })
    }
    #expect(steps == 8, "50 tokens, of which a step reads 7 beside the writer's one")
  }

  @Test func `ends at a stop token, at the limit, and at the end of the context`() throws {
    let served = ServedModel(.latent(), .fp32, of: Kind.latent.model)
    var scheduler = Scheduler(served, options: small)
    let prompt = testTokens(4, below: 256)
    let all = try scheduler.tokens([GenerationRequest(prompt: prompt, maximumTokens: 9)])[0]
    let stop = all[5]
    let first = try #require(all.firstIndex(of: stop))
    let stopped = try scheduler.submit(
      GenerationRequest(prompt: prompt, maximumTokens: 9, stops: [stop]))
    let full = try scheduler.submit(
      GenerationRequest(prompt: testTokens(90, below: 256), maximumTokens: 50))
    let told = scheduler.finish()
    #expect(told.tokens[stopped] ?? [] == Array(all[..<first]), "the stop token is not told")
    #expect(told.reasons[stopped] == .stop && told.reasons[full] == .length)
    #expect(told.tokens[full]?.count == 7, "96 places, and a last token that is never read")
  }

  @Test func `refuses what it could never write, and says why`() throws {
    let served = ServedModel(.latent(), .fp32, of: Kind.latent.model)
    let layout = served.cacheLayout(.fp32)
    let limits = EngineLimits(waiting: 2, cacheBytes: 3 * layout.bytesPerPage)
    var scheduler = Scheduler(served, limits: limits, options: small)
    #expect(throws: Refusal.emptyPrompt) {
      try scheduler.submit(GenerationRequest(prompt: [], maximumTokens: 1))
    }
    #expect(throws: Refusal.unknownToken(256, vocabulary: 256)) {
      try scheduler.submit(GenerationRequest(prompt: [1, 256], maximumTokens: 1))
    }
    #expect(throws: Refusal.tooLong(tokens: 97, context: 96)) {
      try scheduler.submit(
        GenerationRequest(prompt: [Int](repeating: 1, count: 97), maximumTokens: 1))
    }
    #expect(throws: Refusal.tooLarge(tokens: 50, cache: 48)) {
      try scheduler.submit(GenerationRequest(prompt: [1, 2], maximumTokens: 48))
    }
    for _ in 0..<2 {
      _ = try scheduler.submit(GenerationRequest(prompt: [1], maximumTokens: 1))
    }
    #expect(throws: Refusal.queueFull(waiting: 2)) {
      try scheduler.submit(GenerationRequest(prompt: [1], maximumTokens: 1))
    }
  }

  @Test func `sets memory aside before it begins, so that nothing runs out of it`() throws {
    let served = ServedModel(.latent(), .fp32, of: Kind.latent.model)
    let layout = served.cacheLayout(.fp32)
    let limits = EngineLimits(active: 16, cacheBytes: 5 * layout.bytesPerPage)
    var scheduler = Scheduler(
      served, limits: limits, options: EngineOptions(cache: .fp32, sharesPrefixes: true))
    let ids = try (0..<6).map {
      try scheduler.submit(GenerationRequest(prompt: [1, 2, 3 + $0], maximumTokens: 25))
    }
    var told = Told()
    while !scheduler.isIdle {
      told.take(scheduler.step())
      #expect(scheduler.load.active <= 2, "two pages each")
      #expect(scheduler.pages.used <= scheduler.pages.limit)
    }
    #expect(ids.allSatisfy { told.tokens[$0]?.count == 25 })
  }

  @Test func `lets go of a request wherever it is`() throws {
    let served = ServedModel(.latent(), .fp32, of: Kind.latent.model)
    var scheduler = Scheduler(
      served, limits: EngineLimits(active: 1), options: EngineOptions(cache: .fp32))
    let first = try scheduler.submit(GenerationRequest(prompt: [1], maximumTokens: 50))
    let second = try scheduler.submit(GenerationRequest(prompt: [2], maximumTokens: 50))
    let third = try scheduler.submit(GenerationRequest(prompt: [3], maximumTokens: 2))
    _ = scheduler.step()
    scheduler.cancel(first)
    scheduler.cancel(second)
    scheduler.cancel(99)
    let told = scheduler.finish()
    #expect(told.reasons == [third: .length])
  }
}

@Suite struct `A shared beginning` {
  @Test(arguments: Kind.allCases)
  func `is read once and changes no bit`(_ kind: Kind) throws {
    let served = ServedModel(kind.configuration, .int8, of: kind.model)
    let system = testTokens(37, below: kind.configuration.vocabularySize)
    let requests = (0..<3).map {
      GenerationRequest(
        prompt: system + [$0, 5], maximumTokens: 10, sampling: Sampling(temperature: 1),
        seed: UInt64($0))
    }
    let expected = try requests.map { request in
      var fresh = Scheduler(served, options: EngineOptions(sharesPrefixes: false))
      return try fresh.tokens([request])[0]
    }
    var scheduler = Scheduler(served)
    var told = Told()
    let ids = try requests.map { request in
      let id = try scheduler.submit(request)
      while !scheduler.isIdle { told.take(scheduler.step()) }
      return id
    }
    #expect(ids.map { told.tokens[$0] } == expected.map(Optional.some))
    #expect(ids.map { told.cached[$0] } == [0, 32, 32], "two full pages of sixteen")
    #expect(scheduler.tally.cachedTokens == 64 && scheduler.tally.promptTokens == 117)
  }

  @Test func `is shared by texts that come while the first is still being written`() throws {
    let served = ServedModel(.latent(), .fp32, of: Kind.latent.model)
    let prompt = testTokens(40, below: 256)
    var scheduler = Scheduler(served)
    var told = Told()
    _ = try scheduler.submit(GenerationRequest(prompt: prompt, maximumTokens: 30))
    told.take(scheduler.step())
    let second = try scheduler.submit(GenerationRequest(prompt: prompt, maximumTokens: 2))
    told.take(scheduler.step())
    #expect(told.cached[second] == 32)
  }

  @Test func `leaves one token to be read, and reaches over an answer`() throws {
    let served = ServedModel(.latent(), .fp32, of: Kind.latent.model)
    var scheduler = Scheduler(served)
    let prompt = testTokens(32, below: 256)
    let answer = try scheduler.tokens([GenerationRequest(prompt: prompt, maximumTokens: 20)])[0]
    var told = Told()
    let again = try scheduler.submit(GenerationRequest(prompt: prompt, maximumTokens: 1))
    let next = try scheduler.submit(
      GenerationRequest(prompt: prompt + answer + [9], maximumTokens: 1))
    while !scheduler.isIdle { told.take(scheduler.step()) }
    #expect(told.cached[again] == 16, "the second page would leave nothing to read")
    #expect(told.cached[next] == 48, "of 51 tokens whose rows were kept")
  }

  @Test func `goes when room is needed, the oldest first`() throws {
    let served = ServedModel(.latent(), .fp32, of: Kind.latent.model)
    let page = served.cacheLayout(.bf16).bytesPerPage
    var scheduler = Scheduler(served, limits: EngineLimits(cacheBytes: 6 * page))
    let texts = (0..<3).map { testTokens(33, below: 256, seed: UInt64($0)) }
    for text in texts + [texts[1]] {
      _ = try scheduler.tokens([GenerationRequest(prompt: text, maximumTokens: 1)])
    }
    var told = Told()
    let ids = try [texts[1], texts[2], texts[0]].map { text in
      let id = try scheduler.submit(GenerationRequest(prompt: text, maximumTokens: 1))
      while !scheduler.isIdle { told.take(scheduler.step()) }
      return id
    }
    #expect(told.cached[ids[0]] == 32, "used last")
    #expect(told.cached[ids[2]] == 0, "used longest ago")
  }
}
