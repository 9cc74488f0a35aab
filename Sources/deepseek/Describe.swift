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
  var cluster = ClusterOptions()

  static var inputs: [Input<Self>] {
    [
      .argument(
        "model", \.model,
        "A named configuration, such as stories or deepseek-v3, a model directory, or a "
          + "config.json."),
      .flag("json", \.json, "Print the numbers as JSON."),
      .flag(
        "cluster", \.cluster.isAsked,
        "Say instead what it would take to train and to serve the model."),
      .option(
        "gpu", \.cluster.gpu, placeholder: "name",
        "Only with --cluster: the cards. (default: h800)"),
      .option(
        "gpus", \.cluster.gpus, placeholder: "n", rule: .within(1...1_000_000),
        "Only with --cluster: how many. (default: 2048)"),
      .option(
        "days", \.cluster.days, placeholder: "d", rule: .within(0.01...100_000),
        "Only with --cluster: as many as finish within some days, instead."),
      .option(
        "tokens", \.cluster.tokens, placeholder: "n", rule: .within(1...1e18),
        "Only with --cluster: the tokens to train on. (default: 14.8e12)"),
      .option(
        "budget", \.cluster.budget, placeholder: "dollars", rule: .within(1...1e15),
        "Only with --cluster: as many tokens as this pays for, instead."),
      .option(
        "rent", \.cluster.rent, placeholder: "dollars", rule: .within(0.001...1e6),
        "Only with --cluster: what a card costs an hour. (default: 2)"),
      .option(
        "mfu", \.cluster.mfu, placeholder: "share", rule: .within(0.001...1),
        "Only with --cluster: the share of the peak in 16 bits that is used. (default: V3's, 0.39)"
      ),
    ]
  }

  func validate() throws { try cluster.validate() }

  func run() throws {
    let configuration = try configuration()
    guard let cost = ModelCost(configuration) else { throw uncountable }
    guard cluster.isAsked else { return Console.print(json ? cost.json.text() : cost.table) }
    guard let plan = cluster.plan(for: configuration) else { throw uncountable }
    let answer = ClusterAnswer(plan)
    Console.print(json ? answer.json.text() : answer.table)
  }

  private var uncountable: Failure {
    Failure("\(model): the numbers of this configuration are beyond 64 bits.")
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
