import Foundation
import Synchronization
import Tensors

/// A parallel machine on one computer: ranks on threads of their own, with nothing but messages
/// between them.
///
/// A line joins two ranks in one direction and carries messages of one type, first in, first
/// out. Lines do not wait for each other. The cluster sees at every wait who still runs, so a
/// machine in which everybody waits is found out at once and reported; and when one rank fails,
/// the others are told and stop.
public final class Cluster: Sendable {
  /// The number of ranks.
  public let count: Int
  /// How many messages a line holds before its sender must wait.
  public let capacity: Int
  private let state: Mutex<ClusterState>
  private let bells: [DispatchSemaphore]

  /// Creates a machine.
  public init(ranks count: Int, capacity: Int = .max) {
    insist(count > 0 && capacity > 0, "Cluster: \(count) ranks, lines of \(capacity) messages")
    self.count = count
    self.capacity = capacity
    state = Mutex(ClusterState(ranks: count))
    bells = (0..<count).map { _ in DispatchSemaphore(value: 0) }
  }

  /// The bytes sent so far, from each rank to each.
  public var traffic: [[Int]] { state.withLock { $0.traffic } }

  // snippet.run
  /// Runs a body once for each rank, each on a thread of its own, and returns what they return.
  ///
  /// Throws what the first failing rank threw, or who waits for whom when nobody can go on.
  public func run<Result: Sendable>(
    _ body: @escaping @Sendable (Rank) throws -> Result
  ) throws(ClusterError) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    state.withLock { $0.begin() }
    let done = DispatchSemaphore(value: 0)
    for index in 0..<count {
      let thread = Thread {
        defer { done.signal() }
        Threads.with(1) {
          do {
            let result = try body(Rank(index: index, cluster: self))
            results.withLock { $0[index] = result }
            self.end(index, nil)
          } catch {
            self.end(index, error)
          }
        }
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    for _ in 0..<count { done.wait() }
    if let failure = state.withLock({ $0.failure }) { throw failure }
    return results.withLock { $0.compactMap { $0 } }
  }
  // snippet.end

  private func end(_ rank: Int, _ error: (any Error)?) {
    let isNews = state.withLock { $0.end(rank, error, capacity: capacity) }
    if isNews { ringAll() }
  }

  private func ringAll() { for bell in bells { bell.signal() } }

  /// Tries something until it succeeds, asleep in between.
  fileprivate func wait<Value>(
    _ wait: Wait, _ attempt: (inout ClusterState) -> (value: Value, wake: Int)?
  ) throws(ClusterError) -> Value {
    while true {
      let outcome = state.withLock { state -> Outcome<Value> in
        if let failure = state.failure { return .failed(failure, isNews: false) }
        if let (value, wake) = attempt(&state) {
          state.waits[wait.rank] = nil
          return .done(value, wake: state.waits[wake] == nil ? nil : wake)
        }
        state.waits[wait.rank] = wait
        guard state.isStuck(capacity: capacity) else { return .asleep }
        state.failure = .stuck(state.waits.compactMap { $0 })
        return .failed(.stuck(state.waits.compactMap { $0 }), isNews: true)
      }
      switch outcome {
      case .done(let value, let wake):
        if let wake { bells[wake].signal() }
        return value
      case .failed(let failure, let isNews):
        if isNews { ringAll() }
        throw failure
      case .asleep: bells[wait.rank].wait()
      }
    }
  }

  private enum Outcome<Value> {
    case done(Value, wake: Int?)
    case failed(ClusterError, isNews: Bool)
    case asleep
  }
}

/// One of the machine's ranks, as its own program sees it.
public struct Rank: Sendable {
  /// Its number, from 0.
  public let index: Int
  fileprivate let cluster: Cluster

  /// The number of ranks.
  public var count: Int { cluster.count }

  /// Puts a message on a line; waits while the line is full.
  /// - Parameter bytes: what it would take on a wire, for `Cluster.traffic`.
  public func send<Message: Sendable>(
    _ message: Message, to destination: Int, over line: Line<Message>, bytes: Int = 0
  ) throws(ClusterError) {
    let key = line.key(from: index, to: destination)
    let capacity = cluster.capacity
    try cluster.wait(Wait(rank: index, kind: .room, key: key)) {
      (state: inout ClusterState) -> (value: Void, wake: Int)? in
      guard state.queues[key, default: []].count < capacity else { return nil }
      state.queues[key, default: []].append(message)
      state.traffic[index][destination] += bytes
      return ((), destination)
    }
  }

  /// Takes the oldest message from a line; waits while there is none.
  public func receive<Message: Sendable>(
    from source: Int, over line: Line<Message>
  ) throws(ClusterError) -> Message {
    let key = line.key(from: source, to: index)
    return try cluster.wait(Wait(rank: index, kind: .message, key: key)) {
      (state: inout ClusterState) -> (value: Message, wake: Int)? in
      guard let message = state.queues[key]?.first as? Message else { return nil }
      state.queues[key]?.removeFirst()
      return (message, source)
    }
  }
}

/// The name of a line and the type of its messages; between every two ranks there is one each
/// way.
public struct Line<Message: Sendable>: Sendable, Hashable {
  /// What it carries.
  public let name: String

  /// Names a line.
  public init(_ name: String) { self.name = name }

  func key(from source: Int, to destination: Int) -> LineKey {
    LineKey(
      source: source, destination: destination, name: name, type: ObjectIdentifier(Message.self)
    )
  }
}
