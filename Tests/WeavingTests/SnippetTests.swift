import Foundation
import Testing
import Weaving

@Suite struct `Snippets` {
  private let source = """
    struct Gate {
      \(mark)sigmoid
      func sigmoid(_ x: Double) -> Double {
        1 / (1 + exp(-x))
      }
      \(mark)end
    }
    """

  private func page(_ code: String, name: String = "sigmoid") -> String {
    """
    # Gates

    <!-- snippet: Sources/Gate.swift \(name) -->
    ```swift
    \(code)
    ```
    """
  }

  private let code = """
    func sigmoid(_ x: Double) -> Double {
      1 / (1 + exp(-x))
    }
    """

  @Test func `a quotation without its indentation is the code`() throws {
    let files = ["Sources/Gate.swift": source, "book/01-gates.md": page(code)]
    #expect(try findings(.snippets, in: files) == [])
  }

  @Test func `drift names the page, the line, the snippet, both texts and the cure`() throws {
    let drifted = code.replacing("exp(-x)", with: "exp(x)")
    let files = ["Sources/Gate.swift": source, "book/01-gates.md": page(drifted)]
    #expect(
      try findings(.snippets, in: files) == [
        "book/01-gates.md:3: The snippet sigmoid has drifted: line 2 is `1 / (1 + exp(x))` here "
          + "and `1 / (1 + exp(-x))` in Sources/Gate.swift; run `swift run book weave`."
      ])
  }

  @Test func `a quotation that lost its last line has drifted`() throws {
    let short = code.split(separator: "\n").dropLast().joined(separator: "\n")
    let files = ["Sources/Gate.swift": source, "book/01-gates.md": page(short)]
    let found = try findings(.snippets, in: files)
    #expect(found.count == 1)
    #expect(found.first?.contains("line 3 is nothing here and `}` in") == true)
  }

  @Test func `weaving refreshes a quotation and nothing else`() throws {
    let stale = page("old\nlines") + "\n\nThe end."
    let repository = try TemporaryBook([
      "Sources/Gate.swift": source, "book/01-gates.md": stale,
    ])
    let rerun = Rerun(root: repository.root, programs: repository.root)
    #expect(try repository.book.weave(.missing, rerun) == ["book/01-gates.md"])
    #expect(try repository.read("book/01-gates.md") == page(code) + "\n\nThe end.")
    #expect(try repository.book.findings(.snippets).isEmpty)
    #expect(try repository.book.weave(.missing, rerun) == [])
  }

  @Test func `a snippet that holds a fence is woven into a longer fence`() throws {
    let fenced = "\(mark)doc\n/// ```\n/// x\n/// ```\n```\n\(mark)end"
    let stale = "<!-- snippet: Sources/A.swift doc -->\n```swift\nold\n```\n"
    let repository = try TemporaryBook(["Sources/A.swift": fenced, "book/a.md": stale])
    let rerun = Rerun(root: repository.root, programs: repository.root)
    _ = try repository.book.weave(.missing, rerun)
    #expect(try repository.read("book/a.md").contains("\n````swift\n/// ```\n"))
    #expect(try repository.book.findings(.snippets).isEmpty)
  }

  @Test func `an unknown file and an unknown name are found`() throws {
    let files = [
      "Sources/Gate.swift": source,
      "book/01-gates.md": page(code) + "\n" + page(code, name: "tanh")
        + "\n<!-- snippet: Sources/None.swift x -->\n```swift\n```",
    ]
    let found = try findings(.snippets, in: files)
    #expect(
      found == [
        "book/01-gates.md:11: Sources/Gate.swift has no snippet tanh.",
        "book/01-gates.md:17: There is no Swift file Sources/None.swift.",
      ])
  }

  @Test func `a directive without a block is found`() throws {
    let files = [
      "Sources/Gate.swift": source,
      "book/01-gates.md": "<!-- snippet: Sources/Gate.swift sigmoid -->\n\n```swift\n```",
    ]
    #expect(
      try findings(.snippets, in: files) == [
        "book/01-gates.md:1: A ```swift block must follow the snippet sigmoid on the next line."
      ])
  }

  @Test func `a marker that no page quotes is found`() throws {
    let files = ["Sources/Gate.swift": source, "book/01-gates.md": "# Gates"]
    #expect(
      try findings(.snippets, in: files) == [
        "Sources/Gate.swift:2: No page quotes the snippet sigmoid."
      ])
  }

  @Test func `the markers of a chapter wait for its page`() throws {
    var files = ["Chapters/04-MoE/Router.swift": source, "book/README.md": "# Contents"]
    #expect(try findings(.snippets, in: files) == [])
    files["book/04-moe.md"] = "# 4"
    #expect(
      try findings(.snippets, in: files) == [
        "Chapters/04-MoE/Router.swift:2: No page quotes the snippet sigmoid."
      ])
  }

  @Test func `broken markers are found`() throws {
    let broken = """
      \(mark)end
      \(mark)a
      \(mark)b
      \(mark)end
      \(mark)a
      \(mark)end
      \(mark)c
      """
    let quote = "<!-- snippet: Tests/A.swift a -->\n```swift\n```"
    let found = try findings(.snippets, in: ["Tests/A.swift": broken, "book/a.md": quote])
    #expect(
      found == [
        "Tests/A.swift:1: `// snippet.end` closes no snippet.",
        "Tests/A.swift:3: The snippet b begins inside a; snippets stand one after another.",
        "Tests/A.swift:5: The snippet a is already defined on line 2.",
        "Tests/A.swift:7: The snippet c has no `// snippet.end`.",
      ])
  }

  @Test func `a line wider than the page is found`() throws {
    let wide = "\(mark)a\n" + String(repeating: "x", count: 97) + "\n\(mark)end"
    let quote = "<!-- snippet: Sources/A.swift a -->\n```swift\n"
    let page = quote + String(repeating: "x", count: 97) + "\n```"
    #expect(
      try findings(.snippets, in: ["Sources/A.swift": wide, "book/a.md": page]) == [
        "Sources/A.swift:2: A line of the snippet a is wider than 96 columns."
      ])
  }
}

@Suite struct `Directives` {
  @Test func `in code are only text`() throws {
    let page = "Write `<!-- = key -->` or\n\n```\n<!-- snipet: a b -->\n```\n<!-- eq -->"
    #expect(
      try findings(.directives, in: ["book/a.md": page]) == [
        "book/a.md:6: An equation names its test: "
          + "`<!-- eq 4.6 · V3 (13)–(16) · test: the test's name -->`."
      ])
  }

  @Test func `with a misspelt word or without an end are found`() throws {
    let page = "<!-- snipet: a b -->\n12<!-- =\nkey -->"
    let found = try findings(.directives, in: ["book/a.md": page])
    #expect(found.count == 2)
    #expect(found.first?.hasPrefix("book/a.md:1: `snipet: a b` is no directive") == true)
    #expect(found.last == "book/a.md:2: A comment opens here and does not close on its line.")
  }
}
