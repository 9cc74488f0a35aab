import Tensors
import Testing
import Text

@Suite struct `Filling in the middle` {
  private let transform = FillInTheMiddle(begin: 100, hole: 101, end: 102, rate: 1)

  @Test func `by hand`() {
    // abcdef with the middle cd: prefix ab, suffix ef.
    #expect(
      transform.rearranged([1, 2, 3, 4, 5, 6], middle: 2..<4) == [
        100, 1, 2, 101, 5, 6, 102, 3, 4,
      ])
    #expect(transform.prompt(prefix: [1], suffix: []) == [100, 1, 101, 102])
  }

  // snippet.reassembly
  @Test(arguments: 0...7) func `loses nothing, wherever the cuts fall`(count: Int) {
    let document = Array(0..<count)
    for start in 0...count {
      for end in start...count {
        let told = transform.rearranged(document, middle: start..<end)
        #expect(told.count == count + 3)
        #expect(transform.reassembled(told) == document, "cuts at \(start) and \(end)")
      }
    }
  }
  // snippet.end

  @Test(arguments: [
    [], [1, 2], [100, 1, 102, 101], [100, 101], [5, 100, 101, 102], [100, 101, 102, 102],
  ]) func `puts together nothing that is not whole`(tokens: [Int]) {
    #expect(transform.reassembled(tokens) == nil)
  }

  @Test func `draws every pair of cuts equally often`() {
    var generator = SplitMix64(seed: 3)
    var counts: [Range<Int>: Int] = [:]
    for _ in 0..<30_000 {
      counts[FillInTheMiddle.middle(of: 3, using: &generator), default: 0] += 1
    }
    // i ≤ j in 0…3: ten pairs, 3 000 each; four standard deviations are 208.
    #expect(counts.count == 10)
    for (middle, count) in counts { #expect(abs(count - 3_000) < 208, "\(middle)") }
  }

  @Test func `has one middle for a document of nothing`() {
    var generator = SplitMix64(seed: 1)
    #expect(FillInTheMiddle.middle(of: 0, using: &generator) == 0..<0)
    #expect(transform.document([], using: &generator) == [100, 101, 102])
  }

  @Test(arguments: [0, 0.1, 0.5, 1]) func `rewrites the share of documents that it should`(
    rate: Double
  ) {
    let transform = FillInTheMiddle(begin: 100, hole: 101, end: 102, rate: rate)
    var generator = SplitMix64(seed: 5)
    let document = [1, 2, 3]
    let told = (0..<10_000).map { _ in transform.document(document, using: &generator) }
    let rewritten = told.filter { $0.first == 100 }
    #expect(told.filter { $0.first != 100 }.allSatisfy { $0 == document })
    #expect(rewritten.allSatisfy { transform.reassembled($0) == document })
    // Four standard deviations are at most 200; at 0 and 1 there are none.
    let bound = 4 * (10_000 * rate * (1 - rate)).squareRoot()
    #expect(abs(Double(rewritten.count) - 10_000 * rate) <= bound)
  }

  @Test func `takes the tokens by DeepSeek's names, and names the one that is missing`() throws
  {
    let names = FillInTheMiddle.specialTokens
    // U+FF5C and U+2581; the plain bar and low line would be other tokens.
    #expect(
      names.map { $0.unicodeScalars.filter { !$0.isASCII }.map(\.value) }
        == names.map { _ in [0xFF5C, 0x2581, 0xFF5C] })
    let found = try FillInTheMiddle(.bytes(special: names), rate: 0.1)
    #expect([found.begin, found.hole, found.end] == [256, 257, 258] && found.rate == 0.1)
    #expect(throws: TokenizerError.self) {
      try FillInTheMiddle(.bytes(special: [names[0], names[2]]), rate: 0.1)
    }
    do { _ = try FillInTheMiddle(.bytes(), rate: 1) } catch {
      #expect(
        "\(error)"
          == "tokenizer.json: there is no token <｜fim▁begin｜>, so the model cannot fill in a middle."
      )
    }
  }

  @Test func `cuts a text between characters, within a token too`() throws {
    let text = "la la la la naïve la la"
    let tokenizer = try Tokenizer.trained(
      on: [text], vocabularySize: 262, specialTokens: FillInTheMiddle.specialTokens)
    let transform = try FillInTheMiddle(tokenizer, rate: 1)
    var generator = SplitMix64(seed: 2)
    let whole = tokenizer.encode(text).count
    var longest = 0
    for _ in 0..<200 {
      let told = transform.document(text, tokenizer: tokenizer, using: &generator)
      let back = try #require(transform.reassembled(told))
      #expect(tokenizer.decode(back) == text)
      longest = max(longest, back.count)
    }
    #expect(longest > whole, "some cut must have split a token")
  }
}
