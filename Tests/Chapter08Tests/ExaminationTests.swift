import Attention
import MTP
import RL
import Tensors
import Testing
import Text

@Suite struct `An examination` {
  private let alphabet = TaskAlphabet.standard
  private let items = TaskMix.heldOut(.digitSum, size: 3, count: 12)

  private func judged(_ text: String, _ item: TaskItem, truncated: Bool = false)
    -> JudgedResponse
  {
    let tokens = alphabet.tokenizer.encode(text)
    return JudgedResponse(
      Response(
        tokens: tokens, logProbabilities: tokens.map { _ in 0 }, isTruncated: truncated),
      to: item, in: alphabet)
  }

  @Test func `counts by hand`() {
    let item = TaskItem.digitSum([3, 4])
    let end = "<｜end▁of▁sentence｜>"
    let right = judged("<think>3347</think>7\(end)", item)
    let wrong = judged("1\(end)", item)
    let cut = judged("<think>3347", item, truncated: true)
    let marks = Marks(
      items: [item, item], greedy: [right, wrong],
      samples: [[right, wrong, wrong, cut], [wrong, wrong, cut, cut]])
    #expect(marks.greedyAccuracy == 0.5 && marks.greedyScores == [1, 0])
    #expect(marks.greedyShape.length == 5 && marks.greedyShape.rightLength == 8)
    #expect(marks.pass(at: 1) == 1.0 / 8)
    // One right of four: a pair has it in half of the choices; averaged with a problem without any.
    #expect(marks.pass(at: 2) == 0.25)
    #expect(marks.consensus == 0)
    let shape = marks.sampledShape
    #expect(shape.wrongLength == (4 * 2.0 + 3 * 5) / 7 && shape.rightLength == 8)
    #expect(shape.truncated == 3.0 / 8 && shape.valid == 5.0 / 8 && shape.thinking == 1.0 / 8)
  }

  @Test func `gives every policy the same problems and the same marks again`() {
    let model = Reasoner.model.smaller.language
    let examination = Examination(budget: 8, samples: 4, seed: 2)
    let marks = examination.marks(of: model, on: items)
    #expect(marks == examination.marks(of: model, on: items))
    #expect(marks.samples.allSatisfy { $0.count == 4 })
    let greedy = examination.greedyOnly.marks(of: model, on: items)
    #expect(greedy.greedy == marks.greedy && greedy.samples.allSatisfy(\.isEmpty))
  }

  @Test func `forces a thought or forbids it, and counts the forced token as the model's own`()
  {
    let model = Reasoner.model.smaller.language
    let examination = Examination(budget: 6, samples: 3)
    for thinks in [true, false] {
      let marks = examination.thinking(thinks).marks(of: model, on: items)
      let first = (marks.greedy + marks.samples.flatMap { $0 }).map { $0.response.tokens[0] }
      #expect(first.allSatisfy { ($0 == alphabet.think) == thinks })
    }
  }

  @Test func `tells numbers apart by their value in a vote, and strings by their characters`() {
    let item = TaskItem.digitSum([3, 4])
    let end = "<｜end▁of▁sentence｜>"
    let samples = ["7", "07", "1", "1", "007"].map { judged($0 + end, item) }
    let marks = Marks(items: [item], greedy: [samples[0]], samples: [samples])
    #expect(marks.consensus == 1, "7, 07 and 007 are one answer")
  }
}

/// A policy whose thoughts are right by construction cannot be had in a second of training; these
/// probes are tried on what must hold for any weights.
@Suite struct `The probes of thinking` {
  private let items = TaskMix.heldOut(.digitSum, size: 3, count: 10)
  private var probes: ThinkingProbes {
    ThinkingProbes(
      Reasoner.model.smaller.language, on: items, Examination(budget: 10, samples: 4))
  }

  @Test func `cut a thought where they say, so that more than all of it changes nothing`() {
    let curve = probes.budgetCurve([10, 20])
    #expect(curve.map(\.budget) == [10, 20])
    #expect(curve[0].accuracy == curve[1].accuracy)
  }

  @Test func `are summed up as each of them says`() {
    let model = Reasoner.model.smaller.language
    let marks = ThinkingMarks(of: model, size: 3, problems: 10)
    let probes = ThinkingProbes(
      model, on: TaskMix.heldOut(.digitSum, size: 3, count: 10), Examination())
    #expect(marks.size == 3 && marks.problems == 10)
    #expect(marks.cuts.map(\.tokens) == [0, 2, 4, 6])
    #expect(marks.cuts.map(\.right) == probes.budgetCurve([0, 2, 4, 6]).map(\.accuracy))
    #expect(marks.thinking == probes.forcedModes.thinking)
    #expect(marks.direct == probes.forcedModes.direct)
    #expect(marks.filler == probes.fillerAccuracy)
    #expect(marks.vote == probes.voteAtEqualTokens.consensus)
    #expect(marks.rightAfterFalse == probes.corruption().right)
  }

  @Test func `of a base that knows nothing find nothing`() {
    #expect(probes.fillerAccuracy <= 0.5)
    let corruption = probes.corruption()
    #expect(corruption.followed + corruption.right <= 1)
    #expect(probes.voteAtEqualTokens.votes >= 1)
  }
}
