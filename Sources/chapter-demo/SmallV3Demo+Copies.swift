import CommandLine
import Figures
import Foundation
import SmallV3
import Tensors

extension SmallV3Demo {
  /// Copies that were put among documents of the corpus: as they are, with one other word, and with
  /// every tenth word changed, which are no copies any more.
  private mutating func showPlanted() {
    let documents = DataMixture.builtIn.draw(bytes: 100_000, using: SplitMix64(seed: 10)).map(
      \.text)
    let some = Array(documents.filter { $0.count > 400 }.prefix(100))
    func changed(_ text: String, every distance: Int) -> String {
      text.split(separator: " ").enumerated().map { place, word in
        place % distance == distance / 2 ? "other" : String(word)
      }.joined(separator: " ")
    }
    let planted: [(key: String, name: String, texts: [String])] = [
      ("spaced", "with other spaces", some.map { $0.replacing(" ", with: "  ").uppercased() }),
      ("word", "with one other word", some.map { changed($0, every: $0.count) }),
      ("tenth", "with every tenth changed", some.map { changed($0, every: 10) }),
    ]
    for (key, name, texts) in planted {
      var deduplicator = Deduplicator()
      let clean = documents.count { deduplicator.examine($0) == .new }
      let found = texts.count { deduplicator.examine($0) != .new }
      note("planted.\(key)", found)
      note("planted.kept", clean)
      report(
        name, "\(found) of \(texts.count) found; of \(documents.count) others \(clean) are kept"
      )
    }
  }

  /// How likely two documents are to be compared, by their likeness.
  mutating func showCopies() {
    let rule = Deduplicator.Rule()
    let pairs = rule.bands * rule.rows
    Console.print("\(rule.bands) bands of \(rule.rows) hashes: who is compared at all")
    let shown = [0.5, 0.6, 0.7, 0.8, 0.9]
    for likeness in shown {
      note("chance.\(Int((100 * likeness).rounded()))", rule.chance(at: likeness))
    }
    report("likeness", shown.map { Self.digits($0, 3) }.joined(separator: "  "))
    report(
      "chance", shown.map { Self.digits(rule.chance(at: $0), 3) }.joined(separator: "  "))
    showPlanted()
    // A hundred words have 96 runs of five; one other word changes five of them on each side.
    note("copies.word", 91.0 / 101)
    Console.print()

    func curve(_ chance: (Double) -> Double) -> [(x: Double, y: Double)] {
      (0...100).map { (Double($0) / 100, chance(Double($0) / 100)) }
    }
    draw(
      "bands",
      LineChart(
        title: "Which pairs are compared",
        description:
          "The chance that two documents are compared over their likeness. With 24 bands of 8 hashes "
          + "it rises steeply near the threshold of 0.8. One band of 192 finds only equal documents, "
          + "and 192 bands of one compare nearly all.",
        xLabel: "Jaccard index of two documents", yLabel: "chance to be compared",
        series: [
          .init("192 bands of 1", curve { 1 - pow(1 - $0, Double(pairs)) }, ink: .series(0)),
          .init(
            "\(rule.bands) bands of \(rule.rows)", curve(rule.chance), ink: .series(1)),
          .init("1 band of 192", curve { pow($0, Double(pairs)) }, ink: .series(2)),
        ], yIncludes: [0, 1]))
  }
}
