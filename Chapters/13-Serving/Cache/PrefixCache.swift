/// The full pages of texts that were read before, found again by their tokens.
///
/// A tree: a page hangs below the page of the tokens before it, so that one page serves all texts
/// that begin with the same tokens. The page that was used longest ago goes first, and no page goes
/// before those that hang below it.
struct PrefixCache {
  private struct Key: Hashable {
    let parent: Int
    let tokens: [Int]
  }

  private struct Node {
    let key: Key
    let page: CachePage
    var lastUse: Int
  }

  private var nodes: [Int: Node] = [:]
  private var places: [Key: Int] = [:]
  private var nextID = 1
  private var clock = 0

  /// The number of pages.
  var count: Int { nodes.count }

  // snippet.prefix
  /// The pages with which a text begins; at least one token is left to be read.
  mutating func pages(for tokens: [Int]) -> [CachePage] {
    clock += 1
    var pages: [CachePage] = []
    var parent = 0
    for key in Self.keys(tokens.dropLast()) {
      guard let id = places[Key(parent: parent, tokens: key)] else { break }
      nodes[id]?.lastUse = clock
      if let page = nodes[id]?.page { pages.append(page) }
      parent = id
    }
    return pages
  }
  // snippet.end

  /// Keeps the full pages of a text.
  mutating func insert(_ pages: [CachePage], of tokens: [Int]) {
    clock += 1
    var parent = 0
    for (key, page) in zip(Self.keys(tokens[...]), pages) {
      let key = Key(parent: parent, tokens: key)
      if let known = places[key] {
        nodes[known]?.lastUse = clock
        parent = known
        continue
      }
      let id = nextID
      nextID += 1
      nodes[id] = Node(key: key, page: page, lastUse: clock)
      places[key] = id
      parent = id
    }
  }

  /// Forgets pages if there are more than so many, and then an eighth more: to look for the oldest
  /// of all pages one at a time would take too long.
  mutating func shrink(to limit: Int) {
    guard nodes.count > max(0, limit) else { return }
    // Whoever uses a page uses those above it, which are older by number: so this order takes
    // pages before those that they hang below.
    let oldest = nodes.sorted {
      ($0.value.lastUse, -$0.key) < ($1.value.lastUse, -$1.key)
    }
    for (id, node) in oldest.prefix(nodes.count - max(0, limit - limit / 8)) {
      nodes[id] = nil
      places[node.key] = nil
    }
  }

  /// The tokens of each full page.
  private static func keys(_ tokens: ArraySlice<Int>) -> [[Int]] {
    stride(from: tokens.startIndex, to: tokens.endIndex, by: CacheLayout.pageTokens).compactMap
    {
      let end = $0 + CacheLayout.pageTokens
      return end <= tokens.endIndex ? Array(tokens[$0..<end]) : nil
    }
  }
}
