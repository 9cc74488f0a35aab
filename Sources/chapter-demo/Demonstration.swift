import CommandLine
import Figures
import Foundation

/// What a demonstration has found out so far.
struct Findings {
  /// What the book quotes, by its key.
  fileprivate(set) var numbers: [(key: String, value: Double)] = []
  /// What the book shows, by its file name.
  fileprivate(set) var figures: [(name: String, figure: any Figure)] = []
}

/// A chapter's demonstration, which prints, notes numbers and draws as it goes.
protocol Demonstration {
  /// Number and topic of the chapter, as its files are named: `04-moe`.
  static var name: String { get }
  /// The columns that the names in front of printed lines take.
  static var margin: Int { get }
  var findings: Findings { get set }
}

extension Demonstration {
  private static var number: Substring { name.prefix(2) }

  /// Keeps a number for the book, under `chNN.` and a key.
  mutating func note(_ key: String, _ value: Double) {
    findings.numbers.append(("ch\(Self.number).\(key)", value))
  }

  mutating func note(_ key: String, _ value: Int) { note(key, Double(value)) }

  /// Keeps a figure for the book, as `NN-` and a name.
  mutating func draw(_ name: String, _ figure: any Figure) {
    findings.figures.append(("\(Self.number)-\(name)", figure))
  }

  /// The number noted last under a key.
  func noted(_ key: String) -> Double? {
    findings.numbers.last { $0.key == "ch\(Self.number).\(key)" }?.value
  }

  /// Prints a line with a name in front.
  func report(_ name: String, _ text: String) {
    let front = name.padding(toLength: Self.margin, withPad: " ", startingAt: 0)
    Console.print("  " + front + text)
  }

  static func digits(_ value: Double, _ places: Int) -> String {
    String(format: "%.\(places)f", value)
  }

  /// Writes the figures, and the numbers beside them in the folder `results`.
  func write(to folder: URL) throws {
    try writeResults(findings.figures, findings.numbers, named: Self.name, to: folder)
  }
}
