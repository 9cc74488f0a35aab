import Foundation
import Synchronization

/// Accepts clients and gives each a thread, up to a limit.
public final class HTTPServer: Sendable {
  /// Answers a request; called on the client's thread.
  public typealias Handler = @Sendable (HTTPRequest, Reply) -> Void

  private struct State: Sendable {
    var connections = 0
    var turnedAway = 0
    var isStopping = false
    var acceptorEnded = false
  }

  private let socket: Socket
  private let limits: ServerLimits
  private let handler: Handler
  private let state = Mutex(State())
  /// Clients that are being told to come again; more are hung up on.
  private static let mostTurnedAway = 32

  /// Listens, and begins to serve.
  /// - Parameters:
  ///   - host: an address of this machine; only programs on it reach 127.0.0.1.
  ///   - port: 0 takes any that is free.
  public init(
    host: String = "127.0.0.1", port: Int, limits: ServerLimits = ServerLimits(),
    handler: @escaping Handler
  ) throws(SocketError) {
    socket = try Socket.listening(host: host, port: port)
    self.limits = limits
    self.handler = handler
    start(1 << 20, "acceptor") { self.accept() }
  }

  /// The port at which it listens.
  public var port: Int { socket.port }
  /// The clients that are connected.
  public var connections: Int { state.withLock { $0.connections } }

  /// Accepts nobody any more, lets every request that has begun be answered, and returns.
  ///
  /// Clients that have nothing to ask are hung up on.
  public func stop() {
    state.withLock { $0.isStopping = true }
    while state.withLock({ !$0.acceptorEnded || $0.connections + $0.turnedAway > 0 }) {
      Thread.sleep(forTimeInterval: 0.01)
    }
  }

  private var isStopping: Bool { state.withLock { $0.isStopping } }

  private func accept() {
    while !isStopping {
      guard let client = socket.accepted(until: .now + .milliseconds(50)) else { continue }
      admit(client)
    }
    state.withLock { $0.acceptorEnded = true }
  }

  private func admit(_ client: Socket) {
    let isAdmitted = state.withLock { state -> Bool? in
      if state.connections < limits.connections {
        state.connections += 1
        return true
      }
      guard state.turnedAway < Self.mostTurnedAway else { return nil }
      state.turnedAway += 1
      return false
    }
    guard let isAdmitted else { return }
    start(1 << 20, "client") {
      let connection = Connection(client, self.limits) { self.isStopping }
      if isAdmitted {
        connection.serve(self.handler)
      } else {
        connection.turnAway()
      }
      self.state.withLock {
        if isAdmitted { $0.connections -= 1 } else { $0.turnedAway -= 1 }
      }
    }
  }

  private func start(_ stack: Int, _ name: String, _ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.stackSize = stack
    thread.name = name
    thread.start()
  }
}

extension Connection {
  /// Tells a client that there are too many.
  func turnAway() {
    var response = APIError(503, "The server has all the clients it can serve.").response
    response.headers.append(HTTPHeader("Retry-After", "1"))
    _ = write(response.bytes(keepingAlive: false))
    linger()
  }
}
