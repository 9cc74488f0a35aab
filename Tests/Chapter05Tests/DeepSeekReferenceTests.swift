import Attention
import Checkpoints
import Foundation
import MTP
import Tensors
import TestSupport
import Testing
import Text

@Suite struct `A model of any family saved by transformers` {
  private typealias Reference = DeepSeekReference

  /// The greatest distance of two lists of rows.
  private func distance(_ ours: Tensor, _ theirs: [[Double]]) -> Double {
    let flat = theirs.flatMap { $0 }
    guard ours.count == flat.count else { return .infinity }
    return zip(ours.doubles, flat).map { abs($0 - $1) }.max() ?? .infinity
  }

  private func tape(_ model: DeepSeekModel, _ batch: Batch) -> (pass: Pass, hidden: Variable) {
    let sequences = Sequences(count: batch.sequences, length: batch.length)
    let pass = Pass(sequences, on: Tape())
    return (pass, model.language.hidden(batch.inputs, in: pass))
  }

  /// Every gradient has the length of theirs; where they have none, there is nothing.
  private func expectLengths(
    of gradients: Gradients, _ model: DeepSeekModel, _ theirs: [String: Double]
  ) {
    var seen: Set<ObjectIdentifier> = []
    let own = model.namedParameters.filter {
      seen.insert(ObjectIdentifier($0.parameter)).inserted
    }
    #expect(Set(theirs.keys).isSubset(of: own.map(\.name)))
    for (name, parameter) in own {
      let squares = gradients[parameter]?.doubles.reduce(0) { $0 + $1 * $1 } ?? 0
      let length = squares.squareRoot()
      let expected = theirs[name] ?? 0
      #expect(abs(length - expected) <= 1e-3 * expected, "\(name): \(length), not \(expected)")
    }
  }

  @Test(arguments: Reference.names)
  func `has the same logits here`(_ name: String) throws {
    let (saved, expected) = try Reference.open(name)
    let (pass, hidden) = tape(saved.model, expected.wholeText)
    let head = pass.tape[saved.model.language.headWeight]
    let worst = distance(hidden.matmul(head, transposing: .right).value, expected.logits)
    #expect(worst < 2e-4, "\(worst)")
  }

  @Test(arguments: Reference.names)
  func `has the same loss and the same gradients here`(_ name: String) throws {
    let (saved, expected) = try Reference.open(name)
    let tape = Tape()
    let loss = saved.model.loss(of: expected.batch, on: tape)
    #expect(abs(Double(loss.value.scalar) - expected.loss) < 1e-5)
    expectLengths(of: tape.gradients(of: loss), saved.model, expected.gradients)
  }

  @Test(arguments: Reference.names)
  func `continues a text with the same tokens here`(_ name: String) throws {
    let (saved, expected) = try Reference.open(name)
    let prompts = expected.continuations.map(\.prompt)
    let theirs = expected.continuations.map(\.continuation)
    let ours = saved.model.language.generate(prompts, count: 16, sampling: .greedy, seed: 0)
    #expect(ours == theirs)
    for (prompt, continuation) in zip(prompts, theirs) {
      let (tokens, _) = saved.model.generateSpeculatively(
        prompt, count: 16, sampling: .greedy, seed: 0)
      #expect(tokens == continuation, "with \(saved.model.modules.count) drafts at a time")
    }
  }

  @Test(arguments: Reference.predicting)
  func `predicts the same further ahead`(_ name: String) throws {
    let (saved, expected) = try Reference.open(name)
    let (model, theirs) = (saved.model, expected.predictions)
    #expect(model.modules.count == theirs.losses.count && !theirs.losses.isEmpty)

    let (text, hidden) = tape(model, expected.wholeText)
    let ahead = model.lookAhead(from: hidden, over: expected.wholeText, in: text)
    for (depth, logits) in zip(ahead, theirs.logits) {
      let head = text.tape[model.language.headWeight]
      let worst = distance(depth.hidden.matmul(head, transposing: .right).value, logits)
      #expect(worst < 2e-4, "\(worst)")
    }
    for (loss, other) in zip(model.predictionLosses(of: expected.batch), theirs.losses) {
      #expect(abs(loss - other) < 1e-5)
    }
  }

  @Test(arguments: Reference.predicting)
  func `learns the same from what lies further ahead`(_ name: String) throws {
    let (saved, expected) = try Reference.open(name)
    let (pass, hidden) = tape(saved.model, expected.batch)
    let head = pass.tape[saved.model.language.headWeight]
    let losses = saved.model.lookAhead(from: hidden, over: expected.batch, in: pass).map {
      $0.hidden.crossEntropy(head: head, targets: $0.targets)
    }
    let sum = try losses.dropFirst().reduce(#require(losses.first)) { $0 + $1 }
    expectLengths(
      of: pass.tape.gradients(of: sum), saved.model, expected.predictions.gradients)
  }

  @Test(arguments: Reference.names)
  func `is written back with the same tensors`(_ name: String) throws {
    let (saved, _) = try Reference.open(name)
    let theirs = try StoredTensors(
      in: Reference.folder(name), weightBlock: saved.configuration.weightBlock)
    let names = theirs.entries.map(\.name)
    try withFolder { folder in
      try saved.save(to: folder)
      let ours = try StoredTensors(
        in: folder, weightBlock: saved.configuration.weightBlock)
      #expect(Set(ours.entries.map(\.name)) == Set(names))
      for name in names {
        #expect(try ours.tensor(name) == theirs.tensor(name), "\(name)")
      }
      let configuration = try DecoderConfiguration.read(
        from: folder.appending(path: "config.json"))
      #expect(configuration == saved.configuration)
    }
  }
}
