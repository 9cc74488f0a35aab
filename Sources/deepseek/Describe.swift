import Attention
import Checkpoints
import CommandLine
import Foundation
import MTP

/// `deepseek describe`: what a configuration costs, without any weights.
struct Describe: Command {
  static let name = "describe"
  static let overview = "Count the parameters of a model, its arithmetic and its cache."

  var model = ""
  var json = false

  static var inputs: [Input<Self>] {
    [
      .argument(
        "model", \.model,
        "A named configuration, such as stories or deepseek-v3, a model directory, or a "
          + "config.json."),
      .flag("json", \.json, "Print the numbers as JSON."),
    ]
  }

  func run() throws {
    guard let cost = ModelCost(try configuration()) else {
      throw Failure("\(model): the numbers of this configuration are beyond 64 bits.")
    }
    Console.print(json ? cost.json.text() : cost.table)
  }

  private func configuration() throws -> DecoderConfiguration {
    if let named = NamedConfiguration.named(model) { return named.model }
    if let published = PublishedConfiguration.named(model) { return published.model }
    var file = URL(fileURLWithPath: model)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else {
      let all = NamedConfiguration.all.map(\.name) + PublishedConfiguration.all.map(\.name)
      let names = all.joined(separator: ", ")
      throw Failure(
        "None of \(names) is called '\(model)', and there is no such file or directory.")
    }
    if isFolder.boolValue { file = file.appending(path: "config.json") }
    return try .read(from: file)
  }
}
