import CommandLine
import Foundation
import Testing

@Suite struct `A program` {
  @Test func `shows the help of a command, wrapped at eighty columns`() {
    let help = """
      OVERVIEW: Stirs the soup.

      USAGE: kitchen stir [--times <n>] [--salt <salt>] [--flavour <flavour>]
             [--seed <seed>] [--tokens <1,2,…>] [--spice <spice> ...] [--slowly] <pot>
             [<guests> ...]

      ARGUMENTS:
        <pot>                   Where the soup is.
        <guests>                Who eats it.

      OPTIONS:
        --times <n>             How often to stir. (default: 3)
        --salt <salt>           How much salt. (default: 0.5)
        --flavour <flavour>     What it tastes of. (values: plain, rich; default:
                                plain)
        --seed <seed>           Makes chance repeatable.
        --tokens <1,2,…>        Numbers that mean something.
        --spice <spice>         A spice; may be given several times.
        --slowly                Takes care not to spill a single drop of what is in
                                the pot.
        -h, --help              Show help information.

      """
    let expected = Response(standardOutput: help)
    #expect(kitchen("stir", "--help") == expected)
    #expect(kitchen("stir", "big", "-h") == expected)
    #expect(kitchen("help", "stir") == expected)
    #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test(arguments: [[], ["--help"], ["-h"], ["help"]])
  func `shows its subcommands when it is called without one`(words: [String]) {
    let help = """
      OVERVIEW: Makes soup.

      USAGE: kitchen <subcommand>

      OPTIONS:
        --version               Show the version.
        -h, --help              Show help information.

      SUBCOMMANDS:
        stir                    Stirs the soup.
        serve                   Brings the soup to the table.

        See 'kitchen help <subcommand>' for detailed help.

      """
    #expect(Program(Kitchen.self).respond(to: words) == Response(standardOutput: help))
  }

  @Test func `prints its version`() {
    #expect(kitchen("--version") == Response(standardOutput: "1.2\n"))
    #expect(kitchen("stir", "--version") == Response(standardOutput: "1.2\n"))
  }

  @Test func `answers wrong usage with the error, the usage and where to read more`() {
    let text = """
      Error: Missing expected argument '--table <table>'
      Usage: kitchen serve --table <table>
        See 'kitchen serve --help' for more information.

      """
    #expect(kitchen("serve") == Response(standardError: text, exitCode: 64))
  }

  @Test func `leaves with one when the command fails`() {
    let response = kitchen("stir", "cracked")
    #expect(
      response == Response(standardError: "Error: 2 litres are on the floor.\n", exitCode: 1))
  }

  @Test func `leaves with 130 when the command was interrupted`() {
    #expect(
      kitchen("stir", "hot") == Response(standardError: "Saved the soup.\n", exitCode: 130))
  }

  @Test func `leaves with nothing to say when the command succeeds`() {
    #expect(kitchen("stir", "small") == Response())
  }

  @Test func `names the file that a system error is about`() {
    struct Reads: Command {
      static let name = "reads"
      static let overview = "Reads a file that is not there."
      func run() throws {
        _ = try Data(contentsOf: URL(fileURLWithPath: "/no/such/file"))
      }
    }
    let response = Program(Reads.self).respond(to: [])
    #expect(response.exitCode == 1)
    #expect(response.standardError.hasPrefix("Error: /no/such/file: "))
    #expect(!response.standardError.contains("NSCocoaErrorDomain"))
  }

  @Test(arguments: [
    (["stir"], "Missing expected argument '<pot>'"),
    (["stir", "p", "--tims", "3"], "Unknown option '--tims'. Did you mean '--times'?"),
    (["stir", "p", "--flavor=rich"], "Unknown option '--flavor'. Did you mean '--flavour'?"),
    (["stir", "p", "--x"], "Unknown option '--x'."),
    (["stir", "p", "-t", "3"], "Unknown option '-t'."),
    (["stir", "p", "--seed"], "Missing value for '--seed <seed>'"),
    (["stir", "p", "--seed", "--slowly"], "Missing value for '--seed <seed>'"),
    (["stir", "p", "--times", "x"], "The value 'x' is invalid for '--times <n>'"),
    (["stir", "p", "--times="], "The value '' is invalid for '--times <n>'"),
    (["stir", "p", "--times", "2.5"], "The value '2.5' is invalid for '--times <n>'"),
    (["stir", "p", "--seed", "-1"], "The value '-1' is invalid for '--seed <seed>'"),
    (["stir", "p", "--salt", "nan"], "The value 'nan' is invalid for '--salt <salt>'"),
    (["stir", "p", "--tokens", "1,,2"], "The value '1,,2' is invalid for '--tokens <1,2,…>'"),
    (
      ["stir", "p", "--times", "0"],
      "The value '0' is invalid for '--times <n>': must be at least 1"
    ),
    (
      ["stir", "p", "--salt=-0.5"],
      "The value '-0.5' is invalid for '--salt <salt>': must be between 0 and 1"
    ),
    (
      ["stir", "p", "--flavour", "ritch"],
      "The value 'ritch' is invalid for '--flavour <flavour>'. "
        + "Please provide one of 'plain', 'rich'. Did you mean 'rich'?"
    ),
    (
      ["stir", "p", "--slowly=yes"],
      "The option '--slowly' does not take any value, but 'yes' was specified."
    ),
    (["stir", "p", "--slowly", "--times", "10"], "--slowly and --times 10 take too long"),
    (["sitr"], "Unknown subcommand 'sitr'. Did you mean 'stir'?"),
    (["breakfast"], "Unknown subcommand 'breakfast'."),
    (["help", "sevre"], "Unknown subcommand 'sevre'. Did you mean 'serve'?"),
    (["--hepl"], "Unknown option '--hepl'. Did you mean '--help'?"),
    (["serve", "x", "--table", "t"], "Unexpected argument 'x'"),
    (["serve", "x", "y", "--table", "t"], "2 unexpected arguments: 'x', 'y'"),
  ]) func `says what is wrong`(words: [String], sentence: String) {
    let response = Program(Kitchen.self).respond(to: words)
    #expect(response.exitCode == 64)
    #expect(response.standardOutput.isEmpty)
    #expect(
      response.standardError.split(separator: "\n").first.map(String.init)
        == "Error: \(sentence)")
  }
}

@Suite struct `The command line` {
  @Test func `leaves every option at its default`() {
    #expect(stirred() == "Error: 3 0.5 plain nil [] [] false []\n")
  }

  @Test func `takes values after a space or an equals sign`() {
    let expected = "Error: 5 0.25 rich 7 [1, 2, 3] [] true []\n"
    #expect(
      stirred(
        "--times", "5", "--salt", ".25", "--flavour", "rich", "--seed", "7", "--tokens",
        "1,2, 3",
        "--slowly") == expected)
    #expect(
      stirred(
        "--tokens=1,2,3", "--slowly", "--seed=7", "--times=5", "--salt=.25", "--flavour=rich")
        == expected)
  }

  @Test func `keeps an equals sign inside a value`() {
    #expect(stirred("--spice=a=b") == "Error: 3 0.5 plain nil [] [\"a=b\"] false []\n")
  }

  @Test func `collects repeated options in order and lets the last of the others win`() {
    #expect(
      stirred("--spice", "salt", "--times", "4", "--spice", "dill", "--times", "2")
        == "Error: 2 0.5 plain nil [] [\"salt\", \"dill\"] false []\n")
  }

  @Test func `tells negative numbers from options`() {
    #expect(stirred("--tokens", "-1,2") == "Error: 3 0.5 plain nil [-1, 2] [] false []\n")
    #expect(stirred("-7", "-") == "Error: 3 0.5 plain nil [] [] false [\"-7\", \"-\"]\n")
  }

  @Test func `reads everything after two dashes as arguments`() {
    #expect(
      stirred("ann", "--", "--help", "--times", "-x")
        == "Error: 3 0.5 plain nil [] [] false [\"ann\", \"--help\", \"--times\", \"-x\"]\n")
  }
}

@Suite struct `The edit distance` {
  @Test(arguments: [
    ("", "", 0), ("abc", "abc", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3),
    ("--nam", "--name", 1), ("flaw", "lawn", 2),
  ]) func `counts insertions, deletions and replacements`(a: String, b: String, count: Int) {
    #expect(editDistance(a, b) == count)
    #expect(editDistance(b, a) == count)
  }
}
