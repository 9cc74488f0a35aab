import Testing
import Weaving

@Suite struct `Commands` {
  private let sources = [
    "Tests/Chapter04Tests/Router.swift":
      "@Suite struct `The router` {\n  @Test func `bias steers selection`() {}\n}",
    "Tests/Chapter05Tests/Empty.swift": "struct Helper {}",
    "Sources/chapter-demo/Topics.swift": "let all = [Topic(name: \"moe\", chapter: 4)]",
    "Sources/deepseek/Train.swift": "struct Train {\n  static let name = \"train\"\n}",
    "Sources/exercises/Hint.swift": "struct Hint {\n  static let name = \"hint\"\n}",
    "Chapters/04-MoE/Router.swift": "",
    "Exercises/04-MoE/Ex04_1.swift": "/// Exercise 4.1 ● Count (5 minutes).",
  ]

  private func findings(_ page: String) throws -> [String] {
    try WeavingTests.findings(
      .commands, in: sources.merging(["book/04-moe.md": page]) { $1 })
  }

  @Test(arguments: [
    "`swift test --filter Chapter04`", "`swift test`", "swift test --filter 'Chapter04|Nine'",
    "    swift test --filter \"The router\"  # quick", "`swift run chapter-demo moe --seed 5`",
    "| `swift run chapter-demo 4` | `swift run chapter-demo [topic]` |",
    "`swift run chapter-demo`",
    "`swift run -c release deepseek train --out DIR`", "`swift run exercises hint 4.1`",
    "swift run exercises hint N.M", "<!-- output: chapter-demo moe -->\n```text\n```",
    "`swift test --filter bias.*selection`",
  ])
  func `that work are left alone`(line: String) throws {
    #expect(try findings(line) == [])
  }

  @Test(arguments: [
    ("`swift test --filter Chapter4`", "`swift test --filter Chapter4` matches no test."),
    ("`swift test --filter Chapter05`", "`swift test --filter Chapter05` matches no test."),
    ("swift test --filter", "`--filter` needs a name."),
    ("`swift run chapter-demo mla`", "chapter-demo has no `mla`; it knows moe."),
    ("`swift run chapter-demo 5`", "chapter-demo has no `5`; it knows moe."),
    ("`swift run deepsek train`", "There is no program deepsek to `swift run`."),
    (
      "```sh\nswift run -c release deepseek tran\n```",
      "deepseek has no `tran`; it knows train."
    ),
    ("`swift run exercises hint 4.2`", "There is no exercise 4.2."),
    ("<!-- output: chapter-demo gqa -->", "chapter-demo has no `gqa`; it knows moe."),
  ])
  func `that would not work are found`(line: String, sentence: String) throws {
    let found = try findings(line)
    #expect(found.count == 1)
    #expect(found.first?.hasSuffix(sentence) == true, "\(found)")
  }
}
