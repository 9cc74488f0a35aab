import Foundation
import Testing

@Suite(.serialized) struct `A demonstration of recorded runs` {
  @Test func `names the file that is not there, and fails`() async throws {
    let ending = try await Child("chapter-demo", "rl").run()
    #expect(ending.code == 1)
    #expect(
      ending.errors.hasPrefix(
        "Error: book/results/runs/zero-seed-0.jsonl is not here; run this in the folder of the "
          + "repository."))
    #expect(!ending.errors.contains("Usage"))
  }
}
