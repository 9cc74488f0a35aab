import Tensors

/// A network: cards, switches, and the links between them.
public struct NetworkGraph: Sendable, Equatable {
  /// What stands at a vertex.
  public enum Vertex: Sendable, Equatable {
    /// A card, which sends and receives.
    case endpoint
    /// A switch of the network, in one of its planes.
    case `switch`(plane: Int)
    /// The switch inside of a node.
    case node
  }

  /// A link, which carries as much in each direction.
  public struct Link: Sendable, Equatable {
    /// Its two ends.
    public let ends: (Int, Int)
    /// Bytes a second in each direction.
    public let speed: Double

    /// Compares ends and speed.
    public static func == (left: Link, right: Link) -> Bool {
      left.ends == right.ends && left.speed == right.speed
    }
  }

  /// What the network is called.
  public let name: String
  /// The vertices; endpoints come first.
  public private(set) var vertices: [Vertex] = []
  /// The links.
  public private(set) var links: [Link] = []

  /// Creates an empty network.
  public init(_ name: String) { self.name = name }

  /// Adds vertices of one kind and returns their numbers.
  public mutating func add(_ count: Int, _ vertex: Vertex) -> Range<Int> {
    let first = vertices.count
    vertices += Array(repeating: vertex, count: count)
    return first..<vertices.count
  }

  /// Joins two vertices.
  public mutating func join(_ a: Int, _ b: Int, speed: Double) {
    insist(
      a != b && vertices.indices.contains(a) && vertices.indices.contains(b) && speed > 0,
      "NetworkGraph: a link from \(a) to \(b) of \(vertices.count) vertices, \(speed) bytes/s")
    links.append(Link(ends: (a, b), speed: speed))
  }

  /// The cards.
  public var endpoints: Int { vertices.count { $0 == .endpoint } }
  /// The switches outside of nodes.
  public var switches: Int { vertices.count { isSwitch($0) } }
  /// The links between switches.
  public var switchLinks: Int {
    links.count { isSwitch(vertices[$0.ends.0]) && isSwitch(vertices[$0.ends.1]) }
  }

  private func isSwitch(_ vertex: Vertex) -> Bool {
    if case .switch = vertex { true } else { false }
  }

  /// The same network when every link of some vertices is cut.
  public func cutting(_ isCut: (Int, Vertex) -> Bool) -> NetworkGraph {
    var result = self
    let gone = vertices.enumerated().map { isCut($0, $1) }
    result.links.removeAll { gone[$0.ends.0] || gone[$0.ends.1] }
    return result
  }

  /// The same network when one of its planes has failed.
  public func failing(plane: Int) -> NetworkGraph {
    cutting { _, vertex in vertex == .switch(plane: plane) }
  }

  /// The links at each vertex, and what is at their other ends.
  var neighbours: [[(link: Int, vertex: Int)]] {
    var result = [[(link: Int, vertex: Int)]](repeating: [], count: vertices.count)
    for (index, link) in links.enumerated() {
      result[link.ends.0].append((index, link.ends.1))
      result[link.ends.1].append((index, link.ends.0))
    }
    return result
  }

  /// The links from one vertex to each other; −1 where there is no way.
  public func distances(from start: Int) -> [Int] {
    distances(from: start, neighbours)
  }

  func distances(from start: Int, _ neighbours: [[(link: Int, vertex: Int)]]) -> [Int] {
    var result = [Int](repeating: -1, count: vertices.count)
    result[start] = 0
    var queue = [start]
    var next = 0
    while next < queue.count {
      let vertex = queue[next]
      next += 1
      for (_, other) in neighbours[vertex] where result[other] < 0 {
        result[other] = result[vertex] + 1
        queue.append(other)
      }
    }
    return result
  }
}
