import Attention
import Checkpoints
import Foundation
import MTP
import SmallV3
import Tensors
import Testing
import Text

@Suite struct `A mixture of data` {
  private func list(_ name: String, _ count: Int, weight: Int) -> DataMixture.Part {
    .documents((0..<count).map { "\(name)\($0)" }, name: name, weight: weight)
  }

  @Test func `draws each source by its weight`() {
    let mixture = DataMixture([
      list("a", 7, weight: 5), list("b", 3, weight: 3), list("c", 2, weight: 0),
      list("d", 1, weight: 2),
    ])
    let drawn = mixture.draw(bytes: 40_000, using: SplitMix64(seed: 4))
    let share = { part in Double(drawn.count { $0.part == part }) / Double(drawn.count) }
    // Four standard deviations of 20 000 draws are at most 0.014.
    #expect(abs(share(0) - 0.5) < 0.014 && abs(share(1) - 0.3) < 0.014)
    #expect(share(2) == 0 && abs(share(3) - 0.2) < 0.014)
  }

  @Test func `tells every document of a list once before any comes again`() {
    let mixture = DataMixture([list("a", 9, weight: 1), list("b", 4, weight: 1)])
    let drawn = mixture.draw(bytes: 2_000, using: SplitMix64(seed: 1))
    for (part, count) in [(0, 9), (1, 4)] {
      let texts = drawn.filter { $0.part == part }.map(\.text)
      var orders: Set<[String]> = []
      for start in stride(from: 0, through: texts.count - count, by: count) {
        let round = Array(texts[start..<start + count])
        #expect(Set(round).count == count)
        orders.insert(round)
      }
      #expect(orders.count > 3, "each time round has an order of its own")
    }
  }

  @Test func `is the same for the same seed, and a longer draw begins like a shorter one`() {
    let short = DataMixture.builtIn.draw(bytes: 20_000, using: SplitMix64(seed: 7))
    let long = DataMixture.builtIn.draw(bytes: 40_000, using: SplitMix64(seed: 7))
    #expect(Array(long.prefix(short.count)) == short)
    #expect(DataMixture.builtIn.draw(bytes: 20_000, using: SplitMix64(seed: 8)) != short)
  }

  @Test func `of the built-in sorts has the entropy that the corpus states`() {
    // The draws of a document are those of its sort, and one for the sort itself.
    let drawn = DataMixture.builtIn.draw(bytes: 2_000_000, using: SplitMix64(seed: 3))
    let kinds = EntropyRate.entropy(ofWeights: DocumentSource.weights)
    let bits = drawn.reduce(0.0) { $0 + ($1.bits ?? 0) + kinds }
    let bytes = drawn.reduce(0) { $0 + $1.text.utf8.count }
    let rate = EntropyRate(bits: bits, bytes: Double(bytes)).natsPerByte
    #expect(abs(rate / DocumentSource.rate.natsPerByte - 1) < 0.01, "\(rate)")
  }
}

@Suite struct `The documents of a file` {
  @Test func `stand between separators`() {
    #expect(
      DocumentFile.documents(of: "One.\n<|endoftext|>\n\n<|endoftext|>\nTwo.\nThree.\n")
        == ["One.\n", "Two.\nThree.\n"])
    #expect(DocumentFile.documents(of: "One.\n\nTwo.") == ["One.\n\nTwo.\n"])
    #expect(DocumentFile.documents(of: "\n").isEmpty)
  }
}

@Suite struct `The text of a pre-training` {
  // snippet.copies
  @Test func `loses copies, and what is held out never trains`() {
    let words = (0..<60).map { "word\($0)" }.joined(separator: " ")
    let text = PretrainingText(
      drawn: ["a b", "c d", "A  B", "held out", words, words + " more", "e"],
      heldOut: ["held OUT"], rule: Deduplicator.Rule(), floor: nil, heldOutSurprise: nil)
    #expect(text.training == ["a b", "c d", words, "e"])
    #expect(text.tally.drawn == 7 && text.tally.kept == 4)
    #expect(text.tally.copies == 1 && text.tally.nearCopies == 1 && text.tally.heldOut == 1)
    let all = PretrainingText(
      drawn: ["a", "a"], heldOut: ["a"], rule: nil, floor: nil, heldOutSurprise: nil)
    #expect(all.training == ["a", "a"] && all.tally.kept == 2)
  }
  // snippet.end

  @Test
  func `of the built-in corpus holds out what the corpus holds out, and knows its surprise`()
    throws
  {
    let text = PretrainingText.builtIn(bytes: 50_000)
    let corpus = Corpus.builtIn(bytes: 1)
    #expect(text.heldOut.joined() == corpus.validation)
    #expect(text.floor == corpus.entropy?.natsPerByte)
    let surprise = try #require(text.heldOutSurprise)
    let floor = try #require(text.floor)
    #expect(surprise != floor && abs(surprise / floor - 1) < 0.05)
    #expect(Set(text.training).isDisjoint(with: text.heldOut))
  }

  @Test func `of a file holds out its last documents, and none of them in part`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "text-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let names = (0..<25).map { "Document \($0) tells of the number \($0 * $0).\n" }
    let (many, few) = (folder.appending(path: "many"), folder.appending(path: "few"))
    try names.joined(separator: "<|endoftext|>\n").write(
      to: many, atomically: true, encoding: .utf8)
    try names[0].write(to: few, atomically: true, encoding: .utf8)
    let text = try PretrainingText.files([many])
    #expect(text.training == Array(names[..<23]) && text.heldOut == Array(names[23...]))
    #expect(text.floor == nil && text.heldOutSurprise == nil)
    let both = try PretrainingText.files([many, few])
    #expect(both.training.count == 24 && both.heldOut.count == 3)
    let cut = both.training[23].dropLast() + both.heldOut[2]
    #expect(cut == names[0], "one document is cut")
  }
}

@Suite struct `The gap to the entropy` {
  @Test func `counts a token for every byte, and the dice of every sort`() throws {
    // A model that knows nothing spreads its chance evenly: log 263 a token, whatever the sort.
    var sizes = NamedConfiguration.tinyV3.model
    sizes.vocabularySize = PretrainingTokens.bytes.vocabularySize
    let model = DeepSeekModel(sizes, seed: 1)
    model.language.headWeight.value = Tensor(shape: model.language.headWeight.shape)
    let gaps = EntropyGap.measure(model, PretrainingTokens.bytes, length: 64, bytes: 20_000)
    #expect(gaps.map(\.kind) == ["story", "tasks", "programs"])
    for (gap, kind) in zip(gaps, Document.Kind.allCases) {
      // A byte costs one token, and a document its end.
      let rate = DocumentSource.rate(of: kind)
      let even = log(Double(sizes.vocabularySize)) * (1 + 1 / rate.bytes)
      #expect(abs(gap.natsPerByte / even - 1) < 0.002, "\(gap)")
      // Told the sort, a document has its own entropy; the sort costs a choice among ten.
      let share = [5.0, 3, 2][kind == .story ? 0 : kind == .tasks ? 1 : 2] / 10
      let floor = (rate.bits - log2(share)) * log(2) / rate.bytes
      #expect(abs(gap.surprise / floor - 1) < 0.05, "\(gap) \(floor)")
    }
  }

  @Test func `knows which words of a story have been told before`() throws {
    // A model that knows nothing pays log 263 for each byte of a word and its space, in every mention.
    let tokenizer = PretrainingTokens.bytes
    var sizes = NamedConfiguration.tinyV3.model
    sizes.vocabularySize = tokenizer.vocabularySize
    sizes.maximumPositions = 1024
    let model = DeepSeekModel(sizes, seed: 1).language
    model.headWeight.value = Tensor(shape: model.headWeight.shape)
    let found = LaterMentions.measure(model, tokenizer, stories: 20, seed: 3)
    #expect(found.map(\.word) == ["hero", "friend", "manner"])

    var generator = SplitMix64(seed: 3).branch(0x6AA)
    var (counts, bytes) = ([0, 0, 0], [0, 0, 0])
    for _ in 0..<20 {
      let story = ToldStory.drawn(using: &generator)
      let words = [story.hero, story.friend, "\(story.manner) \(story.friend)"]
      for (index, word) in words.enumerated() {
        // The pieces between the mentions are one more than those.
        let spaced = (" " + story.text).split(
          separator: try Regex(" \(word)(?![a-z])"), omittingEmptySubsequences: false)
        let later = max(0, spaced.count - 2)
        let length = index == 2 ? story.manner.utf8.count : word.utf8.count
        counts[index] += later
        bytes[index] += later * (length + 1)
      }
    }
    #expect(found.map(\.count) == counts)
    for (mentions, bytes) in zip(found, bytes) {
      let nats = Double(bytes) * log(Double(sizes.vocabularySize)) / Double(mentions.count)
      #expect(abs(mentions.nats / nats - 1) < 1e-5, "\(mentions)")
    }
  }

  @Test func `needs a tokenizer that frames documents`() throws {
    #expect(
      EntropyGap.measure(
        DeepSeekModel(NamedConfiguration.tinyV3.model, seed: 1), .bytes(), length: 64
      ).isEmpty)
  }
}
