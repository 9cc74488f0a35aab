import Foundation
import Synchronization

/// A block of aligned memory that holds the numbers of one or more equal tensors.
///
/// Copies of a tensor share one block; the first write to a shared block copies it.
final class Memory: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  private let capacity: Int

  /// Takes a block for `count` numbers, without filling it.
  init(count: Int) {
    capacity = MemoryPool.capacity(for: count)
    base = MemoryPool.shared.take(capacity)
  }

  deinit { MemoryPool.shared.give(base, capacity) }
}

/// The blocks that no tensor uses at the moment, kept for the next one of the same size.
///
/// The system's allocator hands large blocks back as soon as they are freed, and every page of the
/// next one faults anew: filling a hundred blocks of 2 MB takes several times as long. A training
/// step asks for the same sizes each time, so after the first it asks the system for none.
final class MemoryPool: Sendable {
  static let shared = MemoryPool()

  private struct Shelves: @unchecked Sendable {
    /// The first block of each shelf; the bytes of a block tell where the next one is.
    var first = [UnsafeMutableRawPointer?](repeating: nil, count: 16 * Int.bitWidth)
    var held = 0
    var idle = 0
  }

  private let shelves = Mutex(Shelves())

  /// Rounds a count up to a size that tensors of nearly equal length can share.
  ///
  /// Sizes are multiples of an eighth of the power of two below, so at most an eighth is wasted.
  static func capacity(for count: Int) -> Int {
    let step = step(for: count)
    return max(64, (count + step - 1) / step * step)
  }

  private static func step(for count: Int) -> Int {
    max(16, 1 << (Int.bitWidth - 4 - max(1, count - 1).leadingZeroBitCount))
  }

  /// The shelf for blocks of a size: there are at most sixteen for each step.
  private static func shelf(_ capacity: Int) -> Int {
    let power = step(for: capacity).trailingZeroBitCount
    return 16 * power + (capacity >> power) - 1
  }

  // snippet.take
  func take(_ capacity: Int) -> UnsafeMutablePointer<Float> {
    let reused = shelves.withLock { shelves -> UnsafeMutableRawPointer? in
      guard let block = shelves.first[Self.shelf(capacity)] else {
        shelves.held += capacity
        return nil
      }
      shelves.first[Self.shelf(capacity)] = Self.next(block)
      shelves.idle -= capacity
      return block
    }
    // A cache line is 64 bytes, and so is the widest vector.
    let raw =
      reused ?? LargePages.shared.take(capacity * 4)
      ?? .allocate(byteCount: capacity * 4, alignment: 64)
    return raw.bindMemory(to: Float.self, capacity: capacity)
  }
  // snippet.end

  func give(_ block: UnsafeMutablePointer<Float>, _ capacity: Int) {
    let raw = UnsafeMutableRawPointer(block)
    shelves.withLock { shelves in
      raw.storeBytes(of: shelves.first[Self.shelf(capacity)], as: UnsafeMutableRawPointer?.self)
      shelves.first[Self.shelf(capacity)] = raw
      shelves.idle += capacity
    }
  }

  /// The block behind an idle one on its shelf.
  private static func next(_ block: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    block.load(as: UnsafeMutableRawPointer?.self)
  }

  /// Hands every idle block back to the system.
  func drain() {
    let first = shelves.withLock { shelves in
      defer {
        shelves.held -= shelves.idle
        (shelves.first, shelves.idle) = (Shelves().first, 0)
      }
      return shelves.first
    }
    for (shelf, first) in first.enumerated() {
      let capacity = (shelf % 16 + 1) << (shelf / 16)
      var block = first
      while let idle = block {
        block = Self.next(idle)
        if !LargePages.shared.give(idle, 4 * capacity) { idle.deallocate() }
      }
    }
  }

  var bytes: (held: Int, idle: Int) { shelves.withLock { ($0.held * 4, $0.idle * 4) } }
}

/// What the tensors of this process hold, for measurements.
public enum TensorMemory {
  /// The bytes taken from the system, whether in use or idle.
  public static var heldBytes: Int { MemoryPool.shared.bytes.held }
  /// The bytes kept for reuse at this moment.
  public static var idleBytes: Int { MemoryPool.shared.bytes.idle }
  /// Hands the idle bytes back to the system.
  public static func drain() { MemoryPool.shared.drain() }
}
