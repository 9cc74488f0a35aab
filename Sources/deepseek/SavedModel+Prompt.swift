import Attention
import CommandLine
import Foundation
import MTP
import Text

extension SavedModel {
  /// Reads a model directory that was named on the command line.
  ///
  /// Work on tokens alone needs no tokenizer; where there is none, bytes stand in for it.
  static func open(_ folder: URL, forTokensOnly: Bool = false) throws -> Self {
    guard FileManager.default.fileExists(atPath: folder.path) else {
      throw Failure("\(folder.relativePath): there is no such model directory.")
    }
    guard FileManager.default.fileExists(atPath: folder.appending(path: "config.json").path)
    else {
      throw Failure("\(folder.relativePath) is no model directory: it has no config.json.")
    }
    let file = folder.appending(path: "tokenizer.json").path
    let isMissing = !FileManager.default.fileExists(atPath: file)
    guard forTokensOnly || !isMissing else {
      throw Failure(
        "\(folder.relativePath) has no tokenizer.json; without one, only --tokens with --json work."
      )
    }
    let saved = try SavedModel(opening: folder, tokenizer: isMissing ? .bytes() : nil)
    let wanted = saved.configuration.predictors
    let found = (saved.model as? DeepSeekModel)?.modules.count ?? 0
    if found < wanted {
      Console.log(
        "\(folder.relativePath) holds the weights of \(found) of its \(wanted) prediction "
          + "modules; the others are left out.")
    }
    return saved
  }

  /// The tokens after which a text is over.
  var stops: Set<Int> { Set(generation.endTokens + configuration.endTokens) }

  /// Checks tokens that come from outside, and how many of them there are.
  func check(_ tokens: [Int], atLeast least: Int = 1) throws {
    for (place, token) in tokens.enumerated()
    where !(0..<configuration.vocabularySize).contains(token) {
      throw Failure(
        "Token \(token) at place \(place) is not one of the model's "
          + "\(configuration.vocabularySize) tokens.")
    }
    guard tokens.count >= least else {
      let needed = least == 1 ? "one token is" : "\(least) tokens are"
      throw Failure("There are \(tokens.count) tokens; at least \(needed) needed.")
    }
    guard tokens.count <= configuration.maximumPositions else {
      throw Failure(
        "There are \(tokens.count) tokens, but the model's context holds "
          + "\(configuration.maximumPositions).")
    }
  }
}
