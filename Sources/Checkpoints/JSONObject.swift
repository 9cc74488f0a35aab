/// The members of a JSON object, in the order in which they were written.
///
/// Two keys are the same when their bytes are: a vocabulary has tokens that differ by Unicode
/// normalisation only, which Swift's strings hold equal. Two objects are equal when they have the
/// same members, in whatever order.
public struct JSONObject: Equatable, Sendable {
  /// The keys in order of appearance.
  public private(set) var keys: [String] = []
  private var values: [[UInt8]: JSONValue] = [:]

  /// Creates an object without members.
  public init() {}

  /// Creates an object from members; the last value of a key counts.
  public init(_ members: some Sequence<(key: String, value: JSONValue)>) {
    for (key, value) in members { self[key] = value }
  }

  /// The number of members.
  public var count: Int { keys.count }

  /// The value of a member; setting one that is absent appends it, setting `nil` removes it.
  public subscript(key: String) -> JSONValue? {
    get { values[Array(key.utf8)] }
    set {
      if let newValue {
        if values.updateValue(newValue, forKey: Array(key.utf8)) == nil { keys.append(key) }
      } else if values.removeValue(forKey: Array(key.utf8)) != nil {
        keys.removeAll { $0.utf8.elementsEqual(key.utf8) }
      }
    }
  }

  /// The members in order of appearance.
  public var members: [(key: String, value: JSONValue)] {
    keys.compactMap { key in self[key].map { (key, $0) } }
  }

  /// Appends a member and says whether its key was new; a second value for a key is dropped.
  mutating func appendIfNew(_ value: JSONValue, forKey key: String) -> Bool {
    guard self[key] == nil else { return false }
    values[Array(key.utf8)] = value
    keys.append(key)
    return true
  }

  /// Says whether two objects have the same members.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.values == right.values
  }
}
