/// The members of a JSON object, in the order in which they were written.
///
/// Two objects are equal when they have the same members, in whatever order.
public struct JSONObject: Equatable, Sendable {
  /// The keys in order of appearance.
  public private(set) var keys: [String] = []
  private var values: [String: JSONValue] = [:]

  /// Creates an object without members.
  public init() {}

  /// The number of members.
  public var count: Int { keys.count }

  /// The value of a member; setting one that is absent appends it, setting `nil` removes it.
  public subscript(key: String) -> JSONValue? {
    get { values[key] }
    set {
      if let newValue {
        if values.updateValue(newValue, forKey: key) == nil { keys.append(key) }
      } else if values.removeValue(forKey: key) != nil {
        keys.removeAll { $0 == key }
      }
    }
  }

  /// The members in order of appearance.
  public var members: [(key: String, value: JSONValue)] {
    keys.compactMap { key in values[key].map { (key, $0) } }
  }

  /// Appends a member and says whether its key was new; a second value for a key is dropped.
  mutating func appendIfNew(_ value: JSONValue, forKey key: String) -> Bool {
    guard values[key] == nil else { return false }
    values[key] = value
    keys.append(key)
    return true
  }

  /// Says whether two objects have the same members.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.values == right.values
  }
}
