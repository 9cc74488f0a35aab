import Attention
import CommandLine
import Foundation
import SmallV3

/// What a run of `deepseek train --recipe v3` left: its `results.json`, and lines of its
/// `metrics.jsonl`.
struct RecipeRecord {
  /// The end of the run.
  struct Ending: Codable {
    struct Look: Codable {
      let step, tokens: Int
      let natsPerByte: Double
      let acceptance: Double?
    }

    struct Documents: Codable {
      let drawn, copies, nearCopies, heldOut, kept: Int
    }

    let parameters, activatedParameters, steps, tokens: Int
    let seconds, natsPerByte: Double
    let floorNatsPerByte, heldOutFloorNatsPerByte: Double?
    let seed: String
    /// What is left to learn of one sort of document.
    struct Kind: Codable {
      let natsPerByte, floorNatsPerByte, aboveFloor: Double
    }

    let findings: [String]
    let byKind: [String: Kind]?
    /// What words cost that a story has told before.
    struct Mentions: Codable {
      let count: Int
      let nats: Double
    }

    let laterMentions: [String: Mentions]?
    let rollbacks: Int
    let documents: Documents?
    let looks: [Look]
  }

  /// One step.
  struct Line: Codable {
    let step, tokens: Int
    let loss, gradientNorm, learningRate: Double
    let maxVio: Double?
    let validationLoss: Double?
  }

  let ending: Ending
  let lines: [Line]

  /// By how much the last loss exceeds the entropy of the text, as a part of it.
  var excess: Double {
    ending.floorNatsPerByte.map { ending.natsPerByte / $0 - 1 } ?? .nan
  }
}

/// A training that was killed again and again, and is equal to one that was not.
struct KillsRecord: Codable {
  let kills, inASave, inAMove, steps, saveEvery: Int
  let filesEqual: [String]
}

/// How a text is cut into rows, and what a model has learnt from them.
struct PackingRecord: Codable {
  struct Way: Codable {
    let name: String
    let steps: Int
    let natsPerByte: Double
  }

  let seed: UInt64
  let floor: Double
  var ways: [Way]
}

/// What `deepseek fine-tune --json` printed.
struct FineTuneRecord: Codable {
  struct Marks: Codable {
    let asked: Int
    let wellFormed, right: Double
  }

  let steps, conversations: Int
  let lossBefore, lossAfter: Double
  let marksBefore: [String: Marks]?
  let marks: [String: Marks]
}

/// The records of chapter 10 beside the book.
struct SmallV3Records {
  let folder: URL

  /// The folder in which the book's runs are.
  static let book = SmallV3Records(folder: URL(fileURLWithPath: "book/results/runs"))

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  /// A record by its name; nil when it was not made.
  func record<Record: Decodable>(_ name: String, as: Record.Type) throws -> Record? {
    let file = folder.appending(path: name + ".json")
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    return try Self.decoder.decode(Record.self, from: Data(contentsOf: file))
  }

  /// The trainings by the recipe of a name, one for each seed.
  func recipes(_ name: String) throws -> [RecipeRecord] {
    try (0..<10).compactMap { seed in
      let name = "\(name)-seed-\(seed)"
      guard let ending = try record(name, as: RecipeRecord.Ending.self) else { return nil }
      let text = try String(
        contentsOf: folder.appending(path: name + ".jsonl"), encoding: .utf8)
      let lines = try text.split(separator: "\n").map {
        try Self.decoder.decode(RecipeRecord.Line.self, from: Data($0.utf8))
      }
      return RecipeRecord(ending: ending, lines: lines)
    }
  }

  /// Writes a record.
  func write(_ record: some Encodable, named name: String) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try encoder.encode(record).write(to: folder.appending(path: name + ".json"))
  }
}
