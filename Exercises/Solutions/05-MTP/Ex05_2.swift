/// The answer to exercise 5.2.
///
/// Why this way: all three indices follow from one picture. The hidden row of position i knows the
/// inputs up to i. The token handed over is input i + k, which is also target i + k − 1; what comes
/// behind it is target i + k. The last position is T − k − 1, because input i + k must exist. An end
/// of a document at any of the targets i … i + k lies between the reader and what it should say.
public func predictions(
  inputs: [Int], targets: [Int], depth: Int
) throws -> [(position: Int, token: Int, target: Int)] {
  (0..<max(0, inputs.count - depth)).compactMap { position in
    let last = position + depth
    guard !targets[position...last].contains(-1) else { return nil }
    return (position, inputs[last], targets[last])
  }
}

/// Wrong answers to exercise 5.2.
public enum Mutants5_2 {
  /// Asks for the token that was handed over.
  public static func asksForWhatItWasTold(
    inputs: [Int], targets: [Int], depth: Int
  ) throws -> [(position: Int, token: Int, target: Int)] {
    (0..<max(0, inputs.count - depth)).compactMap { position in
      guard !targets[position...position + depth].contains(-1) else { return nil }
      return (position, inputs[position + depth], targets[position + depth - 1])
    }
  }

  /// Hands over the target itself.
  public static func handsOverTheAnswer(
    inputs: [Int], targets: [Int], depth: Int
  ) throws -> [(position: Int, token: Int, target: Int)] {
    (0..<max(0, inputs.count - depth)).compactMap { position in
      guard !targets[position...position + depth].contains(-1) else { return nil }
      return (position, targets[position + depth], targets[position + depth])
    }
  }

  /// Looks only at its own target for the end of a document.
  public static func crossesDocuments(
    inputs: [Int], targets: [Int], depth: Int
  ) throws -> [(position: Int, token: Int, target: Int)] {
    (0..<max(0, inputs.count - depth)).compactMap { position in
      let target = targets[position + depth]
      return target == -1 ? nil : (position, inputs[position + depth], target)
    }
  }
}
