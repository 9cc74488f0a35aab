import Tensors

/// What is kept of one text: pages of sixteen tokens, each with all layers.
///
/// A page that is full never changes again, so texts that begin alike share it: a page is a value,
/// and a value is copied when somebody writes to it.
public final class SequenceCache {
  /// What is kept of a token.
  public let layout: CacheLayout
  /// The position of the first token; the cache of a drafting module may begin within a text.
  let start: Int
  private(set) var pages: [CachePage]
  /// The number of tokens kept.
  public private(set) var length: Int

  /// Creates an empty cache, or one that begins with full pages.
  init(_ layout: CacheLayout, sharing pages: [CachePage] = [], from start: Int = 0) {
    self.layout = layout
    self.start = start
    self.pages = pages
    length = pages.count * CacheLayout.pageTokens
  }

  /// The position of the next token.
  var position: Int { start + length }

  /// The pages that are full, from which another text may go on.
  var fullPages: [CachePage] { Array(pages.prefix(length / CacheLayout.pageTokens)) }

  /// Forgets all but the first tokens.
  public func truncate(to length: Int) {
    insist(
      (0...self.length).contains(length), "SequenceCache: \(length) of \(self.length) tokens")
    self.length = length
    pages.removeLast(pages.count - layout.pages(for: length))
  }

  /// Keeps some rows of a layer for the tokens that come next; `advance` makes them count.
  /// - Shape: [rows, width of all parts]
  func write(_ rows: Tensor, _ range: Range<Int>, layer: Int) {
    for (offset, row) in range.enumerated() {
      let (page, place) = (length + offset).quotientAndRemainder(
        dividingBy: CacheLayout.pageTokens)
      if page == pages.count { pages.append(CachePage(layout)) }
      pages[page].write(rows, row: row, layout, layer: layer, place: place)
    }
  }

  /// Counts new tokens, whose rows have been written in all layers.
  func advance(by count: Int) { length += count }

  /// The rows of one part of a layer, widened, and those that have just been written.
  /// - Shape: [length + new, width of the part]
  func rows(part: Int, layer: Int, new: Int) -> Tensor {
    let count = length + new
    let result = Tensor(uninitialized: [count, layout.parts[part]])
    for (index, page) in pages.enumerated() where index * CacheLayout.pageTokens < count {
      let first = index * CacheLayout.pageTokens
      page.read(
        min(CacheLayout.pageTokens, count - first), layout, part: part, layer: layer,
        into: result, from: first)
    }
    return result
  }
}
