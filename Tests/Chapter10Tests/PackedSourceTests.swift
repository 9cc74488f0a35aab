import Attention
import SmallV3
import Tensors
import Testing
import Text

@Suite struct `A source of packed rows` {
  /// Documents of random lengths whose tokens are all different.
  private let documents: [[Int]] = {
    var generator = SplitMix64(seed: 5)
    return (1...120).map { number in
      (0..<Draw.below(30, using: &generator) + 2).map { number * 100 + $0 }
    }
  }()

  private func source(seed: UInt64 = 1, isolates: Bool = true) -> PackedSource {
    PackedSource(documents, length: 32, isolates: isolates, seed: seed)
  }

  @Test func `tells every row once in an epoch, in an order that is new in the next`() {
    var source = source()
    let epochs = (0..<3).map { _ in (0..<source.rows).map { _ in source.next().inputs } }
    for epoch in epochs {
      let tokens = epoch.flatMap { $0 }.filter { $0 > 0 }
      #expect(tokens.sorted() == documents.flatMap { $0 }.sorted())
    }
    #expect(Set(epochs).count == 3)
    #expect(source.place == 3 * source.rows)
  }

  @Test func `goes on from a place as if it had never stopped`() {
    var whole = source()
    let batches = (0..<40).map { whole.next(sequences: $0 % 3 + 1) }
    for pause in [0, 1, 17, 39] {
      var continued = source()
      continued.place = (0..<pause).reduce(0) { $0 + $1 % 3 + 1 }
      let rest = (pause..<40).map { continued.next(sequences: $0 % 3 + 1) }
      #expect(rest == Array(batches[pause...]))
    }
  }

  @Test func `has one seed, and a fingerprint of tokens, seed and form`() {
    var (one, other) = (source(seed: 1), source(seed: 2))
    #expect(one.fingerprint == source().fingerprint && one.fingerprint != other.fingerprint)
    #expect(source(isolates: false).fingerprint != one.fingerprint)
    #expect(one.next(sequences: 8) != other.next(sequences: 8))
    let moved = one.fingerprint
    #expect(moved == source().fingerprint, "the place is no part of it")
  }

  @Test func `marks where documents begin, unless attention may cross`() throws {
    var (isolated, crossing) = (source(), source(isolates: false))
    let batch = isolated.next(sequences: 5)
    let starts = try #require(batch.documentStarts)
    for place in batch.inputs.indices where batch.inputs[place] > 0 {
      // The token at the start of a document is the first of its hundred.
      let first = batch.inputs[place / 32 * 32 + starts[place]]
      #expect(first / 100 == batch.inputs[place] / 100 && first % 100 == 0)
    }
    let other = crossing.next(sequences: 5)
    #expect(other.documentStarts == nil && other.inputs == batch.inputs)
    #expect(isolated.fill > 0.9 && isolated.fill <= 1)
  }
}

@Suite struct `The data of a pre-training` {
  @Test func `frames every document, fills in at its rate, and examines without`() throws {
    let text = PretrainingText.builtIn(bytes: 200_000)
    let tokenizer = PretrainingTokens.bytes
    var recipe = PretrainingRecipe.v3
    recipe.fillRate = 0.5
    let data = try PretrainingData(
      text, tokenizer, recipe: recipe, length: 2048, sequences: 2, seed: 3)
    let filling = try FillInTheMiddle(tokenizer, rate: 0.5)
    var (source, told, rearranged): (PackedSource, Set<String>, Int) = (data.training, [], 0)
    for _ in 0..<source.rows {
      let row = source.next().inputs
      for document in row.split(separator: try #require(tokenizer.endID)) {
        guard document.first == tokenizer.beginID else { continue }
        let tokens = Array(document.dropFirst())
        if let back = filling.reassembled(tokens) {
          rearranged += 1; told.insert(tokenizer.decode(back))
        } else {
          told.insert(tokenizer.decode(tokens))
        }
      }
    }
    #expect(told == Set(text.training))
    let share = Double(rearranged) / Double(text.training.count)
    #expect(abs(share - 0.5) < 0.08, "\(share)")
    let heldOut = data.validation.flatMap(\.inputs)
    #expect(!heldOut.contains(filling.hole) && data.validation.allSatisfy { $0.sequences <= 2 })
    // Bytes and the end are predicted, the begin is not.
    let targets = data.validation.reduce(0) { $0 + $1.targetCount }
    #expect(targets == data.validationBytes + text.heldOut.count)
    #expect(data.tokensPerByte == Double(targets) / Double(data.validationBytes))
  }

  @Test func `numbers the special tokens as DeepSeek-V3 spells them`() throws {
    let tokenizer = try PretrainingTokens.tokenizer(
      learntFrom: ["la la la"], vocabularySize: 270)
    let names = PretrainingTokens.special
    #expect(names.map { tokenizer.encode($0) } == names.indices.map { [$0] })
    #expect(tokenizer.beginID == 0 && tokenizer.endID == 1)
    #expect(
      names[..<6] == [
        "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜▁pad▁｜>", "<｜fim▁begin｜>",
        "<｜fim▁hole｜>", "<｜fim▁end｜>",
      ])
    let filling = try FillInTheMiddle(tokenizer, rate: 1)
    #expect(filling.prompt(prefix: [40], suffix: [50]) == [3, 40, 4, 50, 5])
  }

  @Test func `wants a tokenizer with a begin and an end`() {
    #expect(throws: UnframedDocuments.self) {
      try PretrainingData(
        .builtIn(bytes: 2_000), .bytes(), recipe: .v3, length: 64, sequences: 2, seed: 0)
    }
  }
}
