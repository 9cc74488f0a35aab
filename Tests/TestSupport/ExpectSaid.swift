import Testing

/// Expects a process that was meant to stop to have said why on standard error.
public func expectSaid(
  _ result: ExitTest.Result?, _ sentence: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  #expect(said.contains(sentence), sourceLocation: sourceLocation)
}
