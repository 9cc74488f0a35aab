import CommandLine
import Figures
import Foundation
import MoE
import Tensors

extension Topic {
  /// The topic of chapter 4.
  static var moe: Topic {
    let summary = "A router by hand, its price, three ways to balance it, and its collapse"
    return Topic(name: "moe", chapter: 4, summary: summary, seconds: 30) { stage in
      var demo = MoEDemo(seed: stage.seed)
      try demo.run()
      if let folder = stage.figures {
        // The series behind two figures of the book takes another minute.
        try demo.compareStrengths()
        try demo.compareGrains()
        try demo.write(to: folder)
      }
    }
  }
}

/// The demonstration of chapter 4: a router by hand, its price, and routers that learn.
struct MoEDemo {
  /// Decides weights, batches and text.
  let seed: UInt64
  /// What the book quotes, by its key.
  private(set) var numbers: [(key: String, value: Double)] = []
  /// What the book shows, by its file name.
  private(set) var figures: [(name: String, figure: any Figure)] = []

  init(seed: UInt64 = 0) { self.seed = seed }

  /// Runs the parts that are printed.
  mutating func run() throws {
    routeByHand()
    balanceByHand()
    measureCost()
    try compareStrategies()
    try collapse()
  }

  /// Writes the figures, and the numbers beside them as `results/04-moe.json`.
  func write(to folder: URL) throws {
    try writeResults(
      figures.map { ("04-\($0.name)", $0.figure) }, numbers, named: "04-moe", to: folder)
  }

  mutating func note(_ key: String, _ value: Double) {
    numbers.append(("ch04.\(key)", value))
  }

  mutating func note(_ key: String, _ value: Int) { note(key, Double(value)) }

  mutating func draw(_ name: String, _ figure: any Figure) { figures.append((name, figure)) }

  /// Prints a line with a name in front.
  func report(_ name: String, _ text: String) {
    Console.print("  " + name.padding(toLength: 24, withPad: " ", startingAt: 0) + text)
  }

  static func digits(_ value: Double, _ places: Int) -> String {
    String(format: "%.\(places)f", value)
  }
}
