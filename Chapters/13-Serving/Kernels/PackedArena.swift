import FP8

/// Where packed weights lie: many matrices share one block of memory.
///
/// Small matrices on their own would be scattered over thousands of pages, each of which must be
/// looked up before it is read; a block of a megabyte lies in a large page.
final class PackedArena {
  private static let blockBytes = 1 << 20
  private var block: CodeBytes?
  private var used = 0

  /// Takes bytes that are aligned to 64; those that would leave much of a block empty get their own.
  func take(_ bytes: Int) -> PackedBytes {
    let count = (bytes + 63) / 64 * 64
    if count > Self.blockBytes / 4 {
      return PackedBytes(block: CodeBytes(uninitialized: count), offset: 0, count: bytes)
    }
    if block == nil || used + count > Self.blockBytes {
      (block, used) = (CodeBytes(uninitialized: Self.blockBytes), 0)
    }
    defer { used += count }
    let shared = block ?? CodeBytes(uninitialized: count)
    return PackedBytes(block: shared, offset: used, count: bytes)
  }
}

/// A part of a block; some bytes behind it may be read.
struct PackedBytes: Sendable {
  private let block: CodeBytes
  private let offset: Int
  /// The number of bytes.
  let count: Int

  init(block: CodeBytes, offset: Int, count: Int) {
    (self.block, self.offset, self.count) = (block, offset, count)
  }

  /// The address of the first byte; valid while this value lives.
  var address: UnsafeRawPointer { block.address + offset }
  /// The memory, before anybody else has seen it.
  var fresh: UnsafeMutableRawPointer { block.fresh + offset }
}
