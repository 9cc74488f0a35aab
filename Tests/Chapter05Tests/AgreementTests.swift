import Attention
import MTP
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `An agreement` {
  @Test func `is that of the module's law with the model's, one place further on`() throws {
    let model = try Learnt.model(predictors: 1)
    let batch = Batch.of(Array(toyText[..<33]), sequences: 2)
    let pass = Pass(Sequences(count: 2, length: 16), on: Tape(recording: false))
    let hidden = model.language.hidden(batch.inputs, in: pass)
    let ahead = model.lookAhead(from: hidden, over: batch, in: pass)[0].hidden
    let head = pass.tape[model.language.headWeight]
    let ours = hidden.matmul(head, transposing: .right).value
    let theirs = ahead.matmul(head, transposing: .right).value
    func law(_ logits: Tensor, _ row: Int, _ sampling: Sampling) -> TokenLaw {
      TokenLaw(logits.rows(row..<row + 1).scalars, sampling)
    }
    var (equal, overlap) = (0, 0.0)
    for sequence in 0..<2 {
      for position in 0..<15 {
        let (later, row) = (sequence * 16 + position + 1, sequence * 15 + position)
        overlap += law(ours, later, Sampling()).overlap(with: law(theirs, row, Sampling()))
        equal += law(ours, later, .greedy) == law(theirs, row, .greedy) ? 1 : 0
      }
    }
    let found = model.agreement(on: batch)
    #expect(found.positions == 30)
    #expect(abs(found.greedy - Double(equal) / 30) < 1e-12)
    #expect(abs(found.sampled - overlap / 30) < 1e-5)
    #expect(found.greedy > 0.6, "the text is learnt")
    let half = model.agreement(on: batch) { $0 < 16 }
    #expect(half.positions == 15)
  }
}
