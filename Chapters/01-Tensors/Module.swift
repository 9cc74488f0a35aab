/// Something that a module may list: a parameter, a module, or several of them.
public protocol Part: Sendable {}

/// A piece of a model: it lists its parts under the names that checkpoints use.
///
/// The list is written out. It costs a line for each part, and shows the checkpoint's layout.
public protocol Module: Part {
  /// The parts, in the order of the checkpoint.
  var parts: KeyValuePairs<String, any Part> { get }
}

/// A list of unlike parts, named 0, 1, 2 … as an array of equal ones is, or from another number on.
public struct Parts: Part {
  let elements: [any Part]
  let start: Int

  /// Creates the list.
  public init(_ elements: [any Part], from start: Int = 0) {
    self.elements = elements
    self.start = start
  }
}

extension Parameter: Part {}
extension Array: Part where Element: Part {}
extension Optional: Part where Wrapped: Part {}

extension Module {
  /// Every parameter with its checkpoint name, such as "layers.0.mlp.up_proj.weight".
  public var namedParameters: [(name: String, parameter: Parameter)] {
    parts.flatMap { named($0.value, $0.key) }
  }

  /// Every parameter, in the order of `namedParameters`.
  public var parameters: [Parameter] { namedParameters.map(\.parameter) }

  /// The number of weights; those that two parts share count once.
  public var parameterCount: Int {
    var seen: Set<ObjectIdentifier> = []
    return parameters.reduce(0) {
      seen.insert(ObjectIdentifier($1)).inserted ? $0 + $1.count : $0
    }
  }
}

/// The parameters below one part, with the path that leads to each.
private func named(_ part: any Part, _ path: String) -> [(name: String, parameter: Parameter)] {
  switch part {
  case let parameter as Parameter: [(path, parameter)]
  case let module as any Module:
    module.namedParameters.map { ("\(path).\($0.name)", $0.parameter) }
  case let list as any ListOfParts:
    zip(list.start..., list.elements).flatMap { named($1, "\(path).\($0)") }
  case let wrapper as any OptionalPart: wrapper.content.map { named($0, path) } ?? []
  default: []
  }
}

private protocol ListOfParts {
  var elements: [any Part] { get }
  var start: Int { get }
}
extension Parts: ListOfParts {}
extension Array: ListOfParts where Element: Part {
  fileprivate var elements: [any Part] { self }
  fileprivate var start: Int { 0 }
}

private protocol OptionalPart { var content: (any Part)? { get } }
extension Optional: OptionalPart where Wrapped: Part {
  fileprivate var content: (any Part)? { self }
}
