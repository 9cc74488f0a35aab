import CommandLine
import Figures
import Foundation

extension Topic {
  /// The topic of chapter 5.
  static var mtp: Topic {
    let summary = "A token further ahead: what it teaches, and two tokens for one pass"
    return Topic(name: "mtp", chapter: 5, summary: summary, seconds: 30) { stage in
      var demo = MTPDemo(seed: stage.seed)
      try demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
  }
}

/// The demonstration of chapter 5: training with and without a prediction module, and writing with it.
struct MTPDemo {
  /// Decides weights, batches and samples.
  let seed: UInt64
  /// What the book quotes, by its key.
  private(set) var numbers: [(key: String, value: Double)] = []
  /// What the book shows, by its file name.
  private(set) var figures: [(name: String, figure: any Figure)] = []

  init(seed: UInt64 = 0) { self.seed = seed }

  /// Runs all parts; the numbers and the figures are there afterwards.
  mutating func run() throws {
    try pairUp()
    let trained = try train()
    try speculate(with: trained)
  }

  /// Writes the figures, and the numbers beside them as `results/05-mtp.json`.
  func write(to folder: URL) throws {
    try writeResults(
      figures.map { ("05-\($0.name)", $0.figure) }, numbers, named: "05-mtp", to: folder)
  }

  mutating func note(_ key: String, _ value: Double) { numbers.append(("ch05.\(key)", value)) }

  mutating func note(_ key: String, _ value: Int) { note(key, Double(value)) }

  mutating func draw(_ name: String, _ figure: any Figure) { figures.append((name, figure)) }

  /// Prints a line with its name in front.
  func report(_ name: String, _ text: String) {
    Console.print("  " + name.padding(toLength: 13, withPad: " ", startingAt: 0) + text)
  }

  static func digits(_ value: Double, _ places: Int) -> String {
    String(format: "%.\(places)f", value)
  }

  static func percent(_ share: Double) -> String { "\(digits(100 * share, 1)) %" }
}
