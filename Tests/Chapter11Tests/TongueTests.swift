import SmallR1
import Tensors
import Testing
import Text

@Suite struct `Two tongues` {
  @Test func `have a word for each digit`() {
    #expect(Tongue.digits.writing([3, 7, 1, 9]) == "3719")
    #expect(Tongue.letters.writing([3, 7, 1, 9]) == "dhbj")
    for tongue in Tongue.allCases {
      for (digit, word) in tongue.words.utf8.enumerated() {
        #expect(Tongue.reading(word)?.tongue == tongue)
        #expect(Tongue.reading(word)?.digit == digit)
      }
    }
    for sign in "+s:?=;.k/" { #expect(Tongue.reading(sign.asciiValue ?? 0) == nil) }
  }

  @Test func `translate each other, and leave signs alone`() {
    let text = "33h0;1190=a"
    #expect(Tongue.digits.translating(text) == "3370;1190=0")
    #expect(Tongue.letters.translating(text) == "ddha;bbja=a")
    for tongue in Tongue.allCases {
      let once = tongue.translating(text)
      #expect(tongue.translating(once) == once)
      #expect(tongue.translating(tongue.other.translating(text)) == once)
      #expect(tongue.share(of: once) == 1 && tongue.other.share(of: once) == 0)
    }
  }

  @Test func `are counted by their words alone`() {
    // Six digits and two letters; the signs do not count.
    #expect(Tongue.digits.share(of: "33;70=ha11") == 0.75)
    #expect(Tongue.letters.share(of: "33;70=ha11") == 0.25)
    #expect(Tongue.digits.share(of: "33;70=11") == 1)
  }

  @Test func `share a text between them`() {
    var generator = SplitMix64(seed: 3)
    let signs = Array("0123456789abcdefghij+;=")
    for _ in 0..<500 {
      let count = 1 + Draw.below(12, using: &generator)
      let text = String((0..<count).map { _ in signs[Draw.below(23, using: &generator)] })
      let words = text.count { $0.isNumber || $0.isLetter }
      guard words > 0 else {
        #expect(Tongue.digits.share(of: text) == nil)
        continue
      }
      let expected = Double(text.count(where: \.isNumber)) / Double(words)
      #expect(Tongue.digits.share(of: text) == expected)
      #expect(abs((Tongue.letters.share(of: text) ?? 2) - (1 - expected)) < 1e-12)
    }
  }

  // Trap 8: an empty thought must not be a consistent one.
  @Test func `have no share of a text without words`() {
    for text in ["", ";", "=;+"] {
      #expect(Tongue.digits.share(of: text) == nil && Tongue.letters.share(of: text) == nil)
    }
  }
}
