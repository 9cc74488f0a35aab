import Foundation
import Testing

@Suite(.serialized) struct `A schedule that is asked for` {
  private struct Answer: Decodable {
    struct Costs: Decodable, Equatable { let forward, backward, weights, pair: Double }
    struct Place: Decodable, Hashable { let stage, microBatch: Int }
    struct Work: Decodable {
      let kind: String
      let chunks: [Place]
      let start, end: Double
    }

    let schedule: String
    let ranks, microBatches: Int
    let costs: Costs
    let makespan: Double
    let idle: [Double]
    let operations: [[Work]]
  }

  private func answer(_ words: String) async throws -> Answer {
    var child = Child("chapter-demo", "dualpipe", "--json")
    child.words += words.split(separator: " ").map(String.init)
    let ending = try await child.run()
    #expect(ending.code == 0 && ending.errors.isEmpty)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Answer.self, from: Data(ending.output.utf8))
  }

  @Test func `is DualPipe on 8 ranks with 20 micro-batches unless said otherwise`() async throws
  {
    let answer = try await answer("")
    #expect(answer.schedule == "dualpipe" && answer.ranks == 8 && answer.microBatches == 20)
    #expect(answer.costs == .init(forward: 1, backward: 2, weights: 1, pair: 3))
    #expect(answer.makespan == 66)
    #expect(answer.idle == Array(repeating: 6, count: 8))
  }

  /// The times are those of the closed forms, with F = I = W = 0.5, B = 1 and F&B = 1.25.
  @Test(arguments: [
    ("gpipe", 22.5), ("1f1b", 22.5), ("interleaved", 40.5), ("zb1p", 19.5), ("zb-h2", 19.5),
    ("chimera", 22), ("dualpipe", 17), ("dualpipev", 34.5),
  ])
  func `does every chunk once and takes the time of its operations`(
    schedule: String, makespan: Double
  ) async throws {
    let answer = try await answer(
      "--schedule \(schedule) --ranks 4 --micro-batches 12 --costs 0.5,1,0.5,1.25")
    let stages = schedule == "interleaved" || schedule == "dualpipev" ? 8 : 4
    var forward: [Answer.Place] = []
    var backward: [Answer.Place] = []
    var weights: [Answer.Place] = []
    let durations = ["F": 0.5, "B": 1, "I": 0.5, "W": 0.5, "FB": 1.25]
    for (rank, work) in answer.operations.enumerated() {
      for one in work {
        #expect(one.end - one.start == durations[one.kind])
        switch one.kind {
        case "F": forward += one.chunks
        case "B":
          backward += one.chunks
          weights += one.chunks
        case "I": backward += one.chunks
        case "W": weights += one.chunks
        default:
          forward.append(one.chunks[0])
          backward.append(one.chunks[1])
          weights.append(one.chunks[1])
        }
      }
      #expect(zip(work, work.dropFirst()).allSatisfy { $0.end <= $1.start })
      let busy = work.reduce(0) { $0 + $1.end - $1.start }
      #expect(abs(answer.makespan - busy - answer.idle[rank]) < 1e-9)
    }
    for chunks in [forward, backward, weights] {
      #expect(chunks.count == stages * 12 && Set(chunks).count == stages * 12)
    }
    #expect(answer.makespan == answer.operations.joined().map(\.end).max())
    #expect(answer.makespan == makespan)
  }

  @Test func `is printed as a grid with its bubble and what its ranks hold`() async throws {
    let ending = try await Child(
      "chapter-demo", "dualpipe", "--schedule", "dualpipe", "--ranks", "2", "--micro-batches",
      "4"
    ).run()
    #expect(ending.code == 0 && ending.errors.isEmpty)
    #expect(ending.output.contains("\nr0   F0 Fa F1 Ba Ba fb b0 b0 Bb Bb I1 W1\n"))
    #expect(ending.output.contains("\nr1   Fa F0 Fb B0 B0 f1 ba ba B1 B1 Ib Wb\n"))
    #expect(ending.output.contains("makespan      12\n"))
    #expect(ending.output.contains("activations   3 3 chunks at most\n"))
  }

  @Test func `is drawn into a folder, and nothing else is written`() async throws {
    let folder = try Scratch()
    let ending = try await Child(
      "chapter-demo", "dualpipe", "--schedule", "zb1p", "--ranks", "3", "--figures",
      folder.path("figures")
    ).run()
    #expect(ending.code == 0)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("figures"))
    #expect(files == ["timetable-zb1p.svg"])
    #expect(try folder.text("figures/timetable-zb1p.svg").hasPrefix("<svg "))
    #expect(!FileManager.default.fileExists(atPath: folder.path("results")))
  }
}
