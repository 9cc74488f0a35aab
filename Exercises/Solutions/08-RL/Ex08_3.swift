/// The answer to exercise 8.3.
///
/// Why this way: a row predicts what comes after the token that it has read. So the targets are the
/// tokens without the first, and the first of the response is predicted by the last row of the
/// prompt. The two mistakes are one each: the targets were the tokens that the rows had just read,
/// and the loop left before it gave the stop token its weight. Without a weight, nothing
/// that is paid for ending in time ever reaches the token that ends.
public func trainingRows(
  _ tokens: [Int], promptLength: Int, stop: Int, padding: Int
) throws -> (targets: [Int], weights: [Double]) {
  let targets = Array(tokens.dropFirst())
  return (targets, mask(targets, from: promptLength - 1, stop, padding))
}

private func mask(
  _ targets: [Int], from first: Int, _ stop: Int, _ padding: Int, training: Bool = true
) -> [Double] {
  var weights = targets.map { _ in 0.0 }
  for row in targets.indices where row >= first && targets[row] != padding {
    if targets[row] != stop || training { weights[row] = 1 }
    if targets[row] == stop { break }
  }
  return weights
}

/// Wrong answers to exercise 8.3.
public enum Mutants8_3 {
  /// What the exercise asks for.
  public typealias Rows = (targets: [Int], weights: [Double])

  /// Leaves both mistakes.
  public static func leavesIt(
    _ tokens: [Int], promptLength: Int, stop: Int, padding: Int
  ) throws -> Rows {
    let targets = Array(tokens.dropLast())
    return (targets, mask(targets, from: promptLength, stop, padding, training: false))
  }

  /// Scores each row by the token that it has just read.
  public static func scoresWhatWasRead(
    _ tokens: [Int], promptLength: Int, stop: Int, padding: Int
  ) throws -> Rows {
    let targets = Array(tokens.dropLast())
    return (targets, mask(targets, from: promptLength, stop, padding))
  }

  /// Shifts the targets and not the mask.
  public static func forgetsTheMask(
    _ tokens: [Int], promptLength: Int, stop: Int, padding: Int
  ) throws -> Rows {
    let targets = Array(tokens.dropFirst())
    return (targets, mask(targets, from: promptLength, stop, padding))
  }

  /// Trains on the prompt.
  public static func trainsThePrompt(
    _ tokens: [Int], promptLength: Int, stop: Int, padding: Int
  ) throws -> Rows {
    let targets = Array(tokens.dropFirst())
    var weights = mask(targets, from: promptLength - 1, stop, padding)
    for row in 0..<promptLength - 1 { weights[row] = 1 }
    return (targets, weights)
  }

  /// Drops the stop token.
  public static func dropsTheStop(
    _ tokens: [Int], promptLength: Int, stop: Int, padding: Int
  ) throws -> Rows {
    let targets = Array(tokens.dropFirst())
    return (targets, mask(targets, from: promptLength - 1, stop, padding, training: false))
  }

  /// Trains on what follows the stop token.
  public static func goesOn(
    _ tokens: [Int], promptLength: Int, stop: Int, padding: Int
  ) throws -> Rows {
    let targets = Array(tokens.dropFirst())
    return (targets, mask(targets, from: promptLength - 1, -1, padding))
  }

  /// Trains on padding where there is no stop token.
  public static func trainsPadding(
    _ tokens: [Int], promptLength: Int, stop: Int, padding: Int
  ) throws -> Rows {
    let targets = Array(tokens.dropFirst())
    return (targets, mask(targets, from: promptLength - 1, stop, -1))
  }

  /// Looks for the stop token from the start of the prompt.
  public static func stopsInThePrompt(
    _ tokens: [Int], promptLength: Int, stop: Int, padding: Int
  ) throws -> Rows {
    let targets = Array(tokens.dropFirst())
    let end = tokens.firstIndex(of: stop) ?? tokens.count
    var weights = mask(targets, from: promptLength - 1, stop, padding)
    for row in weights.indices where row >= end { weights[row] = 0 }
    return (targets, weights)
  }
}
