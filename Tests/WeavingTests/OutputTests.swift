import Foundation
import Testing
import Weaving

@Suite struct `Outputs` {
  private let record = "book/results/outputs/demo-mla-seed-5.txt"

  private func page(_ block: String) -> String {
    "<!-- output: demo mla --seed 5 -->\n```text\n\(block)\n```\n"
  }

  @Test(arguments: ["one\ntwo\nthree", "one\n…", "…\nthree", "one\n…\nthree", "…\ntwo\n…"])
  func `may leave lines out where a line of dots says so`(block: String) throws {
    let files = [
      record: "$ demo mla --seed 5\none\ntwo\nthree\n", "book/01-a.md": page(block),
    ]
    #expect(try findings(.outputs, in: files) == [])
  }

  @Test(arguments: ["one\nthree", "two\n…", "one\n…\ntwo", "…\nthree\ntwo", "", "one\n…\nfour"])
  func `that differ from their record are found`(block: String) throws {
    let files = [
      record: "$ demo mla --seed 5\none\ntwo\nthree\n", "book/01-a.md": page(block),
    ]
    #expect(
      try findings(.outputs, in: files) == [
        "book/01-a.md:1: The block is not what `demo mla --seed 5` printed (see \(record)); "
          + "run `swift run book weave`."
      ])
  }

  @Test func `without a record or a block are found, and records without a page`() throws {
    let files = [
      "book/results/outputs/old.txt": "$ old\n",
      "book/01-a.md": page("x") + "<!-- recorded: demo slow -->\n```sh\n```",
    ]
    #expect(
      try findings(.outputs, in: files) == [
        "book/01-a.md:1: The output of `demo mla --seed 5` has not been recorded; "
          + "run `swift run book weave`.",
        "book/01-a.md:5: A ```text block must follow the output of `demo slow` on the next line.",
        "book/results/outputs/old.txt:1: No page shows this output; delete the file.",
      ])
  }

  /// A program that prints the contents of a file beside it.
  private func repository(printing text: String, block: String) throws -> (TemporaryBook, Rerun)
  {
    let repository = try TemporaryBook([
      "programs/printed": text,
      "programs/demo": "#!/bin/sh\ncat \"$(dirname \"$0\")/printed\"\necho progress >&2\n",
      "book/01-a.md": page(block),
    ])
    let programs = repository.root.appending(path: "programs")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: programs.appending(path: "demo").path)
    return (repository, Rerun(root: repository.root, programs: programs))
  }

  @Test func `are recorded and shown by weaving`() throws {
    let (repository, rerun) = try repository(printing: "loss 1.5  \n\n", block: "old")
    #expect(try repository.book.weave(.missing, rerun) == [record, "book/01-a.md"])
    #expect(try repository.read(record) == "$ demo mla --seed 5\nloss 1.5\n")
    #expect(try repository.read("book/01-a.md") == page("loss 1.5"))
    #expect(try repository.book.findings(.outputs).isEmpty)
    #expect(try repository.book.rerunFindings(rerun).isEmpty)
  }

  @Test func `that only took another time have not changed`() throws {
    let (repository, rerun) = try repository(
      printing: "loss 1.5 after 12.3 ms,  98.1 GFLOP/s (87 % of peak)", block: "old")
    _ = try repository.book.weave(.missing, rerun)
    let before = try repository.read("book/01-a.md")
    try repository.write(
      "loss 1.5 after 9.9 ms, 101 GFLOP/s (9 % of peak)\n", to: "programs/printed")
    #expect(try repository.book.rerunFindings(rerun).isEmpty)
    _ = try repository.book.weave(.quick, rerun)
    #expect(try repository.read("book/01-a.md") == before)
  }

  @Test func `that changed in substance are found by running again`() throws {
    let (repository, rerun) = try repository(printing: "loss 1.5 after 2 s", block: "old")
    _ = try repository.book.weave(.missing, rerun)
    try repository.write("loss 1.6 after 2 s", to: "programs/printed")
    #expect(
      try repository.book.rerunFindings(rerun).map(\.description) == [
        "book/01-a.md:1: `demo mla --seed 5` prints something else now; "
          + "run `swift run book weave --run`."
      ])
    _ = try repository.book.weave(.quick, rerun)
    #expect(try repository.read("book/01-a.md") == page("loss 1.6 after 2 s"))
  }

  @Test func `of a program that fails or is missing stop the weaving with a sentence`() throws {
    let (repository, rerun) = try repository(printing: "x", block: "old")
    try repository.write("#!/bin/sh\nexit 3\n", to: "programs/demo")
    let broken = #expect(throws: (any Error).self) {
      try repository.book.weave(.missing, rerun)
    }
    #expect(broken.map { "\($0)" } == "The command `demo mla --seed 5` left with code 3.")
    try repository.write("<!-- output: other -->\n```text\n```", to: "book/01-a.md")
    let missing = #expect(throws: (any Error).self) {
      try repository.book.weave(.missing, rerun)
    }
    #expect(missing.map { "\($0)" } == "The command `other` needs other, which is not built.")
  }
}
