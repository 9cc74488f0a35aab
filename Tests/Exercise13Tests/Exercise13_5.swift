import ExerciseKit
import Exercises13
import Serving
import Solutions13
import TestSupport
import Testing

@Suite struct `Exercise 13.5` {
  typealias Answer =
    @Sendable (_ bytes: [UInt8], _ limit: Int) throws -> (body: [UInt8], length: Int)?

  static let exercise = Exercise<Answer>(
    "13.5", yours: Exercises13.chunkedBody(_:limit:),
    solution: Solutions13.chunkedBody(_:limit:),
    mutants: [
      "leaves it": Mutants13_5.leavesIt(_:limit:),
      "takes a sign": Mutants13_5.takesASign(_:limit:),
      "takes a prefix": Mutants13_5.takesAPrefix(_:limit:),
      "takes spaces": Mutants13_5.takesSpaces(_:limit:),
      "skips the end": Mutants13_5.skipsTheEnd(_:limit:),
      "waits for it": Mutants13_5.waitsForIt(_:limit:),
      "limits each chunk": Mutants13_5.limitsEachChunk(_:limit:),
      "leaves the last line": Mutants13_5.leavesTheLastLine(_:limit:),
      "refuses notes": Mutants13_5.refusesNotes(_:limit:),
    ]
  ) { answer in
    let next = "GET / HTTP/1.1\r\n"
    let good = [
      ("0\r\n\r\n", ""), ("3\r\nabc\r\n0\r\n\r\n", "abc"),
      ("3;note=\"a\"\r\nabc\r\n0;\r\n\r\n", "abc"), ("5\r\nab\r\nc\r\n0\r\n\r\n", "ab\r\nc"),
      ("a\r\n0123456789\r\n0A\r\n0123456789\r\n000\r\n\r\n", "01234567890123456789"),
    ]
    for (text, body) in good {
      for behind in ["", next] {
        let found = try honest(answer, Array((text + behind).utf8))
        try demand(
          found?.body == Array(body.utf8) && found?.length == text.utf8.count,
          "\(text.debugDescription): which bytes are the body, and with which does the next request begin?"
        )
      }
      for count in 0..<text.utf8.count {
        let found = try honest(answer, Array(text.utf8.prefix(count)))
        try demand(
          found == nil,
          "\(text.debugDescription), of which \(count) bytes have come: is that the end?")
      }
    }
    for text in [
      "+3\r\nabc\r\n0\r\n\r\n", "-0\r\n\r\n", "-1\r\n", "0x3\r\nabc\r\n0\r\n\r\n",
      " 3\r\nabc\r\n0\r\n\r\n", "3 \r\nabc\r\n0\r\n\r\n", "1_0\r\n", "\r\n", ";a\r\n", "g\r\n",
      "٣\r\nabc\r\n0\r\n\r\n",
    ] {
      try demandFault(
        400, answer, text,
        "which bytes are hexadecimal digits, and what does Int make of the others?")
    }
    for text in ["3\r\nabcd", "3\r\nabcde\r\n0\r\n\r\n", "3\r\nabc\rx", "0\r\nGET / HTTP/1.1"] {
      try demandFault(
        400, answer, text, "what must stand behind a chunk, and who looks at it?")
    }
    for text in [
      "15\r\n", "7fffffffffffffff\r\nab", "fffffffffffffffff\r\n", "a\r\n0123456789\r\nB\r\n",
      "a\r\n0123456789\r\n7fffffffffffffff\r\n",
    ] {
      try demandFault(
        413, answer, text, "the limit is 20 bytes. Is there anything to wait for?")
    }
  }

  /// What is made of the bytes of an honest client.
  private static func honest(
    _ answer: Answer, _ bytes: [UInt8]
  ) throws -> (body: [UInt8], length: Int)? {
    do { return try answer(bytes, 20) } catch let fault as HTTPFault {
      throw Wrong(
        "\(String(decoding: bytes, as: UTF8.self).debugDescription): what is wrong with that? "
          + "(found \(fault.status))")
    }
  }

  private static func demandFault(
    _ status: Int, _ answer: Answer, _ text: String, _ hint: String
  ) throws {
    var found: Int?
    do { _ = try answer(Array(text.utf8), 20) } catch let fault as HTTPFault {
      found = fault.status
    }
    try demand(
      found == status,
      "\(text.debugDescription): \(hint) (found \(found.map(String.init) ?? "no fault"))")
  }

  @Test func `your answer`() { tryYours(Self.exercise) }

  @Test func `the solution passes`() { proveSolution(Self.exercise) }

  @Test(arguments: exercise.mutantNames)
  func `a wrong answer is caught`(name: String) { proveMutant(name, of: Self.exercise) }
}
