import Foundation
import Testing

@Suite(.serialized) struct `The benchmark` {
  private func run(peer lines: String) async throws -> Ending {
    let folder = try Scratch()
    let file = try folder.write("peer.jsonl", lines)
    return try await Child(
      "benchmark", "--only", "matmul/256", "--json", "--peer", file.path
    ).run()
  }

  @Test func `compares a row with the peer's row of the same name and threads`() async throws {
    let ending = try await run(
      peer: """
        {"name": "matmul/256", "threads": 1, "gflops": 0.5}
        {"name": "matmul/512", "threads": 2, "gflops": 0.5}

        """)
    #expect(ending.code == 0 && ending.errors.isEmpty)
    let parsed = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
    let rows = try #require((parsed as? [String: Any])?["rows"] as? [[String: Any]])
    #expect(rows.count == 2)
    let speed = try #require(rows[0]["gflops"] as? Double)
    let ratio = try #require(rows[0]["ratio"] as? Double)
    #expect(rows[0]["peer_gflops"] as? Double == 0.5)
    #expect(abs(ratio - speed / 0.5) < 1e-6)
    #expect(rows[1]["ratio"] == nil)
  }

  @Test func `names the line of a peer's file that is no JSON`() async throws {
    let ending = try await run(peer: "{\"name\": \"matmul/256\"}\ntokens: 12\n")
    #expect(ending.code == 1 && ending.output.isEmpty)
    #expect(ending.errors.contains("peer.jsonl, line 2: not a JSON object."))
  }
}
