import Attention
import Checkpoints
import Foundation
import MTP
import Tensors
import Text

extension DecoderConfiguration {
  /// A dense model of some thousand weights with prediction modules.
  static func dense(
    vocabulary: Int = 29, predictors: Int = 1, tied: Bool = false, deviation: Double = 0.3
  ) -> DecoderConfiguration {
    DecoderConfiguration(
      vocabularySize: vocabulary, width: 16, feedForwardWidth: 24, layers: 2, heads: 4,
      keyValueHeads: 2, headWidth: 6, maximumPositions: 128, tiesEmbeddings: tied,
      initializerRange: deviation, predictors: predictors)
  }

  /// The smallest V3, which alone can be stored with modules.
  static func tinyV3(predictors: Int, tied: Bool = false) -> DecoderConfiguration {
    var sizes = NamedConfiguration.tinyV3.model
    sizes.predictors = predictors
    sizes.tiesEmbeddings = tied
    return sizes
  }

  /// A model whose every weight has a part in the result: norms are uneven.
  func unevenModel(seed: UInt64) -> DeepSeekModel {
    let model = DeepSeekModel(self, seed: seed)
    var generator = SplitMix64(seed: seed + 1)
    var seen: Set<ObjectIdentifier> = []
    for parameter in model.parameters where parameter.shape.count == 1 {
      guard seen.insert(ObjectIdentifier(parameter)).inserted else { continue }
      let noise = Tensor.normal(shape: parameter.shape, deviation: 0.3, using: &generator)
      let sum = zip(parameter.value.scalars, noise.scalars).map { $0 + $1 }
      parameter.value = Tensor(sum, shape: parameter.shape)
    }
    return model
  }
}

extension Module {
  /// The weights by name.
  var values: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: namedParameters.map { ($0.name, $0.parameter.value) })
  }

  /// One weight.
  func parameter(_ name: String) -> Parameter? {
    namedParameters.first { $0.name == name }?.parameter
  }
}

/// Tokens below a bound that are the same in every run.
func testTokens(_ count: Int, below bound: Int, seed: UInt64 = 1) -> [Int] {
  var generator = SplitMix64(seed: seed)
  return (0..<count).map { _ in Int(generator.next() % UInt64(bound)) }
}

/// A text that a small model can learn: a few phrases in changing order.
let toyText: [Int] = {
  let phrases = [[1, 2, 3, 4], [5, 6, 7], [8, 9, 10, 11, 12]]
  return testTokens(60, below: 3, seed: 9).flatMap { phrases[$0] }
}()

extension Batch {
  /// A text cut into rows, each with its targets one token further on.
  static func of(_ tokens: [Int], sequences: Int) -> Batch {
    let length = (tokens.count - 1) / sequences
    return Batch(
      inputs: Array(tokens[..<(sequences * length)]),
      targets: Array(tokens[1...(sequences * length)]), sequences: sequences, length: length)
  }
}

/// A text learnt by a model with modules: the drafts of such a model are often right.
enum Learnt {
  static func model(predictors: Int) throws -> DeepSeekModel {
    var plan = TrainingPlan(
      steps: 80, sequences: 8, length: 16, rate: 0.01, schedule: .constant(warmup: 5), seed: 5)
    plan.coefficients[Coefficient.predictionWeight.name] = .constant()
    let model = DeepSeekModel(.dense(predictors: predictors, deviation: 0.1), seed: 1)
    var trainer = try Trainer(model, plan: plan, tokens: toyText)
    while !trainer.isFinished { _ = try trainer.takeStep() }
    return model
  }
}

/// Runs a body with a folder of its own and removes the folder afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("mtp-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
