import CommandLine
import Foundation
import SmallR1

/// A stage of R1; a `Stage` of this program is where figures go.
typealias R1Stage = SmallR1.Stage

/// What runs of `deepseek reason --stage all --probes` have left beside the book.
struct SmallR1Records {
  /// What `--json` printed at the end of each run, by seed.
  let runs: [PipelineRecord]
  /// The updates of the stages of the first run, as far as they are recorded.
  let updates: [R1Stage: [ReinforcementReport]]

  /// The requests of a last stage that went on for 160 updates, by seed.
  let overdone: [[ReinforcementReport]]

  private static let folder = URL(fileURLWithPath: "book/results/runs")

  /// Reads what there is.
  init() throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: Self.folder.path)) ?? []
    let runs = try names.sorted()
      .filter { $0.hasPrefix("small-r1-seed-") && $0.hasSuffix(".json") }
      .map { try Self.record(PipelineRecord.self, $0, JSONDecoder()) }
    self.runs = runs
    var updates: [R1Stage: [ReinforcementReport]] = [:]
    for stage in R1Stage.allCases {
      guard let first = runs.first else { continue }
      let name = "small-r1-seed-\(first.seed)-\(stage.rawValue).jsonl"
      guard names.contains(name) else { continue }
      updates[stage] = try Self.lines(name)
    }
    self.updates = updates
    overdone = try names.sorted()
      .filter { $0.hasPrefix("small-r1-overdone-seed-") && $0.hasSuffix(".jsonl") }
      .map(Self.lines)
  }

  private static func record<Record: Decodable>(
    _ type: Record.Type, _ name: String, _ decoder: JSONDecoder
  ) throws -> Record {
    let data = try Data(contentsOf: folder.appending(path: name))
    do { return try decoder.decode(type, from: data) } catch {
      throw RecordError("\(name) is not what the making of a small R1 tells.")
    }
  }

  private static func lines(_ name: String) throws -> [ReinforcementReport] {
    let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      do {
        return try JSONDecoder().decode(ReinforcementReport.self, from: Data(line.utf8))
      } catch { throw RecordError("\(name) has a line that no stage writes.") }
    }
  }
}
