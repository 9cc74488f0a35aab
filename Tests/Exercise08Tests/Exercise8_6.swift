import ExerciseKit
import Exercises08
import Solutions08
import TestSupport
import Testing

@Suite struct `Exercise 8.6` {
  static let exercise = Exercise<
    @Sendable (_ response: [String], _ truth: String) throws -> (accuracy: Int, isValid: Bool)
  >(
    "8.6", yours: Exercises08.judge(_:truth:), solution: Solutions08.judge(_:truth:),
    mutants: [
      "takes the last number": Mutants8_6.takesTheLastNumber(_:truth:),
      "searches the answer": Mutants8_6.searchesTheAnswer(_:truth:),
      "takes the last answer": Mutants8_6.takesTheLastAnswer(_:truth:),
      "thinks anywhere": Mutants8_6.thinksAnywhere(_:truth:),
      "needs no end": Mutants8_6.needsNoEnd(_:truth:),
      "ignores the rest": Mutants8_6.ignoresTheRest(_:truth:),
      "takes nothing for zero": Mutants8_6.takesNothing(_:truth:),
      "pays for the tag": Mutants8_6.paysForTheTag(_:truth:),
      "demands a thought": Mutants8_6.demandsAThought(_:truth:),
      "trusts Int": Mutants8_6.trustsInt(_:truth:),
      "reads every script": Mutants8_6.readsEveryScript(_:truth:),
      "counts zeros": Mutants8_6.countsZeros(_:truth:),
    ]
  ) { answer in
    for (text, truth, accuracy, isValid, hint) in cases {
      let found = try answer(tokens(text), truth)
      try demand(
        found == (accuracy, isValid),
        "\(text.isEmpty ? "Nothing at all" : text) for \(truth): \(hint) "
          + "(found accuracy \(found.accuracy), \(found.isValid ? "valid" : "not valid"))")
    }
    try demandForms(answer)
  }

  /// Honest responses, and what a policy would try.
  private static let cases: [(String, String, Int, Bool, String)] = [
    ("7<end>", "7", 1, true, "May an answer come without a thought?"),
    ("<think>34</think>7<end>", "7", 1, true, "Is anything wrong with this one?"),
    ("<think>34</think>8<end>", "7", 0, true, "Does a wrong answer break the form?"),
    ("<think></think>7<end>", "7", 1, true, "Is an empty thought allowed?"),
    ("007<end>", "7", 1, true, "Do leading zeros count?"),
    ("7<end>", "07", 1, true, "Do leading zeros of the truth count?"),
    ("000<end>", "0", 1, true, "Which number is this?"),
    ("70<end>", "7", 0, true, "Which zeros are leading?"),
    ("0123456789<end>", "7", 0, true, "Is an answer right that has the truth somewhere in it?"),
    ("<think>7</think>8<end>", "7", 0, true, "Is the truth in a thought an answer?"),
    ("<end>", "0", 0, false, "Is nothing the same as zero?"),
    ("<think>12</think><end>", "0", 0, false, "Where is the answer?"),
    ("", "0", 0, false, "Is there a response?"),
    ("7", "7", 0, false, "Who says that it is finished?"),
    ("<think>34</think>7", "7", 0, false, "Who says that it is finished?"),
    ("<think>347<end>", "7", 0, false, "Where does the thought end?"),
    ("<think>", "7", 0, false, "Is a tag worth anything?"),
    ("7<end>8", "7", 0, false, "What comes after the end?"),
    ("7<end><end>", "7", 0, false, "How often does a response end?"),
    ("7<end><pad>", "7", 0, false, "Is padding a part of a response?"),
    ("7<pad><end>", "7", 0, false, "Is padding a part of an answer?"),
    ("8<think>34</think>7<end>", "7", 0, false, "A thought after an answer: which one counts?"),
    ("<think>34</think><think>7<end>", "7", 0, false, "How many thoughts may there be?"),
    ("<think>1<think>34</think>7<end>", "7", 0, false, "How many thoughts may there be?"),
    ("<think>3</think>8</think>7<end>", "7", 0, false, "Two answers: may one choose?"),
    ("</think>7<end>", "7", 0, false, "Which thought ends here?"),
    ("7</think><end>", "7", 0, false, "Which thought ends here?"),
    ("<think>3</think>4</think><end>", "4", 0, false, "How often does a thought end?"),
    ("<think>34<end></think>7<end>", "7", 0, false, "Where does the response end?"),
    ("<think>3<pad>4</think>7<end>", "7", 0, false, "Is padding a part of a thought?"),
    ("1,7<end>", "7", 0, false, "Which characters may an answer have?"),
    ("=7<end>", "7", 0, false, "Which characters may an answer have?"),
    ("7 <end>", "7", 0, false, "Which characters may an answer have?"),
    ("+7<end>", "7", 0, false, "Is a sign a digit?"),
    ("-0<end>", "0", 0, false, "Is a sign a digit?"),
    ("٧<end>", "7", 0, false, "Is this one of the ten digits?"),
    ("７<end>", "7", 0, false, "Is this one of the ten digits?"),
    (
      "<think>9,9</think>0123456789012345678901234567890<end>",
      "123456789012345678901234567890", 1, true, "Is there a number that is too long for you?"
    ),
    (
      "123456789012345678901234567891<end>", "123456789012345678901234567890", 0, true,
      "Do you compare all digits of a long number?"
    ),
  ]

  private static let special = ["<think>", "</think>", "<end>", "<pad>"]

  /// Cuts a text into special tokens and characters.
  private static func tokens(_ text: String) -> [String] {
    var (tokens, rest) = ([String](), Substring(text))
    while let first = rest.first {
      let token = special.first { rest.hasPrefix($0) } ?? String(first)
      tokens.append(token)
      rest = rest.dropFirst(token.count)
    }
    return tokens
  }

  /// Writes every response of up to five tokens of a small alphabet, and knows what each deserves.
  private static func demandForms(
    _ answer: ([String], String) throws -> (accuracy: Int, isValid: Bool)
  ) throws {
    let thoughts = texts(of: ["7", ","], upTo: 2).map { ["<think>"] + $0 + ["</think>"] }
    var deserved: [[String]: Int] = [:]
    for length in 1...4 {
      let direct = [String](repeating: "7", count: length) + ["<end>"]
      for thought in [[]] + thoughts { deserved[thought + direct] = length == 1 ? 1 : 0 }
    }
    for response in texts(of: ["<think>", "</think>", "<end>", "7", ","], upTo: 5) {
      let found = try answer(response, "7")
      let accuracy = deserved[response]
      try demand(
        found.isValid == (accuracy != nil),
        "\(response.joined()): is this one of the two forms? (found \(found.isValid))")
      try demand(
        found.accuracy == accuracy ?? 0,
        "\(response.joined()) for 7: what is it paid? (found \(found.accuracy))")
    }
  }

  private static func texts(of alphabet: [String], upTo length: Int) -> [[String]] {
    var (all, longest): ([[String]], [[String]]) = ([[]], [[]])
    for _ in 0..<length {
      longest = longest.flatMap { text in alphabet.map { text + [$0] } }
      all += longest
    }
    return all
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
