import Attention
import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing
import Text

/// What `transformers` computes with one of the models that `make_models.py` wrote.
private struct Reference: Decodable {
  struct Continuation: Decodable {
    let prompt, continuation: [Int]
  }

  let tokens: [Int]
  let logits: [[Double]]
  let loss: Double
  let gradients: [String: Double]
  let continuations: [Continuation]

  static let names = [
    "llama-mha", "llama-gqa", "llama-wide", "llama-tied", "qwen2-gqa", "qwen2-mqa",
  ]

  static func folder(_ name: String) -> URL {
    Repository.root.appending(path: "Tests/Reference/models/\(name)")
  }

  /// Opens a model as `transformers` saved it, and what is expected of it.
  static func open(_ name: String) throws -> (model: LanguageModel, expected: Reference) {
    let folder = folder(name)
    let configuration = try DecoderConfiguration.read(
      from: folder.appending(path: "config.json"))
    let model = configuration.model(seed: 0)
    try model.load(StoredTensors(in: folder))
    let numbers = try Data(contentsOf: folder.appending(path: "expected.json"))
    return (model, try JSONDecoder().decode(Reference.self, from: numbers))
  }
}

@Suite struct `A model saved by transformers` {
  // snippet.reference
  @Test(arguments: Reference.names)
  func `has the same logits here`(_ name: String) throws {
    let (model, expected) = try Reference.open(name)
    let logits = model.logits(expected.tokens)
    let theirs = expected.logits.flatMap { $0 }
    #expect(logits.count == theirs.count)
    let worst = zip(logits.doubles, theirs).map { abs($0 - $1) }.max() ?? .infinity
    #expect(worst < 2e-4, "\(name): \(worst)")
  }
  // snippet.end

  @Test(arguments: Reference.names)
  func `has the same loss and the same gradients here`(_ name: String) throws {
    let (model, expected) = try Reference.open(name)
    let length = expected.tokens.count - 1
    let batch = Batch(
      inputs: Array(expected.tokens.dropLast()), targets: Array(expected.tokens.dropFirst()),
      sequences: 1, length: length)
    let tape = Tape()
    let loss = model.loss(of: batch, on: tape)
    #expect(abs(Double(loss.value.scalar) - expected.loss) < 1e-5)

    let gradients = tape.gradients(of: loss)
    #expect(Set(model.namedParameters.map(\.name)) == Set(expected.gradients.keys))
    for (weight, parameter) in model.namedParameters {
      let gradient = try #require(gradients[parameter], "\(weight)")
      let norm = gradient.doubles.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
      let theirs = try #require(expected.gradients[weight], "\(weight)")
      #expect(abs(norm / theirs - 1) < 1e-3, "\(weight): \(norm), not \(theirs)")
    }
  }

  @Test(arguments: Reference.names)
  func `continues a text with the same tokens here`(_ name: String) throws {
    let (model, expected) = try Reference.open(name)
    let continuations = model.generate(
      expected.continuations.map(\.prompt), count: 16, sampling: .greedy, seed: 0)
    #expect(continuations == expected.continuations.map(\.continuation))
  }

  @Test(arguments: Reference.names)
  func `is written back with the same tensors`(_ name: String) throws {
    let (model, _) = try Reference.open(name)
    let theirs = try StoredTensors(in: Reference.folder(name))
    try withFolder { folder in
      try StoredTensors.write(
        model.namedParameters.map { NamedTensor($0.name, $0.parameter.value) }, in: folder)
      let ours = try StoredTensors(in: folder)
      #expect(Set(ours.entries.map(\.name)) == Set(theirs.entries.map(\.name)))
      for entry in theirs.entries {
        #expect(try ours.tensor(entry.name) == theirs.tensor(entry.name), "\(entry.name)")
      }
    }
  }
}
