/// The answer to exercise 8.6.
///
/// Why this way: it reads, and does not search. A search for a number, a tag or a line finds one
/// wherever the policy has put it, and the policy will put many. So the end is taken off, then the
/// thought if the first token opens one, and what is left has to be an answer, whole. A second tag of
/// any kind is then a token that is no digit, and needs no rule of its own. Numbers are compared as
/// strings: `Int` takes a sign and breaks at twenty digits.
public func judge(
  _ response: [String], truth: String
) throws -> (accuracy: Int, isValid: Bool) {
  guard response.last == "<end>" else { return (0, false) }
  var rest = response.dropLast()
  if rest.first == "<think>" {
    let end = rest.dropFirst().firstIndex { special.contains($0) }
    guard let end, rest[end] == "</think>" else { return (0, false) }
    rest = rest[(end + 1)...]
  }
  guard !rest.isEmpty, rest.allSatisfy(digits.contains) else { return (0, false) }
  return (number(rest.joined()) == number(truth) ? 1 : 0, true)
}

private let special: Set = ["<think>", "</think>", "<end>", "<pad>"]
private let digits = Set("0123456789".map(String.init))

/// A number without its leading zeros; "0" keeps one.
private func number(_ text: String) -> String {
  let rest = text.drop { $0 == "0" }
  return rest.isEmpty ? "0" : String(rest)
}

/// Wrong answers to exercise 8.6; most of them are in published programs.
public enum Mutants8_6 {
  /// What the exercise asks for.
  public typealias Verdict = (accuracy: Int, isValid: Bool)

  private static func verdict(
    _ answer: some Sequence<String>, _ truth: String, isValid: Bool = true
  ) -> Verdict {
    let answer = answer.joined()
    return (isValid && number(answer) == number(truth) ? 1 : 0, isValid)
  }

  /// Pays for the last number anywhere in the text.
  public static func takesTheLastNumber(_ response: [String], truth: String) throws -> Verdict {
    let (_, isValid) = try judge(response, truth: truth)
    let numbers = response.split { !digits.contains($0) }
    return (numbers.last.map { number($0.joined()) } == number(truth) ? 1 : 0, isValid)
  }

  /// Pays if the truth is somewhere in the answer.
  public static func searchesTheAnswer(_ response: [String], truth: String) throws -> Verdict {
    let (accuracy, isValid) = try judge(response, truth: truth)
    guard isValid, accuracy == 0 else { return (accuracy, isValid) }
    let answer = response.dropLast().split(separator: "</think>").last ?? []
    return (answer.joined().contains(number(truth)) ? 1 : 0, true)
  }

  /// Takes what follows the last end of a thought, however many there are.
  public static func takesTheLastAnswer(_ response: [String], truth: String) throws -> Verdict {
    guard response.last == "<end>", let close = response.lastIndex(of: "</think>") else {
      return try judge(response, truth: truth)
    }
    let answer = response.dropLast()[(close + 1)...]
    let isAnswer = !answer.isEmpty && answer.allSatisfy(digits.contains)
    return verdict(answer, truth, isValid: isAnswer && response[0] == "<think>")
  }

  /// Finds a thought anywhere, and takes it out.
  public static func thinksAnywhere(_ response: [String], truth: String) throws -> Verdict {
    guard let open = response.firstIndex(of: "<think>"),
      let close = response.firstIndex(of: "</think>"), open < close
    else { return try judge(response, truth: truth) }
    return try judge(Array(response[..<open] + response[(close + 1)...]), truth: truth)
  }

  /// Does not miss the end.
  public static func needsNoEnd(_ response: [String], truth: String) throws -> Verdict {
    let isCut = !response.contains("<end>")
    return try judge(isCut ? response + ["<end>"] : response, truth: truth)
  }

  /// Reads up to the end, and not what follows.
  public static func ignoresTheRest(_ response: [String], truth: String) throws -> Verdict {
    guard let end = response.firstIndex(of: "<end>") else { return (0, false) }
    return try judge(Array(response[...end]), truth: truth)
  }

  /// Takes nothing for zero.
  public static func takesNothing(_ response: [String], truth: String) throws -> Verdict {
    let answer = response.dropLast().last
    let isEmpty = response.last == "<end>" && (answer == nil || answer == "</think>")
    guard isEmpty else { return try judge(response, truth: truth) }
    return try judge(response.dropLast() + ["0", "<end>"], truth: truth)
  }

  /// Pays for opening a thought, as if that were the form.
  public static func paysForTheTag(_ response: [String], truth: String) throws -> Verdict {
    let verdict = try judge(response, truth: truth)
    return (verdict.accuracy, verdict.isValid || response.first == "<think>")
  }

  /// Demands a thought.
  public static func demandsAThought(_ response: [String], truth: String) throws -> Verdict {
    response.first == "<think>" ? try judge(response, truth: truth) : (0, false)
  }

  /// Leaves it to `Int` what a number is.
  public static func trustsInt(_ response: [String], truth: String) throws -> Verdict {
    let start = (response.lastIndex(of: "</think>") ?? -1) + 1
    var unsigned = response
    if response.dropFirst(start).first == "+" || response.dropFirst(start).first == "-" {
      unsigned.remove(at: start)
    }
    guard try judge(unsigned, truth: truth).isValid else { return (0, false) }
    let value = Int(response[start...].dropLast().joined())
    return (value != nil && value == Int(truth) ? 1 : 0, true)
  }

  /// Takes every digit of every script.
  public static func readsEveryScript(_ response: [String], truth: String) throws -> Verdict {
    try judge(
      response.map { token in
        guard token.count == 1, let value = token.first?.wholeNumberValue else { return token }
        return String(value)
      }, truth: truth)
  }

  /// Compares the strings as they are.
  public static func countsZeros(_ response: [String], truth: String) throws -> Verdict {
    let (accuracy, isValid) = try judge(response, truth: truth)
    let answer = response.dropLast().split(separator: "</think>").last?.joined()
    return (answer == truth ? accuracy : 0, isValid)
  }
}
