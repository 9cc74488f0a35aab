import Foundation

/// What a program prints and the code that it leaves with.
public struct Response: Equatable, Sendable {
  /// Help or a version, which was asked for.
  public var standardOutput: String
  /// What went wrong.
  public var standardError: String
  /// 0, 1, 64 or 130.
  public var exitCode: Int32

  /// Creates a response, by default that of a program that has succeeded and says nothing.
  public init(standardOutput: String = "", standardError: String = "", exitCode: Int32 = 0) {
    self.standardOutput = standardOutput
    self.standardError = standardError
    self.exitCode = exitCode
  }

  package static let usageCode: Int32 = 64
  package static let interruptedCode: Int32 = 130
}

/// A root command, and the manners in which it is called.
///
/// Help and versions leave with 0 on standard output, failures with 1, wrong usage with 64 and
/// interrupts with 130; what explains them goes to standard error.
public struct Program {
  private let root: any Command.Type

  /// Creates the program from its root command.
  public init(_ root: any Command.Type) { self.root = root }

  /// Runs the command that the process was called with, and ends the process.
  public static func main(_ root: any Command.Type) -> Never {
    if let complaint = Processor.complaint() {
      Console.log("Error: \(complaint)")
      exit(1)
    }
    // A closed pipe then shows as a failed write, which Console ends quietly.
    signal(SIGPIPE, SIG_IGN)
    let response = Program(root).respond(
      to: Array(ProcessInfo.processInfo.arguments.dropFirst()))
    Console.write(response.standardError, to: .standardError)
    Console.write(response.standardOutput, to: .standardOutput)
    exit(response.exitCode)
  }

  /// Reads the words, runs the command they name, and decides how the program ends.
  public func respond(to words: [String]) -> Response {
    respond(to: words, with: root, path: root.name)
  }

  private func respond<C: Command>(to words: [String], with type: C.Type, path: String)
    -> Response
  {
    let help = HelpText<C>(path: path)
    if !type.subcommands.isEmpty { return choose(among: type, words, path: path, help) }
    let options = words.prefix { $0 != "--" }
    if options.contains("-h") || options.contains("--help") {
      return Response(standardOutput: help.text)
    }
    if options.contains("--version"), let version = type.version ?? root.version {
      return Response(standardOutput: version + "\n")
    }
    do {
      let command = try WordReader<C>.read(words)
      try command.validate()
      try command.run()
      return Response()
    } catch let error as UsageError {
      return usage(error.description, help.reminder)
    } catch let error as Interrupted {
      return Response(standardError: error.message + "\n", exitCode: Response.interruptedCode)
    } catch {
      return Response(standardError: "Error: \(Program.sentence(error))\n", exitCode: 1)
    }
  }

  /// Follows the first word to a subcommand; without one, shows the help.
  private func choose<C: Command>(
    among type: C.Type, _ words: [String], path: String, _ help: HelpText<C>
  ) -> Response {
    var words = words[...]
    guard var word = words.popFirst() else { return Response(standardOutput: help.text) }
    if word == "help" {
      guard let topic = words.popFirst() else { return Response(standardOutput: help.text) }
      (word, words) = (topic, ["--help"])
    }
    if word == "-h" || word == "--help" { return Response(standardOutput: help.text) }
    if word == "--version", let version = root.version {
      return Response(standardOutput: version + "\n")
    }
    if let next = type.subcommands.first(where: { $0.name == word }) {
      return respond(to: Array(words), with: next, path: "\(path) \(word)")
    }
    let isOption = looksLikeOption(word)
    let known = isOption ? ["--help", "--version"] : type.subcommands.map { $0.name }
    let guess = didYouMean(word, among: known)
    return usage(
      "Unknown \(isOption ? "option" : "subcommand") '\(word)'.\(guess)", help.reminder)
  }

  private func usage(_ sentence: String, _ reminder: String) -> Response {
    Response(standardError: "Error: \(sentence)\n\(reminder)", exitCode: Response.usageCode)
  }

  /// The error in words: ours describe themselves, the system's have a localised description.
  private static func sentence(_ error: any Error) -> String {
    switch error {
    case let error as CocoaError where error.filePath != nil:
      "\(error.filePath ?? ""): \(error.localizedDescription)"
    case is CocoaError, is POSIXError, is any LocalizedError: error.localizedDescription
    default: "\(error)"
    }
  }
}
