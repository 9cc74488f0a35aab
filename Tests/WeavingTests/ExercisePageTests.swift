import Testing
import Weaving

@Suite struct `Exercises` {
  private let complete = [
    "book/01-tensors.md": """
    ### Exercise 1.2 ●● Stable softmax (15 minutes)
    ### Exercise 1.10 ★ Break it (30 minutes)
    """,
    "Exercises/01-Tensors/Ex01_2.swift": "/// Exercise 1.2 ●● Stable softmax (15 minutes).\n",
    "Exercises/Solutions/01-Tensors/Ex01_2.swift": "",
    "Exercises/Hints/01.2.md": "Think.",
    "Exercises/Hints/01.10.md": "Think.",
    "Exercises/Open/01.10.md": "# Exercise 1.10 ★ Break it (30 minutes)",
    "Tests/Exercise01Tests/Exercise1_2.swift": """
    @Suite struct `Exercise 1.2` {
      @Test func `your answer`() { tryYours(Self.exercise) }
      @Test func `solution`() { proveSolution(Self.exercise) }
      @Test func `mutants`() { proveMutant("x", of: Self.exercise) }
    }
    """,
  ]

  private func without(_ path: String) throws -> [String] {
    try findings(.exercises, in: complete.filter { $0.key != path })
  }

  @Test func `that are complete are left alone, open ones too`() throws {
    #expect(try findings(.exercises, in: complete) == [])
  }

  @Test func `without a page yet are left alone`() throws {
    #expect(try without("book/01-tensors.md") == [])
  }

  @Test func `that lack a file are found`() throws {
    let starter = "Exercises/01-Tensors/Ex01_2.swift"
    #expect(
      try without("Exercises/Hints/01.2.md") == [
        "\(starter):1: Exercise 1.2 needs hints in Exercises/Hints/01.2.md."
      ])
    #expect(
      try without("Exercises/Solutions/01-Tensors/Ex01_2.swift") == [
        "\(starter):1: Exercise 1.2 needs a solution in "
          + "Exercises/Solutions/01-Tensors/Ex01_2.swift."
      ])
    #expect(
      try without("Tests/Exercise01Tests/Exercise1_2.swift") == [
        "\(starter):1: Exercise 1.2 needs a suite `Exercise 1.2` in Tests/Exercise01Tests/."
      ])
    #expect(
      try without(starter) == [
        "book/01-tensors.md:1: Exercise 1.2 has no starter in Exercises/ and no file in "
          + "Exercises/Open/."
      ])
  }

  @Test func `that no page states, or states otherwise, are found`() throws {
    var files = complete
    files["book/01-tensors.md"] = "### Exercise 1.2 ● Softmax (15 minutes)"
    #expect(
      try findings(.exercises, in: files) == [
        "book/01-tensors.md:1: The heading should be "
          + "`Exercise 1.2 ●● Stable softmax (15 minutes)`, as in Exercises/01-Tensors/Ex01_2.swift.",
        "Exercises/Open/01.10.md:1: book/01-tensors.md has no heading for exercise 1.10.",
      ])
  }

  @Test func `whose suite proves too little are found`() throws {
    var files = complete
    let path = "Tests/Exercise01Tests/Exercise1_2.swift"
    files[path] = files[path]?.replacing("proveMutant", with: "skipMutant")
    #expect(
      try findings(.exercises, in: files) == [
        "\(path):1: The suite `Exercise 1.2` must call `proveMutant(…)`."
      ])
  }

  @Test func `are listed in the order of the book`() throws {
    let repository = try TemporaryBook(complete)
    let catalogue = try withExtendedLifetime(repository) { Catalogue(of: try repository.book) }
    #expect(catalogue.exercises.map(\.number) == ["1.2", "1.10"])
    #expect(catalogue.exercises.map(\.level) == ["●●", "★"])
    #expect(catalogue.exercises.first?.title == "Stable softmax (15 minutes)")
    #expect(catalogue.exercises.last?.starter == nil)
  }
}

@Suite struct `The exercise board` {
  private let files = [
    "Exercises/01-Tensors/Ex01_1.swift": "/// Exercise 1.1 ● Count (5 minutes).",
    "Exercises/01-Tensors/Ex01_2.swift": "/// Exercise 1.2 ●● Softmax (15 minutes).",
    "Exercises/02-Attention/Ex02_1.swift": "/// Exercise 2.1 ● Predict (5 minutes).",
    "Exercises/Open/01.3.md": "# Exercise 1.3 ★ Break it (30 minutes)",
    "Exercises/Hints/01.1.md": "one\n\n---\n\ntwo\n\n---\n\n```\nthree\n```\n",
    "Exercises/Solutions/01-Tensors/Ex01_1.swift": """
    /// Why this way: because.
    func f() {}

    /// Wrong answers.
    public enum Mutants1_1 {}
    """,
  ]

  @Test func `shows every state and begins with what is wrong`() throws {
    let repository = try TemporaryBook(files)
    let catalogue = try withExtendedLifetime(repository) { Catalogue(of: try repository.book) }
    let board = Board(catalogue, verdicts: "1.2 wrong\n1.1 unfinished\n")
    #expect(
      board.text == """
        01 Tensors     1.1 □ ●   1.2 ▣ ●●   1.3 · ★   0 of 2
        02 Attention   2.1 ? ●   0 of 1

        ■ passes   ▣ is wrong   □ not begun   · open   ? not reached

        Next: 1.2 Softmax (15 minutes)
          edit  Exercises/01-Tensors/Ex01_2.swift
          try   swift test --filter "Exercise 1.2"
          hint  swift run exercises hint 1.2
        """)
  }

  @Test func `goes on to the first that is not begun, and ends`() throws {
    let repository = try TemporaryBook(files)
    let catalogue = try withExtendedLifetime(repository) { Catalogue(of: try repository.book) }
    let board = Board(catalogue, verdicts: "1.1 right\n1.2 unfinished\n2.1 unfinished")
    #expect(board.text.contains("\nNext: 1.2 Softmax"))
    let done = Board(catalogue, verdicts: "1.1 right\n1.2 right\n2.1 right")
    #expect(done.text.hasSuffix("\nAll 3 exercises pass."))
    #expect(done.text.contains("1.1 ■ ●   1.2 ■ ●●   1.3 · ★   2 of 2"))
  }

  @Test func `gives hints in steps and solutions without their mutants`() throws {
    let repository = try TemporaryBook(files)
    defer { withExtendedLifetime(repository) {} }
    let book = try repository.book
    let entry = try #require(Catalogue(of: book).exercises.first)
    #expect(
      try entry.hints(.first, in: book)
        == "one\n\nMore help: swift run exercises hint 1.1 --more")
    #expect(
      try entry.hints(.more, in: book)
        == "one\n\ntwo\n\nMore help: swift run exercises hint 1.1 --all")
    #expect(try entry.hints(.all, in: book) == "one\n\ntwo\n\n```\nthree\n```")
    #expect(try entry.solution(in: book) == "/// Why this way: because.\nfunc f() {}")
  }
}
