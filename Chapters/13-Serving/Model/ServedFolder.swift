import Attention
import Checkpoints
import Foundation
import Text

/// A model directory, opened to be served: its weights stay in the files until they are packed.
public struct ServedFolder: Sendable {
  /// The sizes.
  public let configuration: DecoderConfiguration
  /// Text to tokens and back.
  public let tokenizer: Tokenizer
  /// How to sample when nothing else is said.
  public let generation: GenerationConfiguration
  /// The weights as they are stored.
  public let stored: StoredTensors

  /// Opens a directory; an interrupted save is finished or dropped first.
  public init(opening url: URL) throws {
    let directory = try ModelDirectory(opening: url)
    let fields = try JSONFields(readingFrom: directory.file("config.json"))
    configuration = try DecoderConfiguration(fields)
    tokenizer = try Tokenizer(directory: url)
    let file = directory.file("generation_config.json")
    generation =
      FileManager.default.fileExists(atPath: file.path)
      ? try .read(from: file) : GenerationConfiguration(endTokens: configuration.endTokens)
    stored = try StoredTensors(
      in: url, weightBlock: configuration.weightBlock, integers: IntegerFormat(fields))
    guard tokenizer.vocabularySize <= configuration.vocabularySize else {
      let counts =
        "\(configuration.vocabularySize) is less than the \(tokenizer.vocabularySize)"
      throw CheckpointError.key(
        "vocab_size", file: "config.json", .outOfRange("\(counts) tokens of tokenizer.json"))
    }
  }

  /// The format in which the matrices are stored.
  public var format: WeightFormat {
    if let integers = stored.integers { return .integer(integers) }
    if configuration.weightBlock != nil { return .fp8 }
    return configuration.weightFormat == .bf16 ? .bf16 : .fp32
  }

  /// Packs the weights, one after another: the model is never in memory in any other form.
  public func model(_ format: WeightFormat? = nil) throws(CheckpointError) -> ServedModel {
    try ServedModel(configuration, format ?? self.format, from: stored)
  }
}
