import Tensors
import Testing

/// Expects a module to list each parameter that it holds, once and under a name of its own.
/// - Parameter copies: the names under which it lists a parameter again, because two parts share it.
public func expectEveryPartListed(
  _ module: any Module, repeating copies: [String] = [],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    complaintsAboutParts(of: module) == copies.map { "\($0) is listed twice" },
    sourceLocation: sourceLocation)
}

/// What is wrong with a module's list of parts, compared with what reflection finds inside it.
public func complaintsAboutParts(of module: any Module) -> [String] {
  let listed = module.namedParameters
  var finder = ParameterFinder()
  finder.search(module, path: "")

  var complaints: [String] = []
  let identities = Set(listed.map { ObjectIdentifier($0.parameter) })
  for (path, parameter) in finder.found
  where !identities.contains(ObjectIdentifier(parameter)) {
    complaints.append("\(path) is not among the parts")
  }
  var (names, seen) = (Set<String>(), Set<ObjectIdentifier>())
  for (name, parameter) in listed {
    if !names.insert(name).inserted { complaints.append("two parts are named \(name)") }
    if !seen.insert(ObjectIdentifier(parameter)).inserted {
      complaints.append("\(name) is listed twice")
    }
  }
  return complaints
}

private struct ParameterFinder {
  private(set) var found: [(path: String, parameter: Parameter)] = []
  private var visited: Set<ObjectIdentifier> = []

  mutating func search(_ value: Any, path: String) {
    if let parameter = value as? Parameter {
      found.append((path, parameter))
      return
    }
    if value is Tensor { return }
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .class {
      guard visited.insert(ObjectIdentifier(value as AnyObject)).inserted else { return }
    }
    for (index, child) in mirror.children.enumerated() {
      let label = child.label ?? "\(index)"
      // An optional's content is labelled "some": it has the name of the optional.
      let name =
        mirror.displayStyle == .optional ? path : path + (path.isEmpty ? "" : ".") + label
      search(child.value, path: name)
    }
  }
}
