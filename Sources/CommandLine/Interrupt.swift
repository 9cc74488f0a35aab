import Foundation
import Synchronization

/// A request to stop, made with Ctrl-C or by the system.
///
/// The first signal only raises a flag, so that long work can save what it has; the second one
/// ends the process at once.
public enum Interrupt {
  /// Whether someone asked to stop since `listen()` was called.
  public static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// Catches interrupts from now on; work that calls this looks at `isRequested` at every step.
  public static func listen() {
    requests.store(0, ordering: .relaxed)
    // A program that was started from a thread which blocks signals has them blocked too.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&signals, number)
      // A handler may only do what cannot wait: count, and leave without cleaning up.
      signal(number) { _ in
        let (_, count) = requests.add(1, ordering: .relaxed)
        if count > 1 { _exit(Response.interruptedCode) }
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Lets interrupts end the process again, as they did before `listen()`.
  public static func stopListening() {
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}

/// Signals belong to the process, so this count is the one thing here that is not a value.
private let requests = Atomic<Int>(0)

/// The end of a command that was asked to stop and did so in order; exit code 130.
public struct Interrupted: Error, Equatable {
  /// What was saved and how to continue.
  public let message: String

  /// Creates the error, with what the reader should know.
  public init(_ message: String) { self.message = message }
}
