/// What an engine has done so far.
public struct EngineTally: Sendable, Equatable {
  /// The trips through the model.
  public var steps = 0
  /// The tokens that went through it, read or written.
  public var rows = 0
  /// The trips counted once for each text that could write after it.
  public var passes = 0
  /// The tokens of prompts, and how many of them were known from earlier texts.
  public var promptTokens = 0
  /// The tokens of prompts that were not read again.
  public var cachedTokens = 0
  /// The tokens that were written.
  public var writtenTokens = 0
  /// The tokens that were drafted and judged.
  public var drafts = 0
  /// The drafts that stood.
  public var acceptedDrafts = 0

  /// Creates a tally of nothing.
  public init() {}

  /// The texts that shared a trip through the model, on average.
  public var rowsPerStep: Double { steps > 0 ? Double(rows) / Double(steps) : 0 }
}
