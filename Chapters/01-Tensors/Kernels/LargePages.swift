import Foundation
import Synchronization

/// Memory in pages of 2 MB, cut into blocks.
///
/// A processor finds memory page by page, and remembers where some two thousand pages lie: 8 MB of
/// pages of 4 KB. A model is larger, so whoever reads its weights from end to end, once for each
/// token, waits for one page after another to be looked up. Linux has pages of 2 MB for memory that
/// asks for them and is aligned to them. Most weights are smaller than that, so they share slabs.
final class LargePages: Sendable {
  static let shared = LargePages()

  #if os(Linux)
    /// Smaller blocks come from the system's allocator.
    static let smallest = 64 << 10
  #else
    /// No other system lets a program ask.
    static let smallest = Int.max
  #endif
  private static let page = 2 << 20
  private static let slab = 32 << 20
  /// What lies between two blocks of a slab: blocks whose distance is a power of two would want the
  /// same places of a cache.
  private static let gap = 17 * 64

  private struct State: @unchecked Sendable {
    /// What is left of the newest slab.
    var rest = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    /// The blocks whose contents went back to the system; their addresses are still ours.
    var vacant: [Int: [UnsafeMutableRawPointer]] = [:]
  }

  private let state = Mutex(State())

  /// Takes a block of a multiple of 64 bytes, aligned as many; nil if it is too small.
  func take(_ bytes: Int) -> UnsafeMutableRawPointer? {
    guard bytes >= Self.smallest else { return nil }
    return state.withLock { state in
      if let block = state.vacant[bytes]?.popLast() { return block }
      guard bytes <= Self.slab / 8 else { return Self.pages(for: bytes).baseAddress }
      if state.rest.count < bytes + Self.gap { state.rest = Self.pages(for: Self.slab) }
      let block = state.rest.baseAddress
      state.rest = .init(rebasing: state.rest[(bytes + Self.gap)...])
      return block
    }
  }

  /// Gives the contents of a block back to the system; false if it did not come from here.
  func give(_ block: UnsafeMutableRawPointer, _ bytes: Int) -> Bool {
    guard bytes >= Self.smallest else { return false }
    #if os(Linux)
      let page = Int(getpagesize())
      let start = block.alignedUp(toMultipleOf: page)
      let end = (block + bytes).alignedDown(toMultipleOf: page)
      madvise(start, end - start, Int32(MADV_DONTNEED))
    #endif
    state.withLock { $0.vacant[bytes, default: []].append(block) }
    return true
  }

  /// Whole pages of the large kind; if the system has none to spare, they are small ones.
  private static func pages(for bytes: Int) -> UnsafeMutableRawBufferPointer {
    let count = (bytes + page - 1) / page * page
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: page)
    #if os(Linux)
      madvise(memory.baseAddress, count, Int32(MADV_HUGEPAGE))
    #endif
    return memory
  }
}
