import Attention
import CommandLine
import FP8
import Foundation
import SmallV3
import Text

/// Which tokenizer a training uses, as `--tokenizer` names it.
enum TokenizerChoice: ArgumentValue {
  case alphabet(NamedConfiguration.Alphabet)
  case file(URL)

  init?(argument: String) {
    if argument == "bytes" {
      self = .alphabet(.bytes)
    } else if argument.hasPrefix("bpe:") {
      guard let size = Int(argument.dropFirst(4)), (256...1_000_000).contains(size) else {
        return nil
      }
      self = .alphabet(.merged(vocabulary: size))
    } else {
      guard let file = URL(argument: argument) else { return nil }
      self = .file(file)
    }
  }

  var argumentText: String {
    switch self {
    case .alphabet(.bytes): "bytes"
    case .alphabet(.merged(let vocabulary)): "bpe:\(vocabulary)"
    case .file(let file): file.relativePath
    }
  }

  /// The tokenizer of a recipe, with the special tokens that frame documents.
  func tokenizer(for text: PretrainingText) throws -> Tokenizer {
    switch self {
    case .alphabet(.bytes): return PretrainingTokens.bytes
    case .alphabet(.merged(let size)):
      return try PretrainingTokens.tokenizer(learntFrom: text.sample, vocabularySize: size)
    case .file: return try tokenizer(for: "")
    }
  }

  /// Learns the tokenizer from a text, or reads it.
  ///
  /// Digits stay single, as in Qwen2: a small model adds column by column.
  func tokenizer(for text: String) throws -> Tokenizer {
    switch self {
    case .alphabet(.bytes): return .bytes()
    case .alphabet(.merged(let size)):
      return try .trained(on: [text], vocabularySize: size, preTokenizer: .qwen2)
    case .file(let file):
      let isFolder = (try? file.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory
      let folder = isFolder == true ? file : file.deletingLastPathComponent()
      guard isFolder == true || file.lastPathComponent == "tokenizer.json" else {
        throw Failure(
          "\(file.relativePath) is no tokenizer; give bytes, bpe:N, or a tokenizer.json.")
      }
      return try Tokenizer(directory: folder)
    }
  }
}

extension TrainingPlan.Rule: ArgumentValue {}
extension Precision: ArgumentValue {}
extension SpikePolicy: ArgumentValue {}

extension PretrainingRecipe: ArgumentValue {
  /// Finds a recipe by its name.
  public init?(argument: String) {
    guard let recipe = PretrainingRecipe.named(argument) else { return nil }
    self = recipe
  }

  /// The name.
  public var argumentText: String { name }

  /// All names.
  public static var choices: [String] { all.map(\.name) }
}
