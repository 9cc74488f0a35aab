import ExerciseKit
import Exercises13
import Solutions13
import Tensors
import TestSupport
import Testing

@Suite struct `Exercise 13.4` {
  typealias Answer = @Sendable (_ tokens: [[UInt8]], _ stops: [String]) throws -> [String]

  static let exercise = Exercise<Answer>(
    "13.4", yours: Exercises13.pieces(of:stops:), solution: Solutions13.pieces(of:stops:),
    mutants: [
      "looks at tokens": Mutants13_4.looksAtTokens(of:stops:),
      "decodes too soon": Mutants13_4.decodesTooSoon(of:stops:),
      "holds whole pieces": Mutants13_4.holdsWholePieces(of:stops:),
      "waits for the end": Mutants13_4.waitsForTheEnd(of:stops:),
      "holds too much": Mutants13_4.holdsTooMuch(of:stops:),
      "loses the rest": Mutants13_4.losesTheRest(of:stops:),
      "drops what it held": Mutants13_4.dropsWhatItHeld(of:stops:),
      "prefers the earliest": Mutants13_4.prefersTheEarliest(of:stops:),
      "goes on": Mutants13_4.goesOn(of:stops:),
      "sends the stop": Mutants13_4.sendsTheStop(of:stops:),
    ]
  ) { answer in
    func demandPieces(
      _ tokens: [String], _ stops: [String], _ wanted: [String], _ hint: String
    ) throws {
      let found = try answer(tokens.map { Array($0.utf8) }, stops)
      try demand(found == wanted, "\(hint) (found \(found))")
    }
    try demandPieces(["a", "b"], [], ["a", "b", ""], "Nothing can stop this. Who waits?")
    try demandPieces(
      ["Hi", "!"], ["!"], ["Hi", "", ""], "Is the stop text a part of the answer?")
    try demandPieces(
      ["one ", "E", "N", "D", " two"], ["END"], ["one ", "", "", "", "", ""],
      "The stop text comes in three tokens.")
    try demandPieces(
      ["go", "aE", "Nd"], ["END"], ["go", "a", "ENd", ""],
      "What is held back may turn out to be harmless. What of a token may be sent before that?")
    try demandPieces(
      ["a", "E", "N"], ["END"], ["a", "", "", "EN"], "The text ends in between.")
    try demandPieces(
      ["xEN", "EN", "D"], ["END"], ["x", "EN", "", ""], "Which end is the longest that fits?")
    try demandPieces(
      ["a", "END", "b", "END", "c"], ["END"], ["a", "", "", "", "", ""], "May it go on?")
    try demandPieces(
      ["xab", "cd"], ["abcd", "b"], ["xa", "", ""], "Which stop text is complete first?")
    try demandPieces(
      ["xabc", "d"], ["abcd", "bc"], ["xa", "", ""], "Which stop text is complete first?")
    try demandPieces(
      ["xabcd"], ["bc", "abcd"], ["xa", ""],
      "One token holds two stop texts. Would it be the same if it came byte by byte?")
    try demandPieces(
      ["xaab"], ["ab", "aab"], ["x", ""], "Two stop texts end with the same byte.")
    try demandCut(answer)
    try demandAll(answer)
  }

  private static func demandCut(_ answer: Answer) throws {
    let hint = "A character came in several tokens. What can be made of its beginning?"
    try demand(
      try answer([[0x61, 0xC3], [0xA9, 0x62]], []) == ["a", "éb", ""], hint)
    try demand(
      try answer([[0xF0], [0x9F], [0x99, 0x82]], ["\u{1F600}"]) == ["", "", "🙂", ""], hint)
    try demand(
      try answer([[0xC3], [0xA9, 0x21]], ["é"]) == ["", "", ""],
      "A stop text came in two tokens, cut within a character.")
    try demand(
      try answer([[0x61, 0xE2, 0x82]], []) == ["a", "\u{FFFD}"],
      "The last character is cut. What of it is sent, and when?")
  }

  /// Cuts texts in every way, and compares with a search in the whole.
  private static func demandAll(_ answer: Answer) throws {
    var generator = SplitMix64(seed: 8)
    let stops = ["ab", "béb", "aéé"]
    for _ in 0..<200 {
      let text = (0..<14).map { _ in ["a", "b", "é"][Int(generator.next() % 3)] }.joined()
      let bytes = Array(text.utf8)
      var tokens: [[UInt8]] = [[]]
      for byte in bytes {
        if generator.next() % 2 == 0 { tokens.append([]) }
        tokens[tokens.count - 1].append(byte)
      }
      let found = try answer(tokens, stops)
      try demand(found.count == tokens.count + 1, "One piece for each token, and a last one.")
      var (said, sent) = ([UInt8](), [UInt8]())
      for (token, piece) in zip(tokens, found) {
        said += token
        sent += piece.utf8
        let wanted = certain(said, stops)
        try demand(
          sent == wanted,
          "After \(String(decoding: said, as: UTF8.self)) of \(text): what is certain by now? "
            + "(found \(String(decoding: sent, as: UTF8.self)))")
      }
      let end = stop(bytes, stops)
      try demand(
        found.joined() == String(decoding: bytes[..<(end ?? bytes.count)], as: UTF8.self),
        "\(text): is everything there that was held back in vain?")
    }
  }

  /// Where the answer ends, if a stop text is complete.
  private static func stop(_ bytes: [UInt8], _ stops: [String]) -> Int? {
    let ends = stops.flatMap { stop -> [(end: Int, start: Int)] in
      let wanted = Array(stop.utf8)
      return bytes.indices.filter { bytes[$0...].starts(with: wanted) }
        .map { ($0 + wanted.count, $0) }
    }
    return ends.min { ($0.end, $0.start) < ($1.end, $1.start) }?.start
  }

  /// What may be sent of some bytes, whatever follows them.
  private static func certain(_ bytes: [UInt8], _ stops: [String]) -> [UInt8] {
    if let end = stop(bytes, stops) { return Array(bytes[..<end]) }
    let start = bytes.indices.first { start in
      let rest = bytes[start...]
      // Both bytes of an é, or a stop text of which not all is there.
      return rest.elementsEqual([0xC3])
        || stops.contains { $0.utf8.count > rest.count && $0.utf8.starts(with: rest) }
    }
    return Array(bytes[..<(start ?? bytes.count)])
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
