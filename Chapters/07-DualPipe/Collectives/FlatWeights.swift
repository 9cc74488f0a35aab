import Tensors

/// The weights of a model laid end to end, as ranks exchange them.
///
/// One long message instead of hundreds of short ones; and it can be cut anywhere.
public struct FlatWeights: Sendable {
  /// A weight and where its numbers lie.
  public struct Entry: Sendable {
    /// Its checkpoint name.
    public let name: String
    /// The weight.
    public let parameter: Parameter
    /// The places of its numbers.
    public let range: Range<Int>
  }

  /// The weights in order, each once.
  public let entries: [Entry]
  /// The number of all numbers.
  public let count: Int

  /// Lays weights end to end; those that two layers share count once.
  public init(_ parameters: [(name: String, parameter: Parameter)]) {
    var entries: [Entry] = []
    var end = 0
    for (name, parameter) in withoutRepetition(parameters) {
      entries.append(
        Entry(name: name, parameter: parameter, range: end..<end + parameter.count))
      end += parameter.count
    }
    (self.entries, count) = (entries, end)
  }

  /// The present weights, and the way to replace them.
  public var values: Tensor {
    get { .concatenated(entries.map { $0.parameter.value.flat }, along: 0) }
    nonmutating set {
      for entry in entries {
        entry.parameter.value = newValue.piece(entry.range).reshaped(to: entry.parameter.shape)
      }
    }
  }

  /// The gradients of all weights, zero for those without one.
  public func numbers(of gradients: Gradients) -> Tensor {
    .concatenated(
      entries.map { entry in
        (gradients[entry.parameter] ?? Tensor(shape: entry.parameter.shape)).flat
      }, along: 0)
  }

  /// One for each weight that has a gradient, else zero.
  ///
  /// An expert that nobody visited has none, and an optimizer leaves it alone; a gradient of
  /// zero would let it decay.
  public func presence(of gradients: Gradients) -> [Double] {
    entries.map { gradients[$0.parameter] == nil ? 0 : 1 }
  }

  /// The gradients from their numbers, for the weights that somebody has a gradient of.
  public func gradients(_ numbers: Tensor, presence: [Double]) -> Gradients {
    var gradients = Gradients()
    for (entry, present) in zip(entries, presence) where present > 0 {
      gradients[entry.parameter] =
        numbers.piece(entry.range).reshaped(to: entry.parameter.shape)
    }
    return gradients
  }
}
