import Foundation

extension Book {
  /// Which commands run while the book is woven.
  public enum Recording: Sendable {
    /// Those that have no record yet, unless they are slow.
    case missing
    /// All but the slow ones.
    case quick
    /// All.
    case all
  }

  /// Refreshes snippets, numbers and output blocks, and returns the paths of the changed files.
  ///
  /// - Throws: An error that names the command which failed or the file which could not be
  ///   written; pages are written only after every command has run.
  public func weave(_ recording: Recording, _ rerun: Rerun) throws -> [String] {
    var changed = try recordOutputs(recording, rerun)
    for page in pages {
      var woven = refreshingSnippets(of: page)
      woven = refreshingNumbers(of: woven)
      woven = replacing(woven).refreshingOutputs(of: woven)
      if woven.lines != page.lines {
        try write(woven.lines.joined(separator: "\n"), to: page.path)
        changed.append(page.path)
      }
    }
    return changed
  }

  private func recordOutputs(_ recording: Recording, _ rerun: Rerun) throws -> [String] {
    var changed: [String] = []
    var done: Set<String> = []
    for block in outputBlocks where done.insert(block.command).inserted {
      let old = record(of: block.command)
      let isWanted =
        switch recording {
        case .missing: old == nil && !block.isSlow
        case .quick: !block.isSlow
        case .all: true
        }
      guard isWanted else { continue }
      let printed = try rerun.output(of: block.command, includingErrors: block.isSlow)
      let new = OutputRecord(command: block.command, printed: printed)
      // A record that differs in its times alone stays, so that pages do not change for nothing.
      if let old, !block.isSlow, new.agrees(with: old) { continue }
      let path = OutputRecord.path(of: block.command)
      try write(new.text, to: path)
      changed.append(path)
    }
    return changed
  }

  /// This book with one page replaced.
  private func replacing(_ page: Page) -> Book {
    Book(self, pages: pages.map { $0.path == page.path ? page : $0 })
  }

  private init(_ book: Book, pages: [Page]) {
    root = book.root
    self.pages = pages
    sources = book.sources
    tests = book.tests
  }
}
