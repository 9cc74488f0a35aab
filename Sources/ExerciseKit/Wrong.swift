/// The error of a check that an answer has failed; its text is the first hint.
public struct Wrong: Error, Equatable, CustomStringConvertible {
  /// What to look at, often a question.
  public let hint: String
  /// Creates the error from its hint.
  public init(_ hint: String) { self.hint = hint }
  /// The hint.
  public var description: String { hint }
}

/// Checks a condition on an answer.
///
/// - Throws: `Wrong` with the hint when the condition does not hold.
public func demand(_ condition: Bool, _ hint: @autoclosure () -> String) throws(Wrong) {
  if !condition { throw Wrong(hint()) }
}

/// Checks that a number lies close to the wanted one.
///
/// - Throws: `Wrong` with the hint and the number found; NaN is never close.
public func demandClose<Number: BinaryFloatingPoint>(
  _ found: Number, _ wanted: Number, within tolerance: Number, _ hint: @autoclosure () -> String
) throws(Wrong) {
  if !(abs(found - wanted) <= tolerance) { throw Wrong("\(hint()) (found \(found))") }
}

/// Checks that numbers lie close to the wanted ones, place by place.
///
/// - Throws: `Wrong` with the hint and the first place where they differ, or both counts.
public func demandClose<Number: BinaryFloatingPoint>(
  _ found: [Number], _ wanted: [Number], within tolerance: Number,
  _ hint: @autoclosure () -> String
) throws(Wrong) {
  if found.count != wanted.count {
    throw Wrong("\(hint()) (found \(found.count) numbers instead of \(wanted.count))")
  }
  for index in found.indices where !(abs(found[index] - wanted[index]) <= tolerance) {
    throw Wrong("\(hint()) (found \(found[index]) at place \(index))")
  }
}
