import CommandLine
import Foundation
import SmallV3
import Tensors
import Text

extension SmallV3Demo {
  /// The tokens of a row.
  private static let length = 256

  /// What a token of a row sees: its own document, and others.
  mutating func showRows() throws {
    let text = PretrainingText.builtIn(bytes: 1_000_000)
    showTally(text.tally)
    let recipe = PretrainingRecipe.v3
    let (few, many) = (
      try Self.documents(text, vocabulary: 512),
      try Self.documents(text, vocabulary: recipe.vocabularySize)
    )
    let tokens = many.reduce(0) { $0 + $1.count }
    note("rows.documents", many.count)
    note("rows.tokens", Double(tokens) / Double(many.count))
    note(
      "rows.tokens.512", Double(few.reduce(0) { $0 + $1.count }) / Double(few.count))

    Console.print(
      "Rows of \(Self.length) tokens, by a vocabulary of \(recipe.vocabularySize)")
    let cut = windows(of: many)
    let packed = PackedDocuments(many, length: Self.length)
    let foreign = Self.foreignShare(packed.segments, length: Self.length)
    let fills = (Self.fill(packed), Self.fill(PackedDocuments(few, length: Self.length)))
    note("rows.packed.foreign", 100 * foreign)
    note("rows.packed.fill", 100 * fills.0)
    note("rows.packed.fill.512", 100 * fills.1)
    report(
      "packed, may cross",
      "\(Self.percent(foreign)) of what tokens see is of other documents; none is cut")
    report(
      "packed, isolated",
      "none is; the rows are filled to \(Self.percent(fills.0)), by a vocabulary of 512 to "
        + Self.percent(fills.1))
    report(
      "documents",
      "\(Self.digits(Double(tokens) / Double(many.count), 1)) tokens on average; windows "
        + "cut \(Self.percent(cut)) of them")
    Console.print()
    showRowByHand()
  }

  /// The documents of a text between begin and end, by a vocabulary that is learnt from it.
  private static func documents(
    _ text: PretrainingText, vocabulary: Int
  ) throws -> [[Int]] {
    let tokenizer = try PretrainingTokens.tokenizer(
      learntFrom: Array(text.training.prefix(1000)), vocabularySize: vocabulary)
    let (begin, end) = (tokenizer.beginID ?? 0, tokenizer.endID ?? 1)
    return Threads.map(text.training.count) {
      [begin] + tokenizer.encode(text.training[$0]) + [end]
    }
  }

  /// The share of places that hold a token of a document.
  private static func fill(_ packed: PackedDocuments) -> Double {
    let idle = packed.segments.count { $0 == PackedDocuments.padding }
    return 1 - Double(idle) / Double(packed.segments.count)
  }

  private mutating func showTally(_ tally: PretrainingText.Tally) {
    Console.print("A million bytes of the built-in corpus")
    note("copies.drawn", tally.drawn)
    note("copies.exact", tally.copies)
    note("copies.near", tally.nearCopies)
    note("copies.held-out", tally.heldOut)
    note("copies.kept", tally.kept)
    report(
      "documents",
      "\(tally.drawn) drawn, \(tally.copies) copies, \(tally.nearCopies) near copies, "
        + "\(tally.heldOut) like held-out ones; \(tally.kept) kept")
    Console.print()
  }

  /// Windows of one long text, as in the earlier chapters; returns the share of cut documents.
  private mutating func windows(of documents: [[Int]]) -> Double {
    let owners = documents.indices.flatMap { index in documents[index].map { _ in index } }
    let rows = owners.count / Self.length
    let foreign = Self.foreignShare(
      Array(owners.prefix(rows * Self.length)), length: Self.length)
    var (place, cut) = (0, 0)
    for document in documents {
      if place / Self.length != (place + document.count - 1) / Self.length { cut += 1 }
      place += document.count
    }
    let share = Double(cut) / Double(documents.count)
    note("rows.windows.foreign", 100 * foreign)
    note("rows.windows.cut", 100 * share)
    report(
      "windows of one text",
      "\(Self.percent(foreign)) of what tokens see is of other documents")
    return share
  }

  /// The share of the pairs of a token and one that it sees which are of two documents.
  private static func foreignShare(_ owners: [Int], length: Int) -> Double {
    var (foreign, all) = (0, 0)
    for row in 0..<owners.count / length {
      var seen: [Int: Int] = [:]
      for place in 0..<length {
        let owner = owners[row * length + place]
        if owner == PackedDocuments.padding { break }
        seen[owner, default: 0] += 1
        all += place + 1
        foreign += place + 1 - (seen[owner] ?? 0)
      }
    }
    return Double(foreign) / Double(max(all, 1))
  }

  /// Three documents in two rows of eight.
  private func showRowByHand() {
    let documents = [[1, 2, 3, 4, 5], [6, 7, 8], [9, 10, 11, 12]]
    let rows = PackedDocuments(documents, length: 8).isolated
    Console.print("Documents of 5, 3 and 4 tokens in rows of 8")
    func line(_ numbers: [Int], row: Int) -> String {
      numbers[row * 8..<row * 8 + 8].map { number in
        let text = number == Batch.ignored ? "·" : "\(number)"
        return String(repeating: " ", count: max(3 - text.count, 1)) + text
      }.joined()
    }
    for row in 0..<rows.sequences {
      report("row \(row): inputs", line(rows.inputs, row: row))
      report("       targets", line(rows.targets, row: row))
      report("       sees from", line(rows.documentStarts ?? [], row: row))
    }
    Console.print()
  }
}
