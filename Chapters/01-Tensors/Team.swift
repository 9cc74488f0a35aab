import Foundation
import Synchronization

/// Threads that wait for work with their eyes open for a moment before they sleep.
///
/// A sleeping thread takes 20 to 50 µs to wake, up to a quarter of the time of a 256³ product. So
/// the workers look for the next job for about 100 µs after the last one. A job that finds the team
/// at work for somebody else is done by its caller alone.
final class Team: Sendable {
  static let shared = Team()

  private struct Job {
    var count = 0
    var helpers = 0
    var body: @Sendable (Int) -> Void = { _ in }
  }

  /// Set while workers may enter; the lower bits count those inside.
  private static let open = 1 << 32
  private static let patience = 20_000

  private let isTaken = Atomic(false)
  private let job = Mutex(Job())
  private let issued = Atomic(0)
  private let gate = Atomic(0)
  private let next = Atomic(0)
  private let hired = Mutex(0)
  private let asleep = Atomic(0)
  private let alarm = DispatchSemaphore(value: 0)

  /// Runs a body once for each index on at most `threads` threads, the caller's among them.
  ///
  /// Returns false, with nothing done, when the team is busy.
  func perform(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) -> Bool {
    guard !isTaken.exchange(true, ordering: .acquiring) else { return false }
    defer { isTaken.store(false, ordering: .releasing) }
    hire(threads - 1)
    withoutActuallyEscaping(body) { body in
      job.withLock { $0 = Job(count: count, helpers: threads - 1, body: body) }
      next.store(0, ordering: .relaxed)
      gate.store(Self.open, ordering: .sequentiallyConsistent)
      issued.wrappingAdd(1, ordering: .sequentiallyConsistent)
      for _ in 0..<asleep.exchange(0, ordering: .sequentiallyConsistent) { alarm.signal() }
      work(count, body)
      var inside = gate.bitwiseAnd(~Self.open, ordering: .acquiringAndReleasing).newValue
      var waited = 0
      while inside != 0 {
        waited += 1
        if waited > Self.patience { sched_yield() }
        inside = gate.load(ordering: .acquiring)
      }
      job.withLock { $0 = Job() }
    }
    return true
  }

  private func work(_ count: Int, _ body: @Sendable (Int) -> Void) {
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= count { return }
      body(index)
    }
  }

  private func hire(_ wanted: Int) {
    hired.withLock { hired in
      while hired < wanted {
        let number = hired
        let thread = Thread { self.serve(number) }
        thread.stackSize = 8 << 20
        thread.start()
        hired += 1
      }
    }
  }

  /// The life of a worker: wait, enter if there is work for it, leave.
  private func serve(_ number: Int) {
    Threads.markBusy {
      var seen = 0
      while true {
        seen = waitForJob(after: seen)
        guard enter() else { continue }
        help(number)
        gate.wrappingSubtract(1, ordering: .acquiringAndReleasing)
      }
    }
  }

  /// Takes part in the job; its body is let go before the caller is told.
  private func help(_ number: Int) {
    let job = job.withLock { $0 }
    if number < job.helpers { work(job.count, job.body) }
  }

  private func waitForJob(after seen: Int) -> Int {
    var tries = 0
    while true {
      let newest = issued.load(ordering: .acquiring)
      if newest != seen { return newest }
      tries += 1
      guard tries > Self.patience else { continue }
      asleep.wrappingAdd(1, ordering: .sequentiallyConsistent)
      // A job may have come between the last look and the announcement; then its caller's signal
      // is on its way or the next one's will be, and waking for nothing does no harm.
      if issued.load(ordering: .sequentiallyConsistent) == seen { alarm.wait() }
      tries = 0
    }
  }

  private func enter() -> Bool {
    var value = gate.load(ordering: .acquiring)
    while value & Self.open != 0 {
      let (exchanged, found) = gate.weakCompareExchange(
        expected: value, desired: value + 1, ordering: .acquiringAndReleasing)
      if exchanged { return true }
      value = found
    }
    return false
  }
}
