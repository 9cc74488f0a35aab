import Foundation
import Synchronization

/// The one place where work is handed to several cores.
///
/// The edges of the blocks and the order of every sum are decided before any thread starts, so the
/// number of threads changes the time that a result takes and never a bit of it.
public enum Threads {
  @TaskLocal private static var chosen: Int?
  @TaskLocal private static var isBusy = false

  /// The processor's cores.
  ///
  /// To ask for them takes as long as a small product, 10 µs, so it is done once.
  private static let cores = ProcessInfo.processInfo.activeProcessorCount

  /// How many threads may work at once: the processor's cores, unless `with` says otherwise.
  public static var count: Int { chosen ?? cores }

  /// Runs a body with another number of threads.
  public static func with<R>(_ count: Int, _ body: () throws -> R) rethrows -> R {
    insist(count > 0, "Threads.with: \(count) threads; there must be at least one")
    return try $chosen.withValue(count, operation: body)
  }

  /// Runs a body once for each index, on several threads when that pays.
  ///
  /// Handing work over costs some microseconds, so small work stays on the caller's thread.
  /// Inside a body everything is serial: the outermost loop is the one that is cut.
  /// - Parameters:
  ///   - count: the number of blocks.
  ///   - work: the arithmetic operations of all blocks together.
  ///   - body: the work of one block; blocks run in any order.
  // snippet.for-each-block
  package static func forEachBlock(_ count: Int, work: Int, _ body: @Sendable (Int) -> Void) {
    if count > 1, work >= smallestShare, !isBusy {
      let threads = min(Threads.count, count)
      let isDone =
        threads > 1
        && markBusy { Team.shared.perform(count, threads: threads, body) }
      if isDone { return }
    }
    for block in 0..<count { body(block) }
  }
  // snippet.end

  /// Computes one value for each index on several threads, and returns them in order.
  package static func map<Value: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Value
  ) -> [Value] {
    let results = Mutex([Value?](repeating: nil, count: count))
    forEachBlock(count, work: .max) { index in
      let value = body(index)
      results.withLock { $0[index] = value }
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  /// Whether blocks would all run on the caller's thread, so that cutting work is of no use.
  package static var isAlone: Bool { isBusy || count == 1 }

  /// The operations below which a second thread costs more than it brings: about 10 µs of them.
  package static let smallestShare = 1_000_000

  static func markBusy<R>(_ body: () -> R) -> R { $isBusy.withValue(true, operation: body) }
}
