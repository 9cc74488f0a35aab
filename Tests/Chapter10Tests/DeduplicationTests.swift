import SmallV3
import Tensors
import Testing
import Text

@Suite struct `De-duplication` {
  /// A text of words that occur once each, some of them exchanged.
  private func text(_ name: String, words: Int, changed: Set<Int> = []) -> String {
    (0..<words).map { changed.contains($0) ? "new\(name)\($0)" : "word\($0)" }
      .joined(separator: " ")
  }

  @Test func `knows a copy by its words, whatever its capitals and line ends`() {
    var deduplicator = Deduplicator()
    #expect(deduplicator.examine("One day\nMia ran.") == .new)
    #expect(deduplicator.examine("Another text.") == .new)
    #expect(deduplicator.examine("  one DAY mia\tran.\n\n") == .copy(of: 0))
    #expect(deduplicator.examine("one day mia ran") == .new, "a full stop is a difference")
    #expect(deduplicator.examine("Another  text.") == .copy(of: 1))
    #expect(deduplicator.count == 5)
  }

  @Test func `by hand: a changed word breaks five shingles of a hundred`() {
    // 104 words have 100 runs of five. Word 50 is in five of them: 95 are shared, 105 are in all.
    var deduplicator = Deduplicator()
    #expect(deduplicator.examine(text("a", words: 104)) == .new)
    #expect(
      deduplicator.examine(text("a", words: 104, changed: [50]))
        == .nearCopy(of: 0, likeness: 95.0 / 105))
  }

  @Test func `draws its line at the threshold`() {
    // With c words changed far apart, 100 − 5c of 100 + 5c runs are shared: 8/10 at c = 2.22.
    for changed in 0...6 {
      var deduplicator = Deduplicator()
      _ = deduplicator.examine(text("a", words: 104))
      let places = Set((0..<changed).map { 10 + 14 * $0 })
      let verdict = deduplicator.examine(text("b", words: 104, changed: places))
      let shared = Double(100 - 5 * changed) / Double(100 + 5 * changed)
      switch verdict {
      case .copy: #expect(changed == 0)
      case .nearCopy(let earlier, let likeness):
        #expect(earlier == 0 && likeness == shared && shared >= 0.8 && changed > 0)
      case .new: #expect(shared < 0.8)
      }
    }
  }

  @Test func `estimates the Jaccard index by the share of agreeing hashes`() {
    let hashes = MinHash(count: 2_000, seed: 1)
    for common in [0, 30, 60, 90, 100] {
      let a = Set((0..<100).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 })
      let b = Set((100 - common..<200 - common).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 })
      let exact = MinHash.jaccard(a, b)
      #expect(exact == Double(common) / Double(200 - common))
      let agreeing = zip(hashes.signature(of: a), hashes.signature(of: b)).count { $0 == $1 }
      // Four standard deviations of 2 000 draws are at most 0.045.
      #expect(abs(Double(agreeing) / 2_000 - exact) < 0.045, "\(common)")
    }
  }

  @Test func `compares nearly all pairs at the threshold and few below one half`() {
    let rule = Deduplicator.Rule()
    #expect(rule.chance(at: 0.8) > 0.98 && rule.chance(at: 1) == 1)
    #expect(rule.chance(at: 0.3) < 0.002 && rule.chance(at: 0) == 0)
  }

  @Test func `finds planted copies among documents of the corpus`() {
    var generator = SplitMix64(seed: 2)
    let originals = (0..<300).map { _ in
      DocumentSource.document(.story, using: &generator).text
    }
    var deduplicator = Deduplicator()
    let kept = originals.map { deduplicator.examine($0) }.count { $0 == .new }
    #expect(kept > 290, "stories of one grammar are alike, but few are nearly the same")
    for (index, original) in originals.enumerated() where index % 10 == 0 {
      guard deduplicator.examine(original.uppercased()) != .new else {
        Issue.record("the copy of \(index) was taken for new")
        continue
      }
      #expect(deduplicator.examine(original + "The end.") != .new)
    }
  }
}
