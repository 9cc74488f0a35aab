import Tensors

/// What layers saw on a trip through the model, beside its loss.
///
/// A value: the observations of the parts of a batch add, in their order.
public struct Observations: Sendable, Equatable {
  /// The rows that one router sent to each of its experts.
  public struct Load: Sendable, Equatable {
    /// A weight of the router, which tells it from others.
    public let router: Parameter
    /// The rows of each expert.
    public internal(set) var counts: [Int]

    /// Whether two loads count the same for the same router.
    public static func == (left: Load, right: Load) -> Bool {
      left.router === right.router && left.counts == right.counts
    }
  }

  /// A number under its name.
  public struct Number: Sendable, Equatable {
    /// What it is.
    public let name: String
    /// The sum over the parts of the batch.
    public internal(set) var sum: Double
  }

  /// The loads, in the order in which the model uses its routers.
  public private(set) var loads: [Load] = []
  /// The numbers, in the order in which they were first told.
  public private(set) var numbers: [Number] = []

  /// Creates observations of nothing.
  public init() {}

  /// The load of one router.
  public subscript(router: Parameter) -> [Int]? {
    loads.first { $0.router === router }?.counts
  }

  /// The number with a name.
  public subscript(name: String) -> Double? { numbers.first { $0.name == name }?.sum }

  mutating func add(load: [Int], of router: Parameter) {
    guard let index = loads.firstIndex(where: { $0.router === router }) else {
      return loads.append(Load(router: router, counts: load))
    }
    for expert in load.indices { loads[index].counts[expert] += load[expert] }
  }

  mutating func add(_ number: Double, to name: String) {
    if let index = numbers.firstIndex(where: { $0.name == name }) {
      numbers[index].sum += number
    } else {
      numbers.append(Number(name: name, sum: number))
    }
  }

  /// Adds what was seen on another part of the batch.
  public mutating func add(_ other: Observations) {
    for load in other.loads { add(load: load.counts, of: load.router) }
    for number in other.numbers { add(number.sum, to: number.name) }
  }
}
