import Tensors
import Testing
import Text

@Suite struct `The trainer` {
  @Test(arguments: 0..<12)
  func `learns what counting everything anew would learn`(seed: Int) throws {
    var generator = SplitMix64(seed: UInt64(seed))
    let letters = Array("aab c")
    let texts = (0..<6).map { _ in
      String(
        (0..<(5 + generator.below(60))).map { _ in letters[generator.below(letters.count)] })
    }
    let count = 40
    let tokenizer = try Tokenizer.trained(
      on: texts, vocabularySize: 256 + count, preTokenizer: .gpt2)
    let learnt = (256..<tokenizer.vocabularySize).map(tokenizer.piece(of:))
    let expected = slowlyLearnt(
      from: texts.flatMap(PreTokenizer.gpt2.pieces(of:)), count: count)
    #expect(learnt == expected)
  }

  /// Byte-pair encoding as its definition says, without any bookkeeping.
  private func slowlyLearnt(from pieces: [String], count: Int) -> [String] {
    let bytes = Tokenizer.bytes()
    // Letters by the numbers that training gives them, then the new tokens.
    let order = Array("!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abc")
    var names: [Int: String] = [220: " "]
    for (number, letter) in order.enumerated() { names[number] = String(letter) }
    var words = pieces.map { piece in
      bytes.encode(piece).map { $0 == 32 ? 220 : $0 - 33 }
    }
    var learnt: [String] = []
    while learnt.count < count {
      var counts: [[Int]: Int] = [:]
      for word in words {
        for pair in zip(word, word.dropFirst()) { counts[[pair.0, pair.1], default: 0] += 1 }
      }
      let best = counts.max { a, b in
        a.value != b.value ? a.value < b.value : b.key.lexicographicallyPrecedes(a.key)
      }
      guard let pair = best?.key, let left = names[pair[0]], let right = names[pair[1]] else {
        break
      }
      let known = learnt.firstIndex(of: left + right).map { 256 + $0 }
      let token = known ?? 256 + learnt.count
      if known == nil { learnt.append(left + right) }
      names[token] = left + right
      words = words.map { merged($0, pair, token) }
    }
    return learnt
  }

  private func merged(_ word: [Int], _ pair: [Int], _ token: Int) -> [Int] {
    var result: [Int] = []
    var place = 0
    while place < word.count {
      if place + 1 < word.count, word[place] == pair[0], word[place + 1] == pair[1] {
        result.append(token)
        place += 2
      } else {
        result.append(word[place])
        place += 1
      }
    }
    return result
  }
}
