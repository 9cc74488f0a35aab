/// Stops the program, in every build, unless a condition holds.
///
/// `precondition` is silent in optimised code, so a mistaken shape would end the program without
/// a word. This prints the operation, the shapes and the rule first.
@inlinable public func insist(
  _ condition: Bool, _ message: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { fatalError(message(), file: file, line: line) }
}
