import Attention
import RL
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `Problems` {
  @Test
  func `of an examination never occur in training, and those of training are never held out`() {
    var seen: Set<String> = []
    var generator = SplitMix64(seed: 3)
    for _ in 0..<4000 {
      let item = TaskMix.base().item(using: &generator)
      #expect(!item.isHeldOut)
      seen.insert("\(item.kind) \(item.canonical)")
    }
    for (kind, size) in [(TaskKind.digitSum, 4), (.digitSum, 8), (.sorting, 3), (.copying, 4)] {
      let items = TaskMix.heldOut(kind, size: size, count: 200)
      #expect(items.allSatisfy { $0.isHeldOut && $0.kind == kind })
      #expect(Set(items.map(\.canonical)).count == items.count)
      #expect(seen.isDisjoint(with: items.map { "\($0.kind) \($0.canonical)" }))
    }
  }

  @Test func `of products fit into the plan that asks for them, steps and all`() throws {
    let (plan, alphabet) = (ZeroPlan.products, TaskAlphabet.standard)
    let widest = TaskItem.multiplication(99, 99)
    let response = alphabet.response(thought: widest.thought, answer: widest.answer)
    #expect(response.count <= plan.budget)
    #expect(widest.prompt.count == plan.longestQuestion)
    let places = alphabet.prompt(widest.prompt).count + plan.budget
    #expect(places <= Reasoner.model.maximumPositions)
    var generator = SplitMix64(seed: 4)
    for _ in 0..<200 {
      let item = plan.mix.item(using: &generator)
      #expect(item.kind == .multiplication && item.prompt.count == 5 && !item.isHeldOut)
    }
    var source = ExampleSource(.productsBase(), sequences: 256, length: 48, seed: 5)
    let thoughts = (0..<4000).map { _ in source.example().response.first == alphabet.think }
    let share = Double(thoughts.count { $0 }) / 4000
    #expect(abs(share - 0.2 * 90 / 140) < 0.02)
  }

  @Test func `of an examination are the same every time, and no more than there are`() {
    #expect(
      TaskMix.heldOut(.digitSum, size: 8, count: 50)
        == TaskMix.heldOut(.digitSum, size: 8, count: 50))
    // A thousand sortings of three digits, a sixteenth of them held out.
    let few = TaskMix.heldOut(.sorting, size: 3, count: 500)
    #expect((40...90).contains(few.count))
  }

  @Test
  func `follow the mixture: four fifths sums, half of the short ones and few long ones think`()
  {
    var source = ExampleSource(.base(), sequences: 1, length: 48, seed: 5)
    let alphabet = TaskAlphabet.standard
    var (sums, short, shortThinking, long, longThinking) = (0, 0, 0, 0, 0)
    let count = 6000
    for _ in 0..<count {
      let example = source.example()
      let size = example.prompt.count - 4
      guard alphabet.tokenizer.decode(example.prompt).contains("+") else { continue }
      let thinks = example.response.first == alphabet.think
      sums += 1
      if size <= 7 {
        short += 1
        shortThinking += thinks ? 1 : 0
      } else {
        long += 1
        longThinking += thinks ? 1 : 0
      }
    }
    // Shares of a few thousand draws: three deviations are at most 0.03.
    #expect(abs(Double(sums) / Double(count) - 0.8) < 0.02)
    #expect(abs(Double(shortThinking) / Double(short) - 0.5) < 0.03)
    #expect(abs(Double(longThinking) / Double(long) - 0.07) < 0.02)
  }
}

@Suite struct `A batch of examples` {
  private let alphabet = TaskAlphabet.standard

  @Test func `has the response as its targets, the end token included and padding left out`() {
    let first = Example(prompt: alphabet.prompt("37+"), response: [7, 1])
    let second = Example(prompt: alphabet.prompt("s2"), response: [9, 1])
    let batch = alphabet.batch([first, second], length: 8)
    let none = Batch.ignored
    // The assistant's token, the last of the question, predicts the first of the response.
    #expect(batch.inputs == [0, 3, 10, 14, 17, 4, 7, 2] + [0, 3, 23, 9, 4, 9, 2, 2])
    #expect(
      batch.targets
        == [none, none, none, none, none, 7, 1, none] + [
          none, none, none, none, 9, 1, none, none,
        ])
    let whole = alphabet.batch([first], length: 7, scoresPrompts: true)
    #expect(whole.targets == [3, 10, 14, 17, 4, 7, 1])
  }

  @Test func `has the same loss and gradient with any padding`() throws {
    let model = Reasoner.model.smaller
    var source = ExampleSource(.base(), sequences: 6, length: 48, seed: 2)
    let examples = (0..<6).map { _ in source.example() }
    let results = [48, 60].map { length in
      let batch = alphabet.batch(examples, length: length)
      let tape = Tape()
      let loss = model.language.loss(of: batch, on: tape)
      return (loss.value.scalar, tape.gradients(of: loss)[model.language.headWeight])
    }
    expectClose(results[0].0, Double(results[1].0))
    let gradients = try results.map { try #require($0.1) }
    expectClose(gradients[0], gradients[1], .gradient)
    let narrow = alphabet.batch(examples, length: 60).withoutIdleColumns
    #expect(
      narrow.length < 48 && narrow.targetCount == examples.reduce(0) { $0 + $1.response.count })
    #expect(abs(model.language.loss(of: narrow, on: Tape()).value.scalar - results[0].0) < 1e-6)
  }

  @Test func `continues with the batches that would have come`() throws {
    var source = ExampleSource(.base(), sequences: 4, length: 48, seed: 9)
    _ = source.next()
    var other = ExampleSource(.base(), sequences: 4, length: 48, seed: 1)
    #expect(other.fingerprint == source.fingerprint)
    other.generator = source.generator
    for _ in 0..<3 { #expect(other.next() == source.next()) }
    let mixed = ExampleSource(.base(longThinking: 0.1), sequences: 4, length: 48, seed: 9)
    #expect(mixed.fingerprint != source.fingerprint)
  }

  @Test func `is spoilt in one of three ways, now and then`() {
    var source = ExampleSource(
      TaskMix([.init(.digitSum, size: 6, thinking: 1)]), sequences: 1, length: 48, damage: 0.3,
      seed: 4)
    var faults: [Verdict.Fault?: Int] = [:]
    for _ in 0..<2000 {
      faults[alphabet.parse(source.example().response).fault, default: 0] += 1
    }
    // A third each of 30 %: no end of the thought, no answer, and a wrong step that still parses.
    for fault in [Verdict.Fault.endlessThought, .emptyAnswer] {
      #expect(abs(Double(faults[fault] ?? 0) / 2000 - 0.1) < 0.025)
    }
    #expect(faults.keys.allSatisfy { [nil, .endlessThought, .emptyAnswer].contains($0) })
  }
}
