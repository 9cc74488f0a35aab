import Attention
import Tensors

/// A text that is written two tokens at a time: the modules draft, the model judges.
///
/// The model has read all tokens but the last; the module of depth k has read those of them that
/// have a token k places ahead. What was read of rejected drafts is forgotten.
struct Speculation {
  let model: DeepSeekModel
  let sampling: Sampling
  var generator: SplitMix64
  /// All tokens that are certain.
  private(set) var text: [Int]
  private let cache: ModelCache
  private let moduleCaches: [any AttentionCache]
  /// For each depth, from 0, the rows that the next depth has yet to read.
  private var trails: [Trail]

  /// Reads a prompt and writes the first token behind it.
  init(_ model: DeepSeekModel, prompt: [Int], sampling: Sampling, seed: UInt64) {
    self.model = model
    self.sampling = sampling
    generator = SplitMix64(seed: seed).branch(0)
    text = prompt
    cache = model.language.makeCache(sequences: 1)
    moduleCaches = model.modules.map { $0.makeCache(sequences: 1) }
    trails = model.modules.map { _ in Trail() }
    let read = model.language.read(prompt, cache: cache)
    if !trails.isEmpty { trails[0].append(read) }
    let law = law(of: read.lastRow)
    text.append(law.token(using: &generator))
  }

  // snippet.round
  /// Drafts some tokens, judges them in one pass of the model, and writes those that stand and
  /// one more.
  /// - Returns: the number of drafts that were accepted.
  mutating func advance(drafting count: Int) -> Int {
    let known = text.count - 1
    let drafts = draft(count)
    let read = model.language.read([text[known]] + drafts.map(\.token), cache: cache)
    var accepted = 0
    var next: Int?
    while next == nil, accepted < drafts.count {
      let (token, isAccepted) = law(of: read.row(accepted)).judge(
        drafts[accepted].token, draftedBy: drafts[accepted].law, using: &generator)
      if isAccepted { accepted += 1 } else { next = token }
    }
    let last = next ?? law(of: read.row(accepted)).token(using: &generator)
    text += drafts[..<accepted].map(\.token) + [last]
    rollBack(to: known + accepted + 1, keeping: read.rows(0..<accepted + 1))
    return accepted
  }
  // snippet.end

  /// Lets each module in turn draft a token, the next one behind the draft of the one before.
  private mutating func draft(_ count: Int) -> [(token: Int, law: TokenLaw)] {
    let end = text.count - 1
    var drafts: [(token: Int, law: TokenLaw)] = []
    for index in 0..<min(count, model.modules.count) {
      let first = moduleCaches[index].lengths[0]
      let tokens = (text + drafts.map(\.token))[first + index + 1..<end + index + 1]
      let output = model.modules[index].read(
        trails[index].rows(from: first), with: Array(tokens), cache: moduleCaches[index])
      if index + 1 < trails.count { trails[index + 1].append(output) }
      let law = law(of: output.lastRow)
      drafts.append((law.token(using: &generator), law))
    }
    return drafts
  }

  // snippet.roll-back
  /// Forgets what was computed from drafts that did not stand.
  ///
  /// A row i of depth k has read the token at i + k, so it stands while that token does.
  private mutating func rollBack(to certain: Int, keeping read: Tensor) {
    cache.truncate(sequence: 0, to: certain)
    for (index, cache) in moduleCaches.enumerated() {
      let standing = max(0, certain - index - 1)
      if cache.lengths[0] > standing { cache.truncate(sequence: 0, to: standing) }
      trails[index].drop(before: cache.lengths[0])
      if index + 1 < trails.count { trails[index + 1].drop(from: standing) }
    }
    if !trails.isEmpty { trails[0].append(read) }
  }
  // snippet.end

  private func law(of hidden: Tensor) -> TokenLaw {
    TokenLaw(model.language.logits(of: hidden), sampling)
  }
}
