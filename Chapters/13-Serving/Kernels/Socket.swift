import Foundation

/// The few system calls of a server, each behind a method that can say what went wrong.
///
/// A socket here never blocks: reading and writing wait for it with `poll`, up to a moment that the
/// caller names, so that no client can hold a thread for longer than it is allowed.
package final class Socket: @unchecked Sendable {
  /// What a read gave.
  package enum Reading: Equatable {
    case bytes([UInt8])
    case end
    case late
    case failed
  }

  private let descriptor: Int32

  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL, 0) | O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    // A client that has gone makes a write fail, and must not end the process.
    #if canImport(Darwin)
      set(SO_NOSIGPIPE, 1)
    #else
      signal(SIGPIPE, SIG_IGN)
    #endif
  }

  deinit { close(descriptor) }

  private func set(_ option: Int32, _ value: Int32) {
    var value = value
    setsockopt(
      descriptor, SOL_SOCKET, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func stream() -> Int32 {
    #if canImport(Darwin)
      socket(AF_INET, SOCK_STREAM, 0)
    #else
      socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
  }

  private static func reason(_ what: String) -> SocketError {
    SocketError(description: "\(what): \(String(cString: strerror(errno))).")
  }

  // MARK: Making connections

  /// Listens at an address; port 0 takes any that is free.
  static func listening(host: String, port: Int) throws(SocketError) -> Socket {
    let socket = try opened(host)
    socket.set(SO_REUSEADDR, 1)
    guard socket.withAddress(host, port, { bind(socket.descriptor, $0, $1) }) == 0 else {
      throw reason("\(host):\(port) cannot be listened at")
    }
    guard listen(socket.descriptor, 512) == 0 else {
      throw reason("\(host):\(port) cannot be listened at")
    }
    return socket
  }

  /// Connects to a server.
  package static func connected(host: String, port: Int) throws(SocketError) -> Socket {
    let socket = try opened(host)
    let result = socket.withAddress(host, port) { connect(socket.descriptor, $0, $1) }
    guard result == 0 || errno == EINPROGRESS, socket.waits(POLLOUT, until: .now + .seconds(5))
    else { throw reason("\(host):\(port) cannot be reached") }
    return socket
  }

  private static func opened(_ host: String) throws(SocketError) -> Socket {
    var address = in_addr()
    guard inet_pton(AF_INET, host, &address) == 1 else {
      throw SocketError(description: "\(host) is not an address such as 127.0.0.1.")
    }
    let descriptor = stream()
    guard descriptor >= 0 else { throw reason("A socket cannot be opened") }
    return Socket(descriptor)
  }

  private func withAddress(
    _ host: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    #if canImport(Darwin)
      address.sin_len = UInt8(MemoryLayout<sockaddr_in>.size)
    #endif
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
    inet_pton(AF_INET, host, &address.sin_addr)
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// The port at which it listens.
  var port: Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &size)
      }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  /// The next client, or nil if none comes in time.
  func accepted(until deadline: ContinuousClock.Instant) -> Socket? {
    guard waits(POLLIN, until: deadline) else { return nil }
    let client = accept(descriptor, nil, nil)
    if client >= 0 { return Socket(client) }
    // The process may have no descriptor left; until it has, there is no hurry.
    Thread.sleep(forTimeInterval: 0.01)
    return nil
  }

  // MARK: Bytes

  /// Reads what has come, or waits for something to come.
  package func read(_ most: Int, until deadline: ContinuousClock.Instant) -> Reading {
    while true {
      guard waits(POLLIN, until: deadline) else { return .late }
      var buffer = [UInt8](repeating: 0, count: most)
      let count = recv(descriptor, &buffer, most, 0)
      if count > 0 { return .bytes(Array(buffer.prefix(count))) }
      if count == 0 { return .end }
      guard errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR else { return .failed }
    }
  }

  /// Writes all bytes; false if the client has gone, or takes nothing for so long.
  package func write(_ bytes: [UInt8], patience: Duration) -> Bool {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        send(descriptor, buffer.baseAddress.map { $0 + start }, bytes.count - start, 0)
      }
      if count > 0 {
        start += count
      } else {
        guard errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR,
          waits(POLLOUT, until: .now + patience)
        else { return false }
      }
    }
    return true
  }

  /// Whether the connection is broken in both directions; a client that only sends no more is there.
  package var isGone: Bool {
    var entry = pollfd(fd: descriptor, events: 0, revents: 0)
    return poll(&entry, 1, 0) > 0
      && entry.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
  }

  /// Says that nothing more will be written.
  package func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Waits for an event.
  private func waits(_ event: Int32, until deadline: ContinuousClock.Instant) -> Bool {
    while true {
      let left = ContinuousClock.now.duration(to: deadline)
      let milliseconds = max(0, Int32(clamping: Int((left / .milliseconds(1)).rounded(.up))))
      var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
      let result = poll(&entry, 1, milliseconds)
      if result > 0 { return true }
      if result == 0 { return false }
      guard errno == EINTR else { return true }
    }
  }
}

/// Why a socket does not do what it should.
public struct SocketError: Error, Sendable, Equatable, CustomStringConvertible {
  /// One sentence.
  public let description: String
}
