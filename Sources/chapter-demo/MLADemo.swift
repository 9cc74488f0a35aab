import CommandLine
import Figures
import Foundation

extension Topic {
  /// The topic of chapter 3.
  static var mla: Topic {
    let summary = "One latent for all heads: its loss, its cache, its speed, and longer texts"
    return Topic(name: "mla", chapter: 3, summary: summary, seconds: 30) { stage in
      var demo = MLADemo(seed: stage.seed, isThorough: stage.figures != nil)
      try demo.run()
      if let folder = stage.figures { try demo.write(to: folder) }
    }
  }
}

/// The demonstration of chapter 3: what latent attention keeps, and what that costs and saves.
struct MLADemo {
  /// Decides weights, batches and inputs.
  let seed: UInt64
  /// Whether the race of the attentions is long enough for the book: about two minutes, not twenty
  /// seconds.
  let isThorough: Bool
  /// What the book quotes, by its key.
  private(set) var numbers: [(key: String, value: Double)] = []
  /// What the book shows, by its file name.
  private(set) var figures: [(name: String, figure: any Figure)] = []

  init(seed: UInt64 = 0, isThorough: Bool = false) {
    (self.seed, self.isThorough) = (seed, isThorough)
  }

  /// Runs all parts; the numbers and the figures are there afterwards.
  mutating func run() throws {
    walkByHand()
    countCaches()
    stretch()
    let trained = try race()
    try readFurther(with: trained)
    measureDecoding()
  }

  /// Writes the figures, and the numbers beside them as `results/03-mla.json`.
  func write(to folder: URL) throws {
    try writeResults(
      figures.map { ("03-\($0.name)", $0.figure) }, numbers, named: "03-mla", to: folder)
  }

  mutating func note(_ key: String, _ value: Double) { numbers.append(("ch03.\(key)", value)) }

  mutating func note(_ key: String, _ value: Int) { note(key, Double(value)) }

  mutating func draw(_ name: String, _ figure: any Figure) { figures.append((name, figure)) }

  /// Prints a line with its name in front.
  func report(_ name: String, _ text: String) {
    Console.print("  " + name.padding(toLength: 22, withPad: " ", startingAt: 0) + text)
  }

  static func digits(_ value: Double, _ places: Int) -> String {
    String(format: "%.\(places)f", value)
  }
}
