import Attention
import Checkpoints
import MTP
import SmallV3
import Tensors
import Testing
import Text

/// A small model with latent attention, of any length.
private let base = DecoderConfiguration(
  family: .deepseekV3, vocabularySize: 263, width: 16, feedForwardWidth: 32, layers: 2,
  heads: 2,
  maximumPositions: 128,
  latentAttention: LatentAttentionSizes(
    queryRank: nil, keyValueRank: 8, contentWidth: 4, rotaryWidth: 16, valueWidth: 8))

@Suite struct `Needles` {
  private let tokenizer = Tokenizer.bytes().speaking(.deepSeekV3)

  private func haystack(_ length: Int, depth: Double?, needles: Int = 3, asked: Int = 1) -> (
    Haystack, [Needle]
  ) {
    var generator = SplitMix64(seed: UInt64(length) + UInt64(100 * (depth ?? 0)))
    let needles = Needle.drawn(needles, using: &generator)
    let haystack = Haystack(
      needles, length: length, depth: depth, asking: asked, tokenizer: tokenizer,
      using: &generator)
    return (haystack, needles)
  }

  @Test(arguments: [200, 400, 1600], [0.0, 0.5, 1.0])
  func `stand once at their depth, in a text of the wanted length`(
    length: Int, depth: Double
  ) throws {
    let (haystack, needles) = haystack(length, depth: depth)
    let text = tokenizer.decode(haystack.tokens)
    #expect(haystack.tokens.count <= length && haystack.tokens.count > length - 160)
    #expect(text.hasSuffix("\nNote \(needles[0].name)\(needles[0].number)"))
    for needle in needles { #expect(text.components(separatedBy: needle.sentence).count == 2) }
    let start = try #require(text.range(of: needles[0].sentence)).lowerBound
    let body = try #require(text.range(of: "\nNote ")).lowerBound
    let share =
      Double(text.distance(from: text.startIndex, to: start))
      / Double(text.distance(from: text.startIndex, to: body))
    #expect(abs(share - depth) < 160 / Double(length) + 0.1, "\(share)")
  }

  @Test func `have answers where the questions end`() {
    let (haystack, needles) = haystack(600, depth: nil, needles: 4, asked: 4)
    let answers = haystack.answers
    #expect(answers.count == 4)
    let asked = answers.map {
      tokenizer.decode(haystack.tokens[..<$0.place].suffix(6) + $0.tokens)
    }
    #expect(
      Set(asked) == Set(needles.map { $0.question + $0.answer }), "each is asked for once")
    #expect(asked[3] == needles[0].question + needles[0].answer, "the first is the last")
    for answer in answers {
      let found = haystack.tokens[answer.place..<answer.place + answer.tokens.count]
      #expect(Array(found) == answer.tokens)
    }
    #expect(haystack.prompt + answers[3].tokens == haystack.tokens)
  }

  @Test func `have names that differ, so one question has one answer`() {
    var generator = SplitMix64(seed: 2)
    for _ in 0..<20 {
      let needles = Needle.drawn(16, using: &generator)
      #expect(Set(needles.map(\.name)).count == 16)
      #expect(needles.allSatisfy { (0...9).contains($0.number) })
    }
  }

  @Test func `are judged as a greedy continuation is`() throws {
    let model = DeepSeekModel(base, seed: 3).language
    for seed in 0..<6 {
      let (found, _) = haystack(160 + seed, depth: 0.5)
      let answer = found.answers[0].tokens
      let greedy = model.generate([found.prompt], count: 1, sampling: .greedy, seed: 0)[0]
      #expect(found.isAnswered(by: model) == (greedy == answer))
      // The model's own words, taken for the answer, must be found.
      let own = Haystack(prompt: found.prompt, answer: greedy)
      #expect(own.isAnswered(by: model))
    }
  }

  /// What stands behind the name at the end of a text where it stood before.
  private func read(_ text: ArraySlice<Int>) -> Int? {
    let question = text.suffix(tokenizer.encode("Note A").count)
    let places = text.indices.dropLast(question.count)
    return places.last { text[$0...].starts(with: question) }.map { text[$0 + question.count] }
  }

  @Test func `are found at every depth by who reads, and near the end by who forgets`() {
    func map(_ sight: Int) -> [[Double]] {
      NeedleMap(
        lengths: [300, 600], depths: [0, 1], trials: 5, needles: 4, tokenizer: tokenizer,
        seed: 1
      ) { [self] in read($0.prompt.suffix(sight)) == $0.answers[0].tokens[0] }.shares
    }
    #expect(map(.max) == [[1, 1], [1, 1]])
    #expect(map(60) == [[0, 1], [0, 1]])
  }

  @Test func `are found by luck in 32.5 of 100 texts, by who copies the number of any note`() {
    var generator = SplitMix64(seed: 4)
    let found = (0..<4000).count { _ in
      let needles = Needle.drawn(4, using: &generator)
      return needles[Draw.below(4, using: &generator)].number == needles[0].number
    }
    // A quarter, and a tenth of the rest; the standard deviation is 0.0074.
    #expect(abs(Double(found) / 4000 - 0.325) < 0.025)
  }

  @Test func `make batches of three sorts of rows, continued after a pause`() {
    let text = (0..<3000).map { $0 % 251 }
    var source = NeedleSource(
      text: text, tokenizer: tokenizer, sequences: 4, length: 256, share: 0.75, lists: 0.33,
      seed: 1)
    #expect(source.needles == 12)
    var continued = source
    _ = source.next()
    continued.generator = source.generator
    let batch = source.next()
    #expect(batch == continued.next())
    let rows = (0..<4).map { row in
      let places = row * 256..<(row + 1) * 256
      return (inputs: batch.inputs[places], targets: batch.targets[places])
    }
    let counts = rows.map { row in row.targets.count { $0 != Batch.ignored } }
    #expect(zip(rows[3].inputs, rows[3].targets).allSatisfy { ($0 + 1) % 251 == $1 % 251 })
    #expect(counts[1...2].allSatisfy { (1...12).contains($0) }, "of a haystack the numbers")
    #expect(counts[3] == 256, "of plain text every token")
    #expect(rows[1...2].allSatisfy { tokenizer.decode(Array($0.inputs)).contains("\nNote ") })
  }

  @Test func `are told again and again in lists, with all that can be known as targets`() {
    var source = NeedleSource(
      text: [Int](0..<400), tokenizer: tokenizer, sequences: 8, length: 249, share: 1, lists: 1,
      seed: 1)
    let batch = source.next()
    for row in 0..<8 {
      let places = Array(row * 249..<(row + 1) * 249)
      var numbers: [Int: Int] = [:]
      // A fact has five bytes: " A5 A".
      for place in stride(from: 0, to: 245, by: 5).map({ places[$0] }) {
        let (fact, targets) = (
          batch.inputs[place..<place + 5], batch.targets[place..<place + 4]
        )
        let (name, number) = (fact[place + 1], fact[place + 2])
        #expect(tokenizer.decode(Array(fact)).wholeMatch(of: /\ ([A-Z])[0-9] \1/) != nil)
        let known = numbers.updateValue(number, forKey: name)
        #expect(known == nil || known == number, "a name keeps its number")
        let taught = [Batch.ignored, known ?? Batch.ignored, fact[place + 3], name]
        #expect(Array(targets) == taught)
      }
      #expect((2...4).contains(numbers.count))
    }
  }

  @Test func `have as target what stands behind the name`() {
    var source = NeedleSource(
      text: [Int](0..<400), tokenizer: tokenizer, sequences: 8, length: 250, share: 1, lists: 0,
      seed: 1)
    let batch = source.next()
    for row in 0..<8 {
      let inputs = batch.inputs[row * 250..<(row + 1) * 250]
      for place in inputs.indices where batch.targets[place] != Batch.ignored {
        #expect(read(inputs[...place]) == batch.targets[place])
      }
    }
  }

  @Test func `make a map of every length and depth, the same on any number of threads`() {
    let model = DeepSeekModel(base, seed: 3).language
    let maps = [1, 2].map { threads in
      Threads.with(threads) {
        NeedleMap(
          of: model, lengths: [160, 200], depths: [0, 0.5, 1], trials: 2, tokenizer: tokenizer,
          seed: 1)
      }
    }
    #expect(maps[0] == maps[1])
    #expect(maps[0].shares.count == 2 && maps[0].shares.allSatisfy { $0.count == 3 })
    #expect(maps[0].shares.joined().allSatisfy { (0...1).contains($0) })
  }
}
