import Attention
import Checkpoints
import Foundation
import Tensors
import Text

extension DecoderConfiguration {
  /// A model with all that a large one has, of some thousand weights.
  static func small(
    _ family: Family = .llama, vocabulary: Int = 29, layers: Int = 2, heads: Int = 4,
    keyValueHeads: Int = 2, tied: Bool = false, deviation: Double = 0.02
  ) -> DecoderConfiguration {
    DecoderConfiguration(
      family: family, vocabularySize: vocabulary, width: 16, feedForwardWidth: 24,
      layers: layers, heads: heads, keyValueHeads: keyValueHeads, headWidth: 6,
      tiesEmbeddings: tied, initializerRange: deviation)
  }

  /// A model whose every weight has a part in the result: norms are uneven, biases not zero.
  func unevenModel(seed: UInt64) -> LanguageModel {
    let model = model(seed: seed)
    var generator = SplitMix64(seed: seed + 1)
    for parameter in model.parameters where parameter.shape.count == 1 {
      let noise = Tensor.normal(shape: parameter.shape, deviation: 0.3, using: &generator)
      let sum = zip(parameter.value.scalars, noise.scalars).map { $0 + $1 }
      parameter.value = Tensor(sum, shape: parameter.shape)
    }
    return model
  }
}

extension LanguageModel {
  /// The logits of one sequence, computed without a cache.
  func logits(_ tokens: [Int]) -> Tensor {
    let pass = Pass(Sequences(count: 1, length: tokens.count), on: Tape(recording: false))
    return logits(tokens, in: pass).value
  }

  /// The weights by name.
  var values: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: namedParameters.map { ($0.name, $0.parameter.value) })
  }

  /// One weight.
  func parameter(_ name: String) -> Parameter? {
    namedParameters.first { $0.name == name }?.parameter
  }

  /// Takes over the weights of another model that bear the same names.
  func copyWeights(from other: LanguageModel) {
    let theirs = other.values
    for (name, parameter) in namedParameters {
      if let value = theirs[name] { parameter.value = value }
    }
  }
}

/// Tokens below a bound that are the same in every run.
func testTokens(_ count: Int, below bound: Int, seed: UInt64 = 1) -> [Int] {
  var generator = SplitMix64(seed: seed)
  return (0..<count).map { _ in Int(generator.next() % UInt64(bound)) }
}

/// Runs a body with a folder of its own and removes the folder afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("attention-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
