import Attention
import Checkpoints
import MTP
import SmallV3
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `What fine-tuning teaches` {
  private let talk = Conversation(
    system: "S", turns: "Where does the fox live?", "In the oak.", "Who?", "The fox.")

  // snippet.answers
  @Test func `are the answers with their ends, and nothing else`() throws {
    let coder = try ChatFixture.coder(.deepSeekV3)
    let example = coder.example(talk)
    #expect(example.tokens == coder.transcript(talk))
    let taught = zip(example.tokens, example.isTaught).filter(\.1).map(\.0)
    #expect(
      coder.tokenizer.decode(taught)
        == "In the oak.<｜end▁of▁sentence｜>The fox.<｜end▁of▁sentence｜>")
    #expect(example.targetCount == taught.count)
  }
  // snippet.end

  @Test func `belongs to the target, so the role's token predicts the first word`() throws {
    let coder = try ChatCoder(.deepSeekV3, Tokenizer.bytes().speaking(.deepSeekV3))
    let example = coder.example(Conversation(turns: "a", "bc"))
    #expect(example.tokens == [256, 259, 97, 260, 98, 99, 257])
    #expect(example.targets == [-1, -1, -1, 98, 99, 257])
  }

  @Test func `is the last answer alone where the history drops its thoughts`() throws {
    let coder = try ChatFixture.coder(.deepSeekR1)
    var talk = talk
    talk.messages[4].thought = "An animal."
    let example = coder.example(talk)
    let taught = zip(example.tokens, example.isTaught).filter(\.1).map(\.0)
    #expect(
      coder.tokenizer.decode(taught)
        == "An animal.\n</think>\n\nThe fox.<｜end▁of▁sentence｜>")
    #expect(example.tokens.count { $0 == coder.think } == 1)
  }
}

@Suite struct `Batches of conversations` {
  private func source(
    _ count: Int = 11, sequences: Int = 4, packs: Bool = false, seed: UInt64 = 3
  ) throws -> ConversationSource {
    let coder = try ChatCoder(.deepSeekV3, Tokenizer.bytes().speaking(.deepSeekV3))
    let examples = (0..<count).map { number in
      let answer = String(repeating: "z", count: 1 + number * 7 % 5)
      return coder.example(Conversation(turns: "q\(number)", answer))
    }
    return ConversationSource(
      examples, sequences: sequences, length: packs ? 40 : 16, padding: coder.padding,
      packs: packs, seed: seed)
  }

  @Test func `show every conversation once in an epoch, in another order in the next`() throws {
    var source = try source()
    #expect(source.batchesPerEpoch == 3)
    let epochs = (0..<2).map { _ in
      (0..<3).flatMap { _ -> [[Int]] in
        let batch = source.next()
        return (0..<batch.sequences).map { Array(batch.inputs[$0 * 16..<($0 + 1) * 16]) }
      }
    }
    #expect(epochs[0].count == 11 && Set(epochs[0]).count == 11)
    #expect(Set(epochs[0]) == Set(epochs[1]) && epochs[0] != epochs[1])
  }

  @Test func `go on where a stored run left them`() throws {
    var whole = try source()
    let batches = (0..<7).map { _ in whole.next() }
    var begun = try source()
    for _ in 0..<4 { _ = begun.next() }
    var continued = try source()
    continued.place = begun.place
    #expect((0..<3).map { _ in continued.next() } == Array(batches[4...]))
  }

  @Test func `are told apart by what is in them`() throws {
    let other = [try source(12), try source(sequences: 5), try source(seed: 4)]
    #expect(Set(try other.map(\.fingerprint) + [source().fingerprint]).count == 4)
  }

  @Test func `leave out what does not fit and what teaches nothing`() {
    let example = ChatExample(tokens: [1, 2, 3], isTaught: [false, false, true])
    let silent = ChatExample(tokens: [1, 2, 3], isTaught: [true, false, false])
    let long = ChatExample(
      tokens: [Int](repeating: 1, count: 6), isTaught: [Bool](repeating: true, count: 6))
    let source = ConversationSource(
      [silent, example, long], sequences: 2, length: 4, padding: 9, seed: 0)
    #expect(source.examples == [example])
  }

  @Test func `hold several conversations in a row, each of them once and whole`() throws {
    var packed = try source(packs: true)
    let alone = try source()
    #expect(packed.conversationsPerRow > 2.5 && packed.batchesPerEpoch == 1)
    let batch = packed.next()
    let starts = try #require(batch.documentStarts)
    var found: [[Int]: Int] = [:]
    for row in 0..<batch.sequences {
      let cells = row * 40..<(row + 1) * 40
      for start in Set(starts[cells]) {
        let places = cells.filter { starts[$0] == start }
        if batch.targets[places[0]] == Batch.ignored, places.count == 1 { continue }  // padding
        let last = batch.targets[places[places.count - 1]]
        found[places.map { batch.inputs[$0] } + [last], default: 0] += 1
        let example = alone.examples.first {
          $0.tokens.dropLast() == places.map { batch.inputs[$0] }
        }
        #expect(example?.targets == places.map { batch.targets[$0] })
      }
    }
    #expect(Set(found.keys) == Set(alone.examples.map(\.tokens)))
    #expect(found.values.allSatisfy { $0 == 1 })
  }

  @Test func `have no target in a question and none in the padding`() throws {
    var source = try source()
    let batch = source.next()
    let count = batch.targets.count { $0 != Batch.ignored }
    let letters = batch.targets.filter { $0 != Batch.ignored && $0 != 257 }
    #expect(letters.allSatisfy { $0 == Int(UInt8(ascii: "z")) })
    #expect(batch.targets.count { $0 == 257 } == 4 && count == letters.count + 4)
  }
}

@Suite struct `The loss of fine-tuning` {
  private let model = NamedConfiguration.tinyV3.model.withRows(263)

  private func batch() throws -> (Batch, ConversationSource) {
    let coder = try ChatCoder(.deepSeekV3, Tokenizer.bytes().speaking(.deepSeekV3))
    let examples = ["a", "bcdef", "gh", "ijklmnopq", "r"].map {
      coder.example(Conversation(turns: "why " + $0, $0))
    }
    let source = ConversationSource(
      examples, sequences: 5, length: 32, padding: coder.padding, packs: false, seed: 0)
    return (source.batch(examples), source)
  }

  @Test func `is the mean over the targets of the batch, not over its rows`() throws {
    let (batch, _) = try batch()
    let model = DeepSeekModel(model, seed: 1)
    let rows = batch.shards(5)
    let sum = rows.reduce(0) { $0 + model.evaluate([$1]) * Double($1.targetCount) }
    let loss = model.evaluate([batch])
    #expect(abs(loss - sum / Double(batch.targetCount)) < 1e-5)
    let meanOfRows = rows.reduce(0) { $0 + model.evaluate([$1]) } / 5
    #expect(abs(meanOfRows - loss) > 1e-4, "the rows are too alike to tell the two means apart")
  }

  @Test func `of a packed row is the mean over its conversations, as if each were alone`()
    throws
  {
    let (_, source) = try batch()
    let packed = ConversationSource(
      source.examples, sequences: 1, length: 100, padding: source.padding, seed: 0)
    #expect(packed.conversationsPerRow == 5)
    var copy = packed
    let row = copy.next()
    var wide = model
    // Fresh weights attend so weakly that a neighbour would not show.
    wide.initializerRange = 0.2
    for model in [DeepSeekModel(wide, seed: 1), DeepSeekModel(wide, seed: 2)] {
      let sum = source.examples.reduce(0) {
        $0 + model.evaluate([source.batch([$1])]) * Double($1.targetCount)
      }
      #expect(abs(model.evaluate([row]) - sum / Double(row.targetCount)) < 1e-5)
      let open = Batch(
        inputs: row.inputs, targets: row.targets, sequences: 1, length: row.length)
      #expect(abs(model.evaluate([open]) - sum / Double(row.targetCount)) > 1e-3)
    }
  }

  @Test func `has one gradient, in however many shards it is accumulated`() throws {
    let (batch, source) = try batch()
    var plan = NamedConfiguration.tinyV3.plan
    let norms = try [1, 2, 3, 5].map { shards in
      plan.shards = shards
      let model = DeepSeekModel(model, seed: 1)
      var trainer = Trainer(model, plan: plan, batches: source)
      return try trainer.takeStep()
    }
    #expect(batch.sequences == 5)
    for report in norms.dropFirst() {
      #expect(abs(report.loss - norms[0].loss) < 1e-5)
      #expect(abs(report.gradientNorm - norms[0].gradientNorm) < 1e-4 * norms[0].gradientNorm)
    }
  }

  @Test func `is finite where a whole shard has no target`() throws {
    let (batch, _) = try batch()
    let silent = Batch(
      inputs: [Int](repeating: 5, count: 24),
      targets: [Int](repeating: Batch.ignored, count: 24), sequences: 1, length: 24)
    let model = DeepSeekModel(model, seed: 1)
    #expect(model.evaluate([silent]) == 0)
    #expect(abs(model.evaluate([silent, batch]) - model.evaluate([batch])) < 1e-9)
    let tape = Tape()
    let loss = model.loss(of: silent.withoutIdleColumns, on: tape, divisor: batch.targetCount)
    let gradients = tape.gradients(of: loss)
    #expect(loss.value.scalar == 0)
    for (_, parameter) in model.namedParameters {
      #expect(gradients[parameter]?.scalars.allSatisfy { $0 == 0 } ?? true)
    }
  }

  @Test func `falls, and leaves the schedule of DeepSeek: two epochs to a tenth`() throws {
    let (_, source) = try batch()
    var settings = FineTuning()
    settings.epochs = 20
    let base = NamedConfiguration.tinyV3.plan
    let plan = settings.plan(after: base, for: source)
    #expect(FineTuning().epochs == 2 && plan.steps == 20)
    #expect(plan.rate == base.rate * 0.2)
    #expect(abs(plan.schedule.factor(step: 20, of: 20) - 0.1) < 1e-6)
    #expect(plan.coefficients["bias_speed"]?.factor(step: 1, of: 20) == 0)
    var fast = plan
    fast.rate = 3e-3
    var trainer = Trainer(DeepSeekModel(model, seed: 1), plan: fast, batches: source)
    let losses = try (0..<20).map { _ in try trainer.takeStep().loss }
    #expect(losses[19] < losses[0] - 0.3)
  }
}

extension DecoderConfiguration {
  /// The same for another vocabulary.
  func withRows(_ count: Int) -> DecoderConfiguration {
    var copy = self
    copy.vocabularySize = count
    return copy
  }
}
