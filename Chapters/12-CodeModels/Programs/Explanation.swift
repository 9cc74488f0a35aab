import Text

/// A run of a program in words: `a is 4 plus 3, 7; b is 7 times 2, 14; so 14`.
///
/// Words can be read back to steps, so an explanation is judged like an answer: by comparing it
/// with what the interpreter did, and not by how it sounds.
public struct Explanation: Sendable, Equatable {
  /// What each statement did.
  public let steps: [Program.Step]
  /// The result.
  public let result: Int

  /// Explains a run.
  public init(of program: Program, x: Int) {
    steps = program.steps(x: x)
    result = program.run(x: x)
  }

  /// Reads an explanation that may come from anywhere; nil if it is none.
  ///
  /// Only the form is checked: the numbers need not be right.
  public init?(reading text: String) {
    var sentences = text.components(between: "; ")
    guard let last = sentences.popLast(), last.hasPrefix("so "),
      let result = Int(number: last.dropFirst(3)), !sentences.isEmpty
    else { return nil }
    var steps: [Program.Step] = []
    for sentence in sentences {
      guard let step = Program.Step(reading: sentence) else { return nil }
      steps.append(step)
    }
    self.steps = steps
    self.result = result
  }

  /// The explanation in words.
  public var text: String {
    let told = steps.map {
      "\($0.target) is \($0.left) \($0.operation.word) \($0.right), \($0.value)"
    }
    return (told + ["so \(result)"]).joined(separator: "; ")
  }
}

extension Program.Operation {
  /// The operation in speech.
  public var word: String {
    switch self {
    case .plus: "plus"
    case .minus: "minus"
    case .times: "times"
    case .maximum: "max"
    }
  }
}

extension Program.Step {
  /// Reads a sentence such as `b is 7 times 2, 14`.
  fileprivate init?(reading sentence: Substring) {
    let words = sentence.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 6, words[1] == "is", words[4].hasSuffix(","),
      let number = ["a", "b", "c", "d"].firstIndex(of: words[0]),
      let operation = Program.Operation.allCases.first(where: { $0.word == words[3] }),
      let left = Int(number: words[2]), let right = Int(number: words[4].dropLast()),
      let value = Int(number: words[5])
    else { return nil }
    self.init(
      target: Program.Register(number), left: left, operation: operation, right: right,
      value: value)
  }
}

extension Int {
  /// Reads a number of one or two digits, and nothing else.
  init?(number text: some StringProtocol) {
    guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    self.init(text)
  }
}

extension String {
  /// The parts between separators.
  fileprivate func components(between separator: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }
}
