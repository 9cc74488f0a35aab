import Attention
import MTP
import Tensors

/// A text that is being read and written.
struct ActiveText {
  /// The number under which it was taken.
  let id: Int
  let request: GenerationRequest
  /// The prompt, and what was written.
  private(set) var text: [Int]
  let cache: SequenceCache
  /// The pages that were set aside for it.
  let pages: Int
  /// What the drafting module keeps of the text, from where this engine began to read it.
  let draftCache: SequenceCache?
  /// A token that may come next, and the law it was drawn from.
  var draft: (token: Int, law: TokenLaw)?
  /// The most tokens to write, as the context allows.
  private let room: Int
  private var generator: SplitMix64

  init(
    id: Int, _ request: GenerationRequest, cache: SequenceCache, pages: Int, room: Int,
    draftLayout: CacheLayout?
  ) {
    self.id = id
    self.request = request
    self.cache = cache
    self.pages = pages
    self.room = room
    text = request.prompt
    draftCache = draftLayout.map { SequenceCache($0, from: cache.length) }
    generator = SplitMix64(seed: request.seed).branch(0)
  }

  /// The tokens that were written.
  var written: Int { text.count - request.prompt.count }
  /// The tokens that the model has yet to read.
  var unread: ArraySlice<Int> { text[cache.length...] }
  /// Whether a draft can still be of use: the token behind it is written too.
  var wantsDraft: Bool { draftCache != nil && room - written >= 2 }

  /// The tokens that go through the model next: a piece of the prompt, or the newest token and its
  /// draft.
  func nextTokens(within budget: Int) -> [Int] {
    let tokens = Array(unread.prefix(max(1, budget)))
    guard tokens.count == unread.count, let draft, wantsDraft else { return tokens }
    return tokens + [draft.token]
  }

  // snippet.write
  /// Writes what follows from the logits behind the newest tokens, and tells what was written.
  ///
  /// A draft is judged by the law of the model; what was read of a rejected one is forgotten.
  /// - Parameter logits: those behind the newest token, and those behind the draft.
  mutating func write(_ logits: [[Float]]) -> [GenerationEvent] {
    guard let draft, logits.count > 1 else {
      return append(request.sampling.token(logits[0], using: &generator))
    }
    self.draft = nil
    let (token, isAccepted) = TokenLaw(logits[0], request.sampling).judge(
      draft.token, draftedBy: draft.law, using: &generator)
    if !isAccepted { cache.truncate(to: cache.length - 1) }
    let events = append(token)
    if !isAccepted || isFinished(events) { return events }
    return events + append(request.sampling.token(logits[1], using: &generator))
  }
  // snippet.end

  private mutating func append(_ token: Int) -> [GenerationEvent] {
    if request.stops.contains(token) { return [.finished(.stop)] }
    text.append(token)
    return written == room ? [.token(token), .finished(.length)] : [.token(token)]
  }

  private func isFinished(_ events: [GenerationEvent]) -> Bool {
    if case .finished = events.last { true } else { false }
  }

  /// Takes the logits of the drafting module as the law of a token that may come next.
  mutating func takeDraft(_ logits: [Float]) {
    let law = TokenLaw(logits, request.sampling)
    draft = (law.token(using: &generator), law)
  }
}
