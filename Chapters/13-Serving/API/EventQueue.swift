import Foundation
import Synchronization

/// The events of one request, between the engine's thread and the client's.
final class EventQueue: Sendable {
  private let events = Mutex<[GenerationEvent]>([])
  private let bell = DispatchSemaphore(value: 0)

  /// Adds an event; never waits.
  func put(_ event: GenerationEvent) {
    events.withLock { $0.append(event) }
    bell.signal()
  }

  /// All events that have come since the last call; waits for the first, for a while.
  func take(waiting: DispatchTimeInterval) -> [GenerationEvent] {
    _ = bell.wait(timeout: .now() + waiting)
    return events.withLock { events in
      defer { events = [] }
      return events
    }
  }
}
