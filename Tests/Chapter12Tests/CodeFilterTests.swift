import CodeModels
import Testing

@Suite struct `The filters of a code corpus` {
  private let filter = CodeFilter()
  private let code = "let answer = six * seven\n"

  private func reason(_ path: String, _ text: String) -> CodeFilter.Reason? {
    filter.reason(toDrop: SourceFile(path: path, text: text))
  }

  @Test func `keep what people write`() {
    #expect(reason("a.swift", code) == nil)
    #expect(reason("Makefile", "all:\n\tswift build\n") == nil)
  }

  @Test func `drop lines that are long on average, at more than 100 characters`() {
    let hundred = String(repeating: "a", count: 100)
    #expect(reason("a.js", hundred) == nil)
    #expect(reason("a.js", hundred + "\n") == nil, "the last line feed begins no line")
    #expect(reason("a.js", hundred + "\n" + hundred + "a\n") == .longLines, "the mean is 100.5")
    #expect(reason("a.js", hundred + "a\n" + String(repeating: "a", count: 99)) == nil)
  }

  @Test func `drop a single endless line, at more than 1000 characters`() {
    let short = String(repeating: "ab\n", count: 50)
    #expect(reason("a.js", short + String(repeating: "a", count: 1000)) == nil)
    #expect(reason("a.js", short + String(repeating: "a", count: 1001)) == .endlessLine)
  }

  @Test func `drop tables, of which less than a quarter are letters`() {
    #expect(reason("a.c", "abc123456789") == nil)
    #expect(reason("a.c", "ab1234567890") == .fewLetters)
    #expect(reason("a.c", "привет мир 123") == nil, "letters of every script count")
  }

  @Test func `drop exported XML, but no style sheets`() {
    let header = "<?xml version=\"1.0\"?>\n<note>some words in a note</note>\n"
    #expect(reason("a.svg", header) == .exportedXML)
    #expect(reason("a.xslt", header) == nil && reason("b/c.XSL", header) == nil)
    let late = String(repeating: "words\n", count: 17) + header
    #expect(reason("a.txt", late) == nil, "the header begins after 102 characters")
    let early = String(repeating: "words\n", count: 14) + header
    #expect(reason("a.txt", early) == .exportedXML, "it ends at 98")
  }

  @Test func `drop pages that show little`() {
    let words = String(repeating: "word\n", count: 19)
    // White space counts once and not at the ends: 99 characters, and 100.
    #expect(reason("a.html", "<html><p>\(words)word\n</p></html>\n") == .hiddenHTML)
    #expect(reason("a.html", "<p>\(words)words</p>") == nil)
    let script = "<script>" + String(repeating: "var a = b;\n", count: 50) + "</script>"
    #expect(reason("a.html", "<p>\(words)words</p>\n" + script) == .hiddenHTML, "100 of 675")
    #expect(reason("a.js", script) == nil, "only pages are looked at in this way")
  }

  @Test(arguments: ["json", "yaml", "yml"])
  func `drop small and large data`(suffix: String) {
    func data(_ count: Int) -> String {
      String(String(repeating: "key: value\n", count: count).prefix(count))
    }
    let found = [49, 50, 5000, 5001].map { reason("a.\(suffix)", data($0)) }
    #expect(found == [.dataSize, nil, nil, .dataSize])
    #expect(reason("a.txt", data(5001)) == nil)
  }

  @Test func `tell the language by the last suffix of the name`() {
    let paths = ["a.JSON", "b.tar.gz", "c.d/e", ".swift", "", "f."]
    #expect(
      paths.map { SourceFile(path: $0, text: "").suffix } == ["json", "gz", "", "", "", ""])
  }

  @Test func `drop nothing for being empty`() {
    #expect(reason("a.py", "") == nil)
  }
}

@Suite struct `Visible text` {
  @Test(arguments: [
    ("a <b>bold</b>  word\n", "a bold word"),
    ("<p title=\"x\">one</p><p>two</p>", "one two"),
    ("one<!-- <p>two</p> -->three", "onethree"),
    ("<style>p { color: red }</style>red", "red"),
    ("<SCRIPT src=a>if (a < b) { c(\"</p>\") }</Script >after", "after"),
    ("<scripture>psalm</scripture>", "psalm"),
    ("before<script>never closed", "before"), ("before<!-- never closed", "before"),
    ("before<p never closed", "before"), ("", ""), ("  \n", ""), ("<", ""),
  ]) func `is what stands outside of tags`(page: String, text: String) {
    #expect(VisibleText(ofHTML: page).text == text)
  }

  @Test func `counts characters and not bytes`() {
    #expect(VisibleText(ofHTML: "<p>naïve</p>").characters == 5)
  }
}
