import Foundation
import Testing
import Weaving

@Suite struct `Numbers` {
  private func findings(_ shown: String, _ value: Double) throws -> [String] {
    try WeavingTests.findings(
      .numbers,
      in: [
        "book/results/01.json": "{\"ch01.key\": \(value)}",
        "book/01-a.md": "It takes \(shown)<!-- = ch01.key --> of them.",
      ])
  }

  @Test(arguments: [
    ("576", 576.0), ("0.58", 0.5764), (".58", 0.5764), ("−0.3", -0.25001), ("-3", -3),
    ("+3", 3),
    ("1 300", 1300.2), ("1\u{202F}300", 1300), ("70,272", 70272), ("671000000", 671e6),
    ("61%", 0.612), ("61.2 %", 0.612), ("2.5e-4", 0.000251), ("2.5 × 10⁻⁴", 0.000251),
    ("1.0×10¹²", 0.996e12), ("$37.6$", 37.55001), ("**12**", 12.3), ("step 120 576", 576),
    ("layers 10-20", 20), ("0.0", -0.01), ("1,234.5", 1234.54),
  ])
  func `are read at the digits shown`(shown: String, value: Double) throws {
    #expect(try findings(shown, value) == [])
  }

  @Test(arguments: [
    ("576", 577.0, "577"), ("0.58", 0.5864, "0.59"), (".58", 1.5764, "1.58"),
    ("−0.3", 0.25001, "0.3"), ("70,272", 70273, "70,273"), ("61%", 61, "6100%"),
    ("2.5e-4", 0.0025, "2.5e-3"), ("2.5 × 10⁻⁴", 0.00026, "2.6 × 10⁻⁴"), ("12", -12, "−12"),
    ("1 300", 1400, "1 400"),
  ])
  func `that are wrong are found`(shown: String, value: Double, right: String) throws {
    let found = try findings(shown, value)
    #expect(found.count == 1)
    #expect(found.first?.contains("should be \(right), since ch01.key is") == true, "\(found)")
  }

  @Test func `need a key that exists, and a number before it`() throws {
    let files = [
      "book/results/01.json": #"{"a": 1}"#,
      "book/01-a.md": "12<!-- = b --> and\nnone<!-- = a -->",
    ]
    #expect(
      try WeavingTests.findings(.numbers, in: files) == [
        "book/01-a.md:1: No file in book/results has the key b.",
        "book/01-a.md:2: No number stands before the key a.",
      ])
  }

  @Test func `come from flat files whose keys differ`() throws {
    let files = [
      "book/results/01.json": #"{"a": 1}"#, "book/results/02.json": #"{"a": 2}"#,
      "book/results/03.json": #"{"b": {"c": 2}}"#, "book/01-a.md": "1<!-- = a -->",
    ]
    let found = try WeavingTests.findings(.numbers, in: files)
    #expect(
      found.prefix(2) == [
        "book/results/02.json:1: The key a is in another results file too.",
        "book/results/03.json:1: A results file is one flat JSON object from keys to numbers.",
      ])
  }

  @Test func `are rewritten by weaving with the digits and separators they had`() throws {
    let repository = try TemporaryBook([
      "book/results/01.json": #"{"a": 0.4567, "b": -1234.5, "c": 7}"#,
      "book/01-a.md": "x .99<!-- = a --> y 9 999<!-- = b -->, $1$<!-- = c -->.\n",
    ])
    let rerun = Rerun(root: repository.root, programs: repository.root)
    _ = try repository.book.weave(.missing, rerun)
    let woven = try repository.read("book/01-a.md")
    #expect(
      woven
        == "x .46<!-- = a --> y −1 234<!-- = b -->, $7$<!-- = c -->.\n")
  }
}
