/// One line of a machine.
struct LineKey: Hashable {
  let source, destination: Int
  let name: String
  let type: ObjectIdentifier
}

/// Who waits for what.
public struct Wait: Sendable, Equatable, CustomStringConvertible {
  enum Kind { case message, room }

  /// The rank that waits.
  public let rank: Int
  let kind: Kind
  let key: LineKey

  init(rank: Int, kind: Kind, key: LineKey) {
    (self.rank, self.kind, self.key) = (rank, kind, key)
  }

  /// The rank for which it waits.
  public var partner: Int { kind == .message ? key.source : key.destination }

  /// The line on which it waits.
  public var line: String { key.name }

  /// Such as: rank 2 waits for activations from rank 1.
  public var description: String {
    switch kind {
    case .message: "rank \(rank) waits for \(line) from rank \(partner)"
    case .room: "rank \(rank) waits until rank \(partner) takes \(line)"
    }
  }
}

/// Why a machine stopped.
public enum ClusterError: Error, CustomStringConvertible {
  /// One rank threw an error, and the others were stopped.
  case failed(rank: Int, any Error)
  /// Everybody who has not finished waits for somebody else.
  case stuck([Wait])

  /// One sentence that names the place and the rule.
  public var description: String {
    switch self {
    case .failed(let rank, let error): "Rank \(rank) failed, and the others stopped: \(error)"
    case .stuck(let waits):
      "Nobody can go on: " + waits.map(\.description).joined(separator: "; ") + "."
    }
  }
}

/// What the ranks of a machine share, behind one lock.
struct ClusterState: Sendable {
  var queues: [LineKey: [any Sendable]] = [:]
  var traffic: [[Int]]
  /// What each rank waits for; nil while it runs.
  var waits: [Wait?]
  var finished: [Bool]
  var failure: ClusterError?

  init(ranks: Int) {
    traffic = Array(repeating: Array(repeating: 0, count: ranks), count: ranks)
    waits = Array(repeating: nil, count: ranks)
    finished = Array(repeating: false, count: ranks)
  }

  mutating func begin() {
    queues = [:]
    failure = nil
    for rank in waits.indices { (waits[rank], finished[rank]) = (nil, false) }
  }

  /// Notes that a rank has ended; returns whether all must be woken to hear of a failure.
  mutating func end(_ rank: Int, _ error: (any Error)?, capacity: Int) -> Bool {
    finished[rank] = true
    waits[rank] = nil
    guard failure == nil else { return false }
    if let error {
      failure = .failed(rank: rank, error)
    } else if isStuck(capacity: capacity) {
      failure = .stuck(waits.compactMap { $0 })
    }
    return failure != nil
  }

  // snippet.stuck
  /// Whether somebody waits and nobody can go on: neither a rank that runs, nor one whose wait
  /// is over and who has yet to wake.
  func isStuck(capacity: Int) -> Bool {
    var someoneWaits = false
    for rank in waits.indices where !finished[rank] {
      guard let wait = waits[rank] else { return false }
      let length = queues[wait.key]?.count ?? 0
      if wait.kind == .message ? length > 0 : length < capacity { return false }
      someoneWaits = true
    }
    return someoneWaits
  }
  // snippet.end
}
