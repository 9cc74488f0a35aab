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
    var children = 0
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
      nodes[parent]?.children += 1
      parent = id
    }
  }

  /// Forgets pages until so many are left at most.
  mutating func shrink(to limit: Int) {
    while nodes.count > max(0, limit) {
      let leaves = nodes.filter { $0.value.children == 0 }
      guard
        let oldest = leaves.min(by: { ($0.value.lastUse, $0.key) < ($1.value.lastUse, $1.key) })
      else { return }
      nodes[oldest.key] = nil
      places[oldest.value.key] = nil
      nodes[oldest.value.key.parent]?.children -= 1
    }
  }

  /// The tokens of each full page.
  private static func keys(_ tokens: ArraySlice<Int>) -> [[Int]] {
    stride(from: tokens.startIndex, to: tokens.endIndex, by: CacheLayout.pageTokens).compactMap {
      let end = $0 + CacheLayout.pageTokens
      return end <= tokens.endIndex ? Array(tokens[$0..<end]) : nil
    }
  }
}
