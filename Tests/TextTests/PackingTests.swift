import Tensors
import Testing
import Text

@Suite struct `Packed documents` {
  @Test func `by hand`() {
    // Six into rows of five: 5 + 1. The pieces by length: 5, 3, 2, 1, so 3 + 2 fill a row.
    let packed = PackedDocuments(
      [[1, 2, 3], [10, 11, 12, 13, 14, 15], [20, 21], []], length: 5)
    let none = Batch.ignored
    #expect(
      packed.batch.inputs == [10, 11, 12, 13, 14] + [1, 2, 3, 20, 21] + [15, 0, 0, 0, 0])
    #expect(
      packed.batch.targets == [11, 12, 13, 14, 15] + [2, 3, none, 21, none]
        + [none, none, none, none, none])
    #expect(packed.segments == [0, 0, 0, 0, 0] + [0, 0, 0, 1, 1] + [0, -1, -1, -1, -1])
    #expect(packed.positions == [0, 1, 2, 3, 4] + [0, 1, 2, 0, 1] + [0, 0, 0, 0, 0])
    #expect(packed.batch.sequences == 3)
  }

  /// Documents of random lengths whose tokens are all different: document · 1000 + place.
  private func documents(seed: UInt64) -> [[Int]] {
    var generator = SplitMix64(seed: seed)
    return (1...60).map { number in
      (0..<Draw.below(40, using: &generator)).map { number * 1_000 + $0 }
    }
  }

  @Test(arguments: 1...6) func `lose no token and repeat none`(seed: UInt64) {
    let documents = documents(seed: seed)
    let packed = PackedDocuments(documents, length: 16)
    let kept = zip(packed.batch.inputs, packed.segments).filter { $0.1 >= 0 }.map(\.0)
    #expect(kept.sorted() == documents.flatMap { $0 }.sorted())
  }

  @Test(arguments: 1...6) func `predict every token but the first of each document`(
    seed: UInt64
  ) {
    let documents = documents(seed: seed)
    let packed = PackedDocuments(documents, length: 16)
    let targets = packed.batch.targets.filter { $0 != Batch.ignored }
    #expect(targets.sorted() == documents.flatMap { $0.dropFirst() }.sorted())
    for (input, target) in zip(packed.batch.inputs, packed.batch.targets)
    where target != Batch.ignored {
      #expect(target == input + 1, "a target must come from the same document")
    }
  }

  @Test(arguments: 1...6) func `mark where each begins and cut only what is too long`(
    seed: UInt64
  ) {
    let documents = documents(seed: seed)
    let packed = PackedDocuments(documents, length: 16)
    for place in packed.segments.indices where place % 16 > 0 && packed.segments[place] >= 0 {
      let continues = packed.batch.inputs[place] == packed.batch.inputs[place - 1] + 1
      #expect(continues == (packed.segments[place] == packed.segments[place - 1]))
      #expect(packed.positions[place] == (continues ? packed.positions[place - 1] + 1 : 0))
      if !continues { #expect(packed.segments[place] == packed.segments[place - 1] + 1) }
    }
    for place in packed.segments.indices where packed.positions[place] == 0 {
      let offset = packed.batch.inputs[place] % 1_000
      #expect(packed.segments[place] < 0 || offset % 16 == 0, "a document was cut elsewhere")
    }
    let tokens = documents.reduce(0) { $0 + $1.count }
    #expect(packed.batch.inputs.count < tokens * 5 / 4, "best fit wastes little")
  }

  @Test func `of nothing are no rows`() {
    #expect(PackedDocuments([], length: 4).batch.sequences == 0)
    #expect(PackedDocuments([[], []], length: 4).batch.inputs.isEmpty)
  }
}
