import Foundation

/// A type that can be read from one word of the command line.
public protocol ArgumentValue {
  /// Reads the word, or answers nil if it does not denote a value.
  init?(argument: String)
  /// The word that would be read as this value; empty if there is nothing to show as a default.
  var argumentText: String { get }
  /// The words that are allowed, if they can be counted.
  static var choices: [String] { get }
}

extension ArgumentValue {
  /// Any word may be tried.
  public static var choices: [String] { [] }
}

extension ArgumentValue where Self: LosslessStringConvertible {
  /// Reads what `description` writes.
  public init?(argument: String) { self.init(argument) }
  /// The value's description.
  public var argumentText: String { description }
}

extension Int: ArgumentValue {}
extension UInt64: ArgumentValue {}
extension String: ArgumentValue {}

extension Double: ArgumentValue {
  /// Reads a finite number; `nan` and `inf` are no settings that any program here can use.
  public init?(argument: String) {
    guard let number = Double(argument), number.isFinite else { return nil }
    self = number
  }

  /// The shortest digits, without the `.0` of a whole number.
  public var argumentText: String {
    description.hasSuffix(".0") ? String(description.dropLast(2)) : description
  }
}

extension URL: ArgumentValue {
  /// Reads a path, relative to the current directory.
  public init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    self.init(fileURLWithPath: argument)
  }

  /// The path; the current directory is not worth showing.
  public var argumentText: String { relativePath == "." ? "" : relativePath }
}

/// A list is one word with commas: `1,2,3`.
extension Array: ArgumentValue where Element: ArgumentValue {
  /// Reads every part between commas; an empty word is the empty list.
  public init?(argument: String) {
    self = []
    guard !argument.isEmpty else { return }
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let trimmed = part.trimmingCharacters(in: .whitespaces)
      guard let element = Element(argument: trimmed) else { return nil }
      append(element)
    }
  }

  /// The elements with commas between them.
  public var argumentText: String { map(\.argumentText).joined(separator: ",") }
}

/// An enumeration is read by its raw values, which the help lists.
extension ArgumentValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  /// Reads a raw value.
  public init?(argument: String) { self.init(rawValue: argument) }
  /// The raw value.
  public var argumentText: String { rawValue }
  /// All raw values.
  public static var choices: [String] { allCases.map(\.rawValue) }
}
