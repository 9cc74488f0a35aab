import CommandLine

/// The root command: everything that is done with a model from the command line.
struct DeepSeek: Command {
  static let name = "deepseek"
  static let overview = "Train a language model, and use it."
  static let version: String? = "1.0.0"
  static var subcommands: [any Command.Type] {
    [
      Train.self, Generate.self, Chat.self, Inspect.self, Tokenize.self, Evaluate.self,
      Describe.self, FineTune.self, Reason.self, Distill.self, Complete.self, Quantize.self,
      Serve.self,
    ]
  }
}
