/// An option, a flag or an argument, and the property of the command that it sets.
public struct Input<Root> {
  enum Kind { case option, flag, argument }

  let kind: Kind
  let name: String
  let placeholder: String
  let help: String
  let choices: [String]
  let isRequired: Bool
  let isRepeated: Bool
  /// The default as the help shows it; empty if there is none.
  let defaultText: (Root) -> String
  /// Reads a word into the command, or says what is wrong with it.
  let read: (String, inout Root) -> Refusal?

  /// How the input is written, as messages and the help show it.
  var label: String {
    switch kind {
    case .flag: "--\(name)"
    case .option: "--\(name) <\(placeholder)>"
    case .argument: "<\(name)>"
    }
  }
}

/// Why a word was not taken as a value.
enum Refusal: Equatable {
  case unreadable
  case breaks(rule: String)
}

/// A condition on a value, with the words that complete "the value … is invalid: it …".
public struct Rule<Value> {
  let words: String
  let holds: (Value) -> Bool

  /// Creates a rule such as `must be even`.
  public init(_ words: String, _ holds: @escaping (Value) -> Bool) {
    (self.words, self.holds) = (words, holds)
  }
}

extension Rule where Value: Comparable & ArgumentValue {
  /// Allows the bound and everything above it.
  public static func atLeast(_ bound: Value) -> Rule {
    Rule("must be at least \(bound.argumentText)") { $0 >= bound }
  }

  /// Allows everything above the bound, but not the bound itself.
  public static func above(_ bound: Value) -> Rule {
    Rule("must be above \(bound.argumentText)") { $0 > bound }
  }

  /// Allows both bounds and everything between them.
  public static func within(_ bounds: ClosedRange<Value>) -> Rule {
    let (low, high) = (bounds.lowerBound.argumentText, bounds.upperBound.argumentText)
    return Rule("must be between \(low) and \(high)") { bounds.contains($0) }
  }
}

extension Input {
  /// Declares a switch, `--name`, that makes a property true.
  public static func flag(
    _ name: String, _ path: WritableKeyPath<Root, Bool>, _ help: String
  ) -> Input {
    Input(
      kind: .flag, name: name, placeholder: "", help: help, choices: [], isRequired: false,
      isRepeated: false, defaultText: { _ in "" },
      read: { _, root in
        root[keyPath: path] = true
        return nil
      })
  }

  /// Declares an option, `--name <placeholder>`, whose default is the property's first value.
  public static func option<Value: ArgumentValue>(
    _ name: String, _ path: WritableKeyPath<Root, Value>, placeholder: String? = nil,
    rule: Rule<Value>? = nil, isRequired: Bool = false, _ help: String
  ) -> Input {
    Input(
      .option, name, placeholder, help, rule, isRequired: isRequired,
      defaultText: { isRequired ? "" : $0[keyPath: path].argumentText },
      store: { $1[keyPath: path] = $0 })
  }

  /// Declares an option that may be left out, which leaves its property nil.
  public static func option<Value: ArgumentValue>(
    _ name: String, _ path: WritableKeyPath<Root, Value?>, placeholder: String? = nil,
    rule: Rule<Value>? = nil, _ help: String
  ) -> Input {
    Input(
      .option, name, placeholder, help, rule, store: { $1[keyPath: path] = $0 })
  }

  /// Declares an option that may be given several times.
  public static func repeated<Value: ArgumentValue>(
    _ name: String, _ path: WritableKeyPath<Root, [Value]>, placeholder: String? = nil,
    rule: Rule<Value>? = nil, _ help: String
  ) -> Input {
    Input(
      .option, name, placeholder, help, rule, isRepeated: true,
      store: { $1[keyPath: path].append($0) })
  }

  /// Declares an argument that must be there.
  public static func argument<Value: ArgumentValue>(
    _ name: String, _ path: WritableKeyPath<Root, Value>, rule: Rule<Value>? = nil,
    _ help: String
  ) -> Input {
    Input(
      .argument, name, nil, help, rule, isRequired: true, store: { $1[keyPath: path] = $0 })
  }

  /// Declares an argument that may be left out, which leaves its property nil.
  public static func argument<Value: ArgumentValue>(
    _ name: String, _ path: WritableKeyPath<Root, Value?>, rule: Rule<Value>? = nil,
    _ help: String
  ) -> Input {
    Input(.argument, name, nil, help, rule, store: { $1[keyPath: path] = $0 })
  }

  /// Declares an argument that takes all the words that are left.
  public static func arguments<Value: ArgumentValue>(
    _ name: String, _ path: WritableKeyPath<Root, [Value]>, rule: Rule<Value>? = nil,
    _ help: String
  ) -> Input {
    Input(
      .argument, name, nil, help, rule, isRepeated: true,
      store: { $1[keyPath: path].append($0) })
  }

  private init<Value: ArgumentValue>(
    _ kind: Kind, _ name: String, _ placeholder: String?, _ help: String, _ rule: Rule<Value>?,
    isRequired: Bool = false, isRepeated: Bool = false,
    defaultText: @escaping (Root) -> String = { _ in "" },
    store: @escaping (Value, inout Root) -> Void
  ) {
    self.init(
      kind: kind, name: name, placeholder: placeholder ?? name, help: help,
      choices: Value.choices, isRequired: isRequired, isRepeated: isRepeated,
      defaultText: defaultText,
      read: { word, root in
        guard let value = Value(argument: word) else { return .unreadable }
        if let rule, !rule.holds(value) { return .breaks(rule: rule.words) }
        store(value, &root)
        return nil
      })
  }
}
