/// Batches that grow at the start of a training.
///
/// While the loss falls fast, a small batch tells the direction well enough, and many small steps
/// go further than a few large ones. DeepSeek-V3 goes from 3072 to 15 360 sequences over its first
/// 469 billion tokens (§4.2). The paper does not say along which curve; here it is a straight line
/// in the tokens seen.
public struct BatchRamp: Sendable, Equatable, Codable {
  /// The sequences of the first batch.
  public let first: Int
  /// The sequences after which batches have their full size.
  public let length: Int
  /// What the size of a batch is a multiple of, so that it can be cut evenly.
  public let multiple: Int

  /// Creates a ramp.
  public init(from first: Int, over length: Int, inMultiplesOf multiple: Int = 1) {
    (self.first, self.length, self.multiple) = (first, length, max(multiple, 1))
  }

  // snippet.grown
  /// The size of the next batch after so many sequences, on the way to the full size.
  public func sequences(after seen: Int, to full: Int) -> Int {
    guard seen < length else { return full }
    let grown = first + Int(Double(full - first) * Double(seen) / Double(length))
    return min(max(first, grown / multiple * multiple), full)
  }
  // snippet.end

  /// The sequences of so many steps.
  public func total(after steps: Int, to full: Int) -> Int {
    var (seen, taken) = (0, 0)
    while taken < steps, seen < length {
      seen += sequences(after: seen, to: full)
      taken += 1
    }
    return seen + max(steps - taken, 0) * full
  }
}
