import Foundation
import Synchronization
import Tensors

/// A scheduler on a thread of its own, to which any thread may hand requests.
///
/// Whoever asks is told by a call on the engine's thread, which must return at once.
public final class Engine: Sendable {
  /// Told of what happens to a request.
  public typealias Observer = @Sendable (GenerationEvent) -> Void

  /// A request that was taken, by which it can be cancelled.
  public struct Ticket: Sendable, Hashable {
    let number: Int
  }

  private struct State: Sendable {
    var arrivals: [(ticket: Int, request: GenerationRequest, observer: Observer)] = []
    var cancelled: [Int] = []
    var nextTicket = 0
    var isClosed = false
    var status = EngineStatus()
  }

  /// The model.
  public let model: ServedModel
  private let limits: EngineLimits
  private let state = Mutex(State())
  private let bell = DispatchSemaphore(value: 0)
  private let end = DispatchSemaphore(value: 0)

  /// Starts an engine.
  public init(
    _ model: ServedModel, limits: EngineLimits = EngineLimits(),
    options: EngineOptions = EngineOptions()
  ) {
    self.model = model
    self.limits = limits
    let thread = Thread {
      self.run(Scheduler(model, limits: limits, options: options))
    }
    thread.stackSize = 8 << 20
    thread.name = "engine"
    thread.start()
  }

  /// What the engine is doing and has done.
  public var status: EngineStatus { state.withLock { $0.status } }

  /// Hands over a request, or says why it is not taken.
  public func submit(
    _ request: GenerationRequest, _ observer: @escaping Observer
  ) throws(Refusal) -> Ticket {
    let result = state.withLock { state -> Swift.Result<Ticket, Refusal> in
      if state.isClosed { return .failure(.closed) }
      let waiting = state.arrivals.count + state.status.waiting
      if waiting >= limits.waiting { return .failure(.queueFull(waiting: waiting)) }
      state.nextTicket += 1
      state.arrivals.append((state.nextTicket, request, observer))
      return .success(Ticket(number: state.nextTicket))
    }
    bell.signal()
    return try result.get()
  }

  /// Gives up a request; its observer hears of its end once more, unless it has ended already.
  public func cancel(_ ticket: Ticket) {
    state.withLock { $0.cancelled.append(ticket.number) }
    bell.signal()
  }

  /// Takes nothing new, and returns when all that was taken has ended.
  public func finish() {
    state.withLock { $0.isClosed = true }
    bell.signal()
    end.wait()
    end.signal()
  }

  // MARK: The thread

  private func run(_ first: Scheduler) {
    var scheduler = first
    var numbers: [Int: Int] = [:]
    var observers: [Int: (ticket: Int, call: Observer)] = [:]
    while true {
      let (arrivals, cancelled, isClosed) = state.withLock { state in
        defer { (state.arrivals, state.cancelled) = ([], []) }
        return (state.arrivals, state.cancelled, state.isClosed)
      }
      for (ticket, request, observer) in arrivals {
        do throws(Refusal) {
          let id = try scheduler.submit(request)
          numbers[ticket] = id
          observers[id] = (ticket, observer)
        } catch { observer(.refused(error)) }
      }
      for ticket in cancelled {
        guard let id = numbers.removeValue(forKey: ticket) else { continue }
        scheduler.cancel(id)
        observers.removeValue(forKey: id)?.call(.finished(.cancelled))
      }
      for (id, event) in scheduler.step() {
        guard let (ticket, call) = observers[id] else { continue }
        if case .finished = event {
          observers[id] = nil
          numbers[ticket] = nil
        }
        call(event)
      }
      state.withLock { $0.status.take(scheduler) }
      guard scheduler.isIdle else { continue }
      if isClosed && state.withLock({ $0.arrivals.isEmpty }) { break }
      bell.wait()
    }
    end.signal()
  }
}

/// What an engine is doing and has done.
public struct EngineStatus: Sendable, Equatable {
  /// The requests that wait.
  public var waiting = 0
  /// The texts that are being written.
  public var active = 0
  /// The pages of the cache that are in use or kept, and those that there are.
  public var pages = 0
  /// The pages that there are.
  public var pageLimit = 0
  /// What was done so far.
  public var tally = EngineTally()

  mutating func take(_ scheduler: Scheduler) {
    (waiting, active) = scheduler.load
    (pages, pageLimit) = scheduler.pages
    tally = scheduler.tally
  }
}
