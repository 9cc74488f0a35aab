import Testing
import Weaving

@Suite struct `Equations` {
  private let tests = """
    import Testing

    @Suite struct `The router` {
      @Test(arguments: [1, 2])
      func `bias steers selection`(k: Int) {}
      func `is no test`() {}
    }
    """

  private func findings(_ page: String) throws -> [String] {
    try WeavingTests.findings(
      .equations, in: ["Tests/Chapter04Tests/Router.swift": tests, "book/04-moe.md": page])
  }

  @Test func `count on and name tests that exist`() throws {
    let page = """
      $$g = 1 \\tag{4.1}$$
      <!-- eq 4.1 · V3 (13) · test: bias steers selection -->

      ```math
      h = 2 \\tag{4.2}
      ```
      <!-- eq 4.2 · ours · test: bias steers selection -->
      """
    #expect(try findings(page) == [])
  }

  @Test func `whose test does not exist are found`() throws {
    let page = "$$g \\tag{4.1}$$\n<!-- eq 4.1 · V3 (13) · test: is no test -->"
    #expect(
      try findings(page) == [
        "book/04-moe.md:2: Equation 4.1 names a test that does not exist: `is no test`."
      ])
  }

  @Test func `out of order, without a directive or without a block are found`() throws {
    let page = """
      $$g \\tag{4.2}$$
      <!-- eq 4.2 · V3 · test: bias steers selection -->
      $$h \\tag{4.2}$$
      <!-- eq 4.3 · V3 · test: bias steers selection -->

      $$i \\tag{4.3}$$





      <!-- eq 4.9 · V3 · test: bias steers selection -->
      """
    #expect(
      try findings(page) == [
        "book/04-moe.md:1: The equation (4.2) should have the number 4.1.",
        "book/04-moe.md:4: This directive says 4.3, its equation 4.2.",
        "book/04-moe.md:6: The equation (4.3) needs "
          + "`<!-- eq 4.3 · SOURCE · test: NAME -->` behind it.",
        "book/04-moe.md:12: Equation 4.9 has no block with `\\tag` before its directive.",
      ])
  }
}
