import Attention
import Tensors
import TestSupport
import Testing
import Text

/// Sequences of several documents each, with operands for them.
struct DocumentCase: Sendable, CustomTestStringConvertible {
  let shape: AttentionShape
  /// The lengths of the documents of each sequence.
  let documents: [[Int]]

  init(_ heads: Int, over keys: Int, _ keyWidth: Int, _ valueWidth: Int, _ documents: [[Int]]) {
    shape = AttentionShape(
      heads: heads, keyValueHeads: keys, keyWidth: keyWidth, valueWidth: valueWidth)
    self.documents = documents
  }

  var testDescription: String { "\(shape.heads) heads, documents of \(documents)" }

  var starts: [Int] {
    documents.flatMap { lengths in
      var start = 0
      return lengths.flatMap { length in
        defer { start += length }
        return [Int](repeating: start, count: length)
      }
    }
  }
  var layout: Sequences {
    Sequences(
      count: documents.count, length: documents[0].reduce(0, +), documentStarts: starts)
  }
  var q: Tensor { .test(layout.rows, shape.heads * shape.keyWidth) }
  var k: Tensor { .test(layout.rows, shape.keyValueHeads * shape.keyWidth, seed: 2) }
  var v: Tensor { .test(layout.rows, shape.keyValueHeads * shape.valueWidth, seed: 3) }
  var upstream: Tensor { .test(layout.rows, shape.heads * shape.valueWidth, seed: 4) }

  /// Borders at, before and behind those of the tiles: 24 queries, 240 keys, 96 on the way back.
  static let all = [
    DocumentCase(1, over: 1, 8, 8, [[1, 1]]),
    DocumentCase(2, over: 1, 8, 4, [[3, 1, 4], [8], [1, 6, 1]]),
    DocumentCase(4, over: 2, 6, 4, [[23, 1, 25], [24, 24, 1]]),
    DocumentCase(2, over: 2, 5, 7, [[95, 1, 97], [96, 96, 1], [193]]),
    DocumentCase(2, over: 1, 24, 16, [[47, 60, 49, 100]]),
    DocumentCase(1, over: 1, 16, 16, [[239, 2, 100, 241], [10, 300, 260, 12]]),
    DocumentCase(1, over: 1, 4, 8, [[245, 10, 245], [500]]),
  ]
}

@Suite struct `Attention within documents` {
  @Test(arguments: DocumentCase.all)
  func `agrees with the plain formula in Double`(_ sizes: DocumentCase) {
    let tape = Tape()
    let operands = [sizes.q, sizes.k, sizes.v].map { tape.variable($0) }
    let output = flashAttention(
      operands[0], operands[1], operands[2], sizes.shape, sizes.layout)
    let gradients = tape.gradients(of: output, upstream: sizes.upstream)
    let twin = AttentionTwin(
      shape: sizes.shape, sequences: sizes.layout.count, length: sizes.layout.length,
      starts: sizes.starts)
    let (q, k, v) = (sizes.q.doubles, sizes.k.doubles, sizes.v.doubles)
    expectClose(output.value, twin.forward(q, k, v), .product)
    let expected = twin.backward(sizes.upstream.doubles, q, k, v)
    for (operand, gradient) in zip(operands, [expected.q, expected.k, expected.v]) {
      guard let found = gradients[operand] else {
        Issue.record("an operand has no gradient")
        continue
      }
      expectClose(found, gradient, .gradient)
    }
  }

  @Test func `of one document for each sequence has the bits of no documents at all`() {
    let whole = DocumentCase(2, over: 1, 8, 4, [[130], [130]])
    func output(_ layout: Sequences) -> [Tensor?] {
      let tape = Tape()
      let operands = [whole.q, whole.k, whole.v].map { tape.variable($0) }
      let output = flashAttention(operands[0], operands[1], operands[2], whole.shape, layout)
      let gradients = tape.gradients(of: output, upstream: whole.upstream)
      return [output.value] + operands.map { gradients[$0] }
    }
    #expect(output(whole.layout) == output(Sequences(count: 2, length: 130)))
  }

  @Test func `hides the documents before, and counts positions from the document's start`() {
    let shape = AttentionShape(heads: 1, keyValueHeads: 1, keyWidth: 2, valueWidth: 1)
    let layout = Sequences(count: 1, length: 3, documentStarts: [0, 1, 1])
    #expect(layout.positions == [0, 0, 1])
    let tape = Tape(recording: false)
    let k = tape.constant(Tensor([1, 2, 1, 2, 1, 2], shape: [3, 2]))
    let v = tape.constant(Tensor([10, 30, 50], shape: [3, 1]))
    #expect(flashAttention(k, k, v, shape, layout).value.scalars == [10, 30, 40])
  }
}
