import Attention
import Checkpoints
import Tensors

/// Decides, step by step, which tokens of which texts go through the model.
///
/// Continuous batching: a text joins at any step and leaves at any step. In a step each text that is
/// being written gives its newest token, and what room is left goes to prompts, in the order in which
/// they came, piece by piece: a long prompt delays the others by one piece at most.
///
/// It has neither threads nor a clock: the same calls give the same bits. Memory is set aside when a
/// text begins, prompt and answer together, so nothing that has begun must ever be interrupted.
public struct Scheduler {
  /// The model.
  public let model: ServedModel
  /// How much is done at once.
  public let limits: EngineLimits
  /// What the engine is set up to do.
  public let options: EngineOptions
  /// What was done so far.
  public private(set) var tally = EngineTally()
  private let layout: CacheLayout
  private let draftLayout: CacheLayout?
  private var waiting: [(id: Int, request: GenerationRequest)] = []
  private var active: [ActiveText] = []
  private var prefixes = PrefixCache()
  private var nextID = 0

  /// Creates a scheduler without work.
  public init(
    _ model: ServedModel, limits: EngineLimits = EngineLimits(),
    options: EngineOptions = EngineOptions()
  ) {
    insist(
      limits.active > 0 && limits.tokensPerStep > 0,
      "Scheduler: \(limits.active) texts and \(limits.tokensPerStep) tokens a step")
    self.model = model
    self.limits = limits
    self.options = options
    layout = model.cacheLayout(options.cache)
    draftLayout = options.speculates ? model.drafter?.cacheLayout(options.cache) : nil
  }

  /// The requests that wait and the texts that are being written.
  public var load: (waiting: Int, active: Int) { (waiting.count, active.count) }
  /// Whether there is nothing to do.
  public var isIdle: Bool { waiting.isEmpty && active.isEmpty }
  /// The tokens that the whole cache holds.
  public var capacity: Int { pageLimit * CacheLayout.pageTokens }
  /// The pages in use, set aside or kept for texts to come.
  public var pages: (used: Int, limit: Int) { (reserved + prefixes.count, pageLimit) }

  private var pageLimit: Int { limits.cacheBytes / (layout.bytesPerPage + draftBytes) }
  private var draftBytes: Int { draftLayout?.bytesPerPage ?? 0 }
  private var reserved: Int { active.reduce(0) { $0 + $1.pages } }

  // MARK: Taking requests

  /// Takes a request, or says why not.
  /// - Returns: the number under which its events are told.
  public mutating func submit(_ request: GenerationRequest) throws(Refusal) -> Int {
    let context = model.configuration.maximumPositions
    guard !request.prompt.isEmpty else { throw .emptyPrompt }
    let vocabulary = model.configuration.vocabularySize
    for token in request.prompt where !(0..<vocabulary).contains(token) {
      throw .unknownToken(token, vocabulary: vocabulary)
    }
    guard request.prompt.count <= context else {
      throw .tooLong(tokens: request.prompt.count, context: context)
    }
    let needed = request.prompt.count + room(for: request)
    guard needed <= capacity else { throw .tooLarge(tokens: needed, cache: capacity) }
    guard waiting.count < limits.waiting else { throw .queueFull(waiting: waiting.count) }
    nextID += 1
    waiting.append((nextID, request))
    return nextID
  }

  /// Stops a request, wherever it is; one that has ended already is no mistake.
  public mutating func cancel(_ id: Int) {
    waiting.removeAll { $0.id == id }
    for text in active where text.id == id { keep(text) }
    active.removeAll { $0.id == id }
    prefixes.shrink(to: pageLimit - reserved)
  }

  /// The tokens that a request may add: the last one is never read, so it needs no position.
  private func room(for request: GenerationRequest) -> Int {
    let left = model.configuration.maximumPositions - request.prompt.count + 1
    return max(1, min(request.maximumTokens, left))
  }

  // snippet.admit
  /// Begins the requests for which there is room, in the order in which they came.
  private mutating func admit() -> [(id: Int, event: GenerationEvent)] {
    var events: [(id: Int, event: GenerationEvent)] = []
    while active.count < limits.active, let (id, request) = waiting.first {
      let room = room(for: request)
      let pages = layout.pages(for: request.prompt.count + room)
      guard reserved + pages <= pageLimit else { break }
      waiting.removeFirst()
      let known = options.sharesPrefixes ? prefixes.pages(for: request.prompt) : []
      prefixes.shrink(to: pageLimit - reserved - pages)
      let text = ActiveText(
        id: id, request, cache: SequenceCache(layout, sharing: known), pages: pages, room: room,
        draftLayout: draftLayout)
      active.append(text)
      tally.cachedTokens += text.cache.length
      tally.promptTokens += request.prompt.count
      events.append((id, .started(cachedTokens: text.cache.length)))
    }
    return events
  }
  // snippet.end

  /// Keeps what was read of a text for texts to come.
  private mutating func keep(_ text: ActiveText) {
    guard options.sharesPrefixes else { return }
    prefixes.insert(text.cache.fullPages, of: Array(text.text.prefix(text.cache.length)))
  }

  // MARK: A step

  // snippet.step
  /// Takes one step: one trip through the model for all texts, and what follows from it.
  public mutating func step() -> [(id: Int, event: GenerationEvent)] {
    var events = admit()
    let plan = plan()
    guard !plan.isEmpty else { return events }
    let spans = plan.map { Span(cache: active[$0.text].cache, tokens: $0.tokens) }
    let hidden = model.hidden(spans)
    tally.steps += 1
    tally.rows += hidden.rows
    let written = write(plan, hidden)
    events += written
    if draftLayout != nil { draft(plan, hidden) }
    retire(written)
    return events
  }
  // snippet.end

  /// The texts that take part in a step, those that write first, and their tokens.
  private func plan() -> [(text: Int, tokens: [Int])] {
    let writing = active.indices.filter { active[$0].unread.count == 1 }
    let reading = active.indices.filter { active[$0].unread.count > 1 }
    var plan = writing.map { (text: $0, tokens: active[$0].nextTokens(within: 1)) }
    var budget = limits.tokensPerStep - plan.reduce(0) { $0 + $1.tokens.count }
    for text in reading where budget > 0 {
      let tokens = active[text].nextTokens(within: budget)
      budget -= tokens.count
      plan.append((text, tokens))
    }
    return plan
  }

  /// Lets every text that has been read to its end write.
  private mutating func write(
    _ plan: [(text: Int, tokens: [Int])], _ hidden: Tensor
  ) -> [(id: Int, event: GenerationEvent)] {
    var rows: [Int] = []
    var writers: [(text: Int, count: Int)] = []
    var end = 0
    for (text, tokens) in plan {
      end += tokens.count
      let count = active[text].cache.length - active[text].text.count + 1
      guard count > 0 else { continue }
      rows += end - count..<end
      writers.append((text, count))
    }
    guard !rows.isEmpty else { return [] }
    let logits = model.logits(hidden.gathered(at: rows))
    var first = 0
    return writers.flatMap { text, count in
      let own = (first..<first + count).map { logits.rows($0..<$0 + 1).scalars }
      first += count
      tally.passes += 1
      let before = active[text].written
      if before == 0 { keep(active[text]) }
      let events = active[text].write(own)
      let added = active[text].written - before
      tally.writtenTokens += added
      if count > 1 {
        tally.drafts += 1
        if added == 2 { tally.acceptedDrafts += 1 }
      }
      return events.map { (active[text].id, $0) }
    }
  }

  /// Lets the drafting module read the rows whose next token is certain now.
  private mutating func draft(_ plan: [(text: Int, tokens: [Int])], _ hidden: Tensor) {
    var (rows, spans): ([Int], [Span]) = ([], [])
    var drafters: [(text: Int, row: Int)] = []
    var first = 0
    for (index, tokens) in plan {
      defer { first += tokens.count }
      let text = active[index]
      guard let cache = text.draftCache, text.wantsDraft else { continue }
      // A row counts once the token behind it is known; rows of a rejected draft are gone.
      let place = cache.position
      let known = min(text.cache.length, text.text.count - 1) - place
      guard known > 0 else { continue }
      rows += first..<first + known
      spans.append(Span(cache: cache, tokens: Array(text.text[place + 1...place + known])))
      if text.unread.count == 1 { drafters.append((index, rows.count - 1)) }
    }
    guard !rows.isEmpty, let output = model.drafted(hidden.gathered(at: rows), spans),
      !drafters.isEmpty
    else { return }
    let logits = model.logits(output.gathered(at: drafters.map(\.row)))
    for (row, drafter) in drafters.enumerated() {
      active[drafter.text].takeDraft(logits.rows(row..<row + 1).scalars)
    }
  }

  /// Lets go of the texts that have ended.
  private mutating func retire(_ events: [(id: Int, event: GenerationEvent)]) {
    let ended = Set(
      events.compactMap { id, event -> Int? in
        if case .finished = event { id } else { nil }
      })
    for text in active where ended.contains(text.id) { keep(text) }
    active.removeAll { ended.contains($0.id) }
    prefixes.shrink(to: pageLimit - reserved)
  }
}
