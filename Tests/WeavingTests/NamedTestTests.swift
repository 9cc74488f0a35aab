import Testing
import Weaving

@Suite struct `Tests that prose names` {
  private func findings(_ rule: Rule, _ page: String) throws -> [String] {
    let tests = """
      import Testing

      @Suite struct `A router` {
        @Test func `bias steers selection`() {}
        func `is no test`() {}
      }
      """
    return try WeavingTests.findings(
      rule, in: ["Tests/Chapter04Tests/Router.swift": tests, "book/bug-museum.md": page])
  }

  @Test func `are looked up where the directive stands behind them`() throws {
    let page = """
      Caught by: *bias steers selection*<!-- test -->, and *not by this*, which nobody checks.
      Nor by *is no test*<!-- test --> or *by luck*<!-- test -->.
      """
    #expect(
      try findings(.tests, page) == [
        "book/bug-museum.md:2: There is no test `is no test`.",
        "book/bug-museum.md:2: There is no test `by luck`.",
      ])
  }

  @Test(arguments: [
    "bias steers selection<!-- test -->", "*bias steers selection* <!-- test -->",
    "*bias steers\nselection*<!-- test -->", "**<!-- test -->",
    "*bias steers selection*<!-- test of it -->",
  ])
  func `stand in italics right before it`(page: String) throws {
    let found = try findings(.directives, page)
    #expect(found.count == 1)
    #expect(found.first?.contains("`*the test's name*<!-- test -->`, on one line") == true)
  }
}
