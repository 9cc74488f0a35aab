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
    var free: [Int: [UnsafeMutablePointer<Float>]] = [:]
    var held = 0
    var idle = 0
  }

  private let shelves = Mutex(Shelves())

  /// Rounds a count up to a size that tensors of nearly equal length can share.
  ///
  /// Sizes are multiples of an eighth of the power of two below, so at most an eighth is wasted.
  static func capacity(for count: Int) -> Int {
    guard count > 64 else { return 64 }
    let step = max(16, 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount - 3))
    return (count + step - 1) / step * step
  }

  // snippet.take
  func take(_ capacity: Int) -> UnsafeMutablePointer<Float> {
    let reused = shelves.withLock { shelves -> UnsafeMutablePointer<Float>? in
      guard let block = shelves.free[capacity]?.popLast() else {
        shelves.held += capacity
        return nil
      }
      shelves.idle -= capacity
      return block
    }
    if let reused { return reused }
    // A cache line is 64 bytes, and so is the widest vector.
    let raw =
      LargePages.shared.take(capacity * 4)
      ?? .allocate(byteCount: capacity * 4, alignment: 64)
    return raw.bindMemory(to: Float.self, capacity: capacity)
  }
  // snippet.end

  func give(_ block: UnsafeMutablePointer<Float>, _ capacity: Int) {
    shelves.withLock { shelves in
      shelves.free[capacity, default: []].append(block)
      shelves.idle += capacity
    }
  }

  /// Hands every idle block back to the system.
  func drain() {
    let free = shelves.withLock { shelves in
      defer {
        shelves.free = [:]
        shelves.held -= shelves.idle
        shelves.idle = 0
      }
      return shelves.free
    }
    for (capacity, blocks) in free {
      for block in blocks where !LargePages.shared.give(block, capacity * 4) {
        block.deallocate()
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
