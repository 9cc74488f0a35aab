import Attention
import Checkpoints
import CommandLine
import Foundation
import Serving

/// `deepseek serve`: answers the calls of OpenAI's API for one model.
struct Serve: Command {
  static let name = "serve"
  static let overview = "Serve a model on this machine, with the calls of OpenAI's API."

  var model = URL(fileURLWithPath: ".")
  var host = "127.0.0.1"
  var port = 8080
  var name: String?
  var format: FormatChoice?
  var cache = CacheFormat.bf16
  var active = 16
  var waiting = 256
  var connections = 128
  var cacheMegabytes = 256
  var speculative = false
  var token: String?
  var seed: UInt64 = 0

  static var inputs: [Input<Self>] {
    [
      .option(
        "model", \.model, placeholder: "dir", isRequired: true, "The model directory."),
      .option(
        "host", \.host, placeholder: "address",
        "The address to listen at; 0.0.0.0 lets other machines in."),
      .option(
        "port", \.port, placeholder: "n", rule: .within(0...65535),
        "The port; 0 takes any that is free."),
      .option(
        "name", \.name, placeholder: "name",
        "The name that clients use. (default: that of the directory)"),
      .option("format", \.format, "The form of the weights in memory. (default: as stored)"),
      .option("cache", \.cache, "The form of the cache."),
      .option(
        "active", \.active, placeholder: "n", rule: .within(1...1024),
        "The most texts that are written together."),
      .option(
        "waiting", \.waiting, placeholder: "n", rule: .within(1...100_000),
        "The most requests that wait."),
      .option(
        "connections", \.connections, placeholder: "n", rule: .within(1...4096),
        "The most clients at a time."),
      .option(
        "cache-megabytes", \.cacheMegabytes, placeholder: "n", rule: .within(1...1_000_000),
        "The memory of the cache."),
      .flag(
        "speculative", \.speculative,
        "Let the first prediction module draft a token for each text and step."),
      .option(
        "token", \.token, placeholder: "secret",
        "What clients must show as Authorization: Bearer. (default: the variable DEEPSEEK_TOKEN, if set)"
      ),
      .option("seed", \.seed, placeholder: "n", "The seed of calls that bring none."),
    ]
  }

  func run() throws {
    let folder = try ServedFolder(openingNamed: model)
    let served = try folder.model(format?.weights())
    if speculative, !served.drafts {
      throw Failure(
        "\(model.relativePath) has no prediction module, so nothing drafts for --speculative.")
    }
    let engine = Engine(
      served,
      limits: EngineLimits(
        active: active, waiting: waiting, tokensPerStep: max(128, 4 * active),
        cacheBytes: cacheMegabytes << 20),
      options: EngineOptions(cache: cache, speculates: speculative))
    var options = ChatService.Options(
      model: name ?? model.standardizedFileURL.lastPathComponent)
    options.token = token ?? ProcessInfo.processInfo.environment["DEEPSEEK_TOKEN"]
    options.seed = seed
    options.isLocal = host == "127.0.0.1"
    let service = ChatService(engine, folder.tokenizer, folder.generation, options: options)
    var limits = ServerLimits()
    limits.connections = connections
    Interrupt.listen()
    let server = try HTTPServer(host: host, port: port, limits: limits) {
      service.answer($0, $1)
    }
    report(server, served, options)
    while !Interrupt.isRequested { Thread.sleep(forTimeInterval: 0.05) }
    Console.log("Finishing what has begun; a second interrupt ends at once.")
    server.stop()
    engine.finish()
    Console.log("Stopped after \(engine.status.tally.writtenTokens) tokens.")
  }

  private func report(
    _ server: HTTPServer, _ served: ServedModel, _ options: ChatService.Options
  ) {
    let megabytes = String(format: "%.1f", Double(served.weightBytes.all) / 1e6)
    Console.log("\(options.model) in \(served.format.name): \(megabytes) MB of weights.")
    if host != "127.0.0.1", options.token == nil {
      Console.log("Anybody who reaches \(host) may use it; --token asks for a secret.")
    }
    Console.print("Listening at http://\(host):\(server.port)")
  }
}

extension ServedFolder {
  /// Opens a directory that was named on the command line.
  init(openingNamed folder: URL) throws {
    guard FileManager.default.fileExists(atPath: folder.path) else {
      throw Failure("\(folder.relativePath): there is no such model directory.")
    }
    for file in ["config.json", "tokenizer.json"]
    where !FileManager.default.fileExists(atPath: folder.appending(path: file).path) {
      throw Failure("\(folder.relativePath) is no model directory: it has no \(file).")
    }
    try self.init(opening: folder)
  }
}

extension CacheFormat: ArgumentValue {}
