import CommandLine
import Foundation

enum Flavour: String, CaseIterable, ArgumentValue { case plain, rich }

/// The command that most of the tests call: one input of every kind.
struct Stir: Command {
  static let name = "stir"
  static let overview = "Stirs the soup."

  var times = 3
  var salt = 0.5
  var flavour = Flavour.plain
  var seed: UInt64?
  var tokens: [Int] = []
  var spices: [String] = []
  var slowly = false
  var pot = ""
  var guests: [String] = []

  static var inputs: [Input<Stir>] {
    [
      .option("times", \.times, placeholder: "n", rule: .atLeast(1), "How often to stir."),
      .option("salt", \.salt, rule: .within(0...1), "How much salt."),
      .option("flavour", \.flavour, "What it tastes of."),
      .option("seed", \.seed, "Makes chance repeatable."),
      .option("tokens", \.tokens, placeholder: "1,2,…", "Numbers that mean something."),
      .repeated("spice", \.spices, "A spice; may be given several times."),
      .flag("slowly", \.slowly, "Takes care not to spill a single drop of what is in the pot."),
      .argument("pot", \.pot, "Where the soup is."),
      .arguments("guests", \.guests, "Who eats it."),
    ]
  }

  func validate() throws {
    if slowly && times > 9 { throw UsageError("--slowly and --times \(times) take too long") }
  }

  func run() throws {
    switch pot {
    case "cracked": throw Spill(litres: 2)
    case "hot": throw Interrupted("Saved the soup.")
    case "echo": throw Echo(command: self)
    default: break
    }
  }
}

/// A failure that describes itself.
struct Spill: Error, CustomStringConvertible {
  let litres: Int
  var description: String { "\(litres) litres are on the floor." }
}

/// Carries what was read out of a command, for tests to look at.
struct Echo: Error, CustomStringConvertible {
  let command: Stir
  var description: String {
    let parts: [String] = [
      "\(command.times)", "\(command.salt)", "\(command.flavour)",
      command.seed.map { "\($0)" } ?? "nil", "\(command.tokens)", "\(command.spices)",
      "\(command.slowly)", "\(command.guests)",
    ]
    return parts.joined(separator: " ")
  }
}

struct Serve: Command {
  static let name = "serve"
  static let overview = "Brings the soup to the table."

  var table = URL(fileURLWithPath: ".")

  static var inputs: [Input<Serve>] {
    [.option("table", \.table, isRequired: true, "Where the guests sit.")]
  }
}

struct Kitchen: Command {
  static let name = "kitchen"
  static let overview = "Makes soup."
  static let version: String? = "1.2"
  static var subcommands: [any Command.Type] { [Stir.self, Serve.self] }
}

/// Calls the kitchen as a shell would.
func kitchen(_ words: String...) -> Response { Program(Kitchen.self).respond(to: words) }

/// Returns what was read, or the error.
func stirred(_ words: String...) -> String {
  Program(Kitchen.self).respond(to: ["stir", "echo"] + words).standardError
}
