/// A command whose stored properties are its options, with their defaults as initial values.
///
/// `inputs` says which property each option, flag and argument sets. A command that has
/// subcommands has neither inputs nor a `run()` of its own; without a word it shows its help.
public protocol Command {
  /// The word that calls the command.
  static var name: String { get }
  /// What the command does, in one sentence.
  static var overview: String { get }
  /// What `--version` prints; only the root command has one.
  static var version: String? { get }
  /// The options, flags and arguments, in the order in which the help lists them.
  static var inputs: [Input<Self>] { get }
  /// The commands below this one, in the order in which the help lists them.
  static var subcommands: [any Command.Type] { get }

  /// Creates the command with every option at its default.
  init()
  /// Checks options against each other.
  ///
  /// - Throws: `UsageError` when they do not go together.
  func validate() throws
  /// Does the work.
  ///
  /// - Throws: Any error; its description becomes the sentence after `Error:`.
  func run() throws
}

extension Command {
  /// No version.
  public static var version: String? { nil }
  /// No inputs.
  public static var inputs: [Input<Self>] { [] }
  /// No subcommands.
  public static var subcommands: [any Command.Type] { [] }
  /// Accepts any options.
  public func validate() throws {}
  /// Does nothing, which is right for a command that only has subcommands.
  public func run() throws {}
}

/// A mistake in how the program was called, which ends it with exit code 64.
public struct UsageError: Error, Equatable, CustomStringConvertible {
  /// The sentence that follows `Error:`.
  public let description: String

  /// Creates the error from its sentence.
  public init(_ description: String) { self.description = description }
}
