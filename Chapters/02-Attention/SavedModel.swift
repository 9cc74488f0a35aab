import Checkpoints
import Foundation
import Tensors
import Text

/// A model that a configuration describes and a directory can hold.
public protocol StorableModel: TrainableModel {
  /// Creates the model with fresh weights.
  init(_ configuration: DecoderConfiguration, seed: UInt64)
  /// The decoder that writes text.
  var language: LanguageModel { get }
  /// The same model without what a checkpoint may leave out and has left out.
  func fitted(to stored: StoredTensors) -> Self
  /// Refuses a configuration whose model is more than this type computes.
  static func check(_ configuration: DecoderConfiguration) throws(CheckpointError)
}

extension LanguageModel: StorableModel {
  /// Creates a dense model with fresh weights.
  public init(_ configuration: DecoderConfiguration, seed: UInt64) {
    self = configuration.model(seed: seed)
  }

  /// The model itself.
  public var language: LanguageModel { self }

  /// The model itself: it can spare nothing.
  public func fitted(to stored: StoredTensors) -> LanguageModel { self }

  /// Refuses what later chapters add to the layers: without it the weights would fit, or nearly,
  /// and mean something else.
  public static func check(
    _ configuration: DecoderConfiguration
  ) throws(CheckpointError) {
    func refuse(_ key: String, _ value: String) throws(CheckpointError) {
      throw .key(key, file: "config.json", .unsupported("\(value) in a LanguageModel"))
    }
    if configuration.latentAttention != nil { try refuse("kv_lora_rank", "set") }
    if configuration.experts != nil { try refuse("n_routed_experts", "set") }
    switch configuration.ropeScaling {
    case nil: break
    case .yarn: try refuse("rope_scaling", "'yarn'")
    case .llama3: try refuse("rope_scaling", "'llama3'")
    }
  }
}

/// A model with all that is needed to use it: its sizes, its tokenizer, its sampling defaults.
///
/// On disk it is a directory with the names and the layout of Hugging Face, so that other programs
/// open it too.
public struct SavedModel<Model: StorableModel>: Sendable {
  /// The sizes.
  public let configuration: DecoderConfiguration
  /// The weights.
  public let model: Model
  /// Text to tokens and back.
  public let tokenizer: Tokenizer
  /// How to sample when nothing else is said.
  public let generation: GenerationConfiguration

  /// Joins the parts.
  public init(
    configuration: DecoderConfiguration, model: Model, tokenizer: Tokenizer,
    generation: GenerationConfiguration
  ) {
    self.configuration = configuration
    self.model = model
    self.tokenizer = tokenizer
    self.generation = generation
  }

  /// Reads a directory; an interrupted save is finished or dropped first.
  ///
  /// Weights that are stored as integers become numbers; saved again, they stay numbers.
  /// - Parameter tokenizer: used in place of the directory's own, which need not exist then; whether
  ///   it fits the model is the caller's to know.
  public init(opening url: URL, tokenizer other: Tokenizer? = nil) throws {
    let directory = try ModelDirectory(opening: url)
    configuration = try .read(from: directory.file("config.json"))
    try configuration.validate()
    try Model.check(configuration)
    tokenizer = try other ?? Tokenizer(directory: url)
    let generationFile = directory.file("generation_config.json")
    generation =
      FileManager.default.fileExists(atPath: generationFile.path)
      ? try .read(from: generationFile)
      : GenerationConfiguration(endTokens: configuration.endTokens)
    let stored = try StoredTensors(
      in: url, weightBlock: configuration.weightBlock,
      integers: IntegerFormat(JSONFields(readingFrom: directory.file("config.json"))))
    try Self.check(configuration, stored)
    if other == nil { try Self.check(configuration, tokenizer) }
    model = Model(configuration, seed: 0).fitted(to: stored)
    try model.load(stored)
  }

  /// Stops a configuration that does not belong to its neighbours, before it costs any memory.
  ///
  /// A checkpoint that merely lacks a weight goes on, to an error that names the weight.
  private static func check(
    _ configuration: DecoderConfiguration, _ stored: StoredTensors
  ) throws(CheckpointError) {
    let found = stored.weightCount
    guard let needed = configuration.parameterCount, needed / 2 <= found else {
      throw .key(
        "hidden_size", file: "config.json",
        .outOfRange(
          "the sizes make \(configuration.parameterCount ?? .max) weights, "
            + "but only \(found) are stored"))
    }
  }

  /// Stops a tokenizer that knows tokens for which the model has no vector.
  private static func check(
    _ configuration: DecoderConfiguration, _ tokenizer: Tokenizer
  ) throws(CheckpointError) {
    guard tokenizer.vocabularySize <= configuration.vocabularySize else {
      let counts =
        "\(configuration.vocabularySize) is less than the \(tokenizer.vocabularySize)"
      throw .key(
        "vocab_size", file: "config.json", .outOfRange("\(counts) tokens of tokenizer.json"))
    }
  }

  /// Writes the files into a folder.
  public func write(into folder: URL) throws {
    try configuration.write(to: folder.appendingPathComponent("config.json"))
    try generation.write(to: folder.appendingPathComponent("generation_config.json"))
    try tokenizer.write(to: folder)
    let weights = model.namedParameters.map { ($0.name, $0.parameter.value) }
    try StoredTensors.write(configuration.storedTensors(weights), in: folder)
  }

  /// Saves everything as one set: a kill at any moment leaves the old directory or the new one.
  public func save(to url: URL) throws {
    try ModelDirectory(creating: url).save { try write(into: $0) }
  }
}

extension StorableModel {
  /// Reads the weights from a checkpoint; every weight must be there, in its shape, and no other.
  ///
  /// Nothing changes unless all of it fits. A weight that two parts share is read under its first
  /// name; some programs store it under the other too, and that copy is left aside.
  public func load(_ stored: StoredTensors) throws(CheckpointError) {
    let all = namedParameters
    var seen: Set<ObjectIdentifier> = []
    let wanted = all.filter { seen.insert(ObjectIdentifier($0.parameter)).inserted }
    let firstNames = Set(wanted.map(\.name))
    let copies = all.map(\.name).filter { !firstNames.contains($0) }
    let tied = language.headWeight === language.body.embedding.weight ? ["lm_head.weight"] : []
    try stored.require(
      wanted.map { ($0.name, $0.parameter.shape) }, allowing: Set(copies + tied))
    var values: [Tensor] = []
    for (name, parameter) in wanted {
      values.append(try stored.tensor(name, shape: parameter.shape))
    }
    for ((_, parameter), value) in zip(wanted, values) { parameter.value = value }
  }
}
