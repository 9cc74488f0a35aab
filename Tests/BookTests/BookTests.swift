import Foundation
import Testing
import Weaving

/// The promises of the book, kept on this repository.
///
/// `Tests/WeavingTests` breaks each of them.
@Suite struct `The book and the code` {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let book = Result { try Book(root: root) }

  private func expectNothing(_ rule: Rule) throws {
    let book = try Self.book.get()
    #expect(!book.pages.isEmpty, "there is a book")
    let list = book.findings(rule).map { "  \($0)" }.joined(separator: "\n")
    #expect(list.isEmpty, "\n\(list)")
  }

  @Test func `every hidden comment is a directive`() throws { try expectNothing(.directives) }

  @Test func `every quotation is the code`() throws { try expectNothing(.snippets) }

  @Test func `every keyed number is the measured one`() throws { try expectNothing(.numbers) }

  @Test func `every output block is what its command printed`() throws {
    try expectNothing(.outputs)
  }

  @Test func `every numbered equation names a test`() throws { try expectNothing(.equations) }

  @Test func `every command works`() throws { try expectNothing(.commands) }

  @Test func `every link leads somewhere`() throws { try expectNothing(.links) }

  @Test func `every figure is shown and described`() throws { try expectNothing(.figures) }

  @Test func `every bold term is in the glossary`() throws { try expectNothing(.glossary) }

  @Test func `every exercise is complete`() throws { try expectNothing(.exercises) }

  @Test func `every test that the prose names exists`() throws { try expectNothing(.tests) }

  @Test func `every rule has a test here`() { #expect(Rule.allCases.count == 11) }
}
