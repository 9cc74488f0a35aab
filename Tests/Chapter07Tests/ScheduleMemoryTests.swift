import DualPipe
import Testing

@Suite struct `What a rank holds` {
  private func memory(_ name: String, _ ranks: Int, _ microBatches: Int) throws -> [RankMemory]
  {
    try PipelineSchedule.named(name, ranks: ranks, microBatches: microBatches).memory
  }

  @Test func `with 1F1B falls from P to 1, with GPipe is every micro-batch`() throws {
    #expect(try memory("1f1b", 8, 20).map(\.chunks) == [8, 7, 6, 5, 4, 3, 2, 1])
    #expect(try memory("gpipe", 8, 20).map(\.chunks) == Array(repeating: 20, count: 8))
  }

  @Test func `with zero bubbles is as much, of two kinds`() throws {
    let one = try memory("zb1p", 8, 20)
    #expect(one.map(\.chunks) == [8, 7, 6, 5, 4, 3, 2, 1])
    #expect(one.map(\.waiting) == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(one.map(\.chunksAndWaiting) == Array(repeating: 8, count: 8))
    let two = try memory("zb-h2", 8, 20)
    #expect(two.map(\.chunks) == [15, 13, 11, 9, 7, 5, 3, 1])
    #expect(two.map(\.chunksAndWaiting) == Array(repeating: 15, count: 8))
  }

  @Test func `with DualPipe is one chunk more than the stages, on every rank`() throws {
    for ranks in [4, 8, 16] {
      for microBatches in [2 * ranks, 3 * ranks, 60] {
        let memory = try memory("dualpipe", ranks, microBatches)
        #expect(memory.allSatisfy { $0.chunks == ranks + 1 })
        for rank in 0..<ranks where rank != ranks / 2 - 1 && rank != ranks / 2 {
          #expect(memory[rank].chunksIfFreedFirst == ranks)
        }
        #expect(memory[ranks / 2].chunksIfFreedFirst == ranks + 1)
      }
    }
    #expect(try memory("dualpipev", 4, 10).allSatisfy { $0.chunks == 9 })
  }

  @Test func `with Chimera is most in the middle, with interleaving at the beginning`() throws {
    #expect(try memory("chimera", 8, 24).map(\.chunks) == [5, 6, 7, 8, 8, 7, 6, 5])
    #expect(try memory("interleaved", 8, 24).map(\.chunks) == [23, 21, 19, 17, 15, 13, 11, 9])
  }

  @Test(arguments: PipelineMethod.allCases)
  func `is at most what the method claims`(_ method: PipelineMethod) throws {
    for ranks in [2, 4, 6] {
      for microBatches in [12, 24] {
        let memory = try method.schedule(ranks: ranks, microBatches: microBatches).memory
        let claim = method.activations(ranks: ranks, microBatches: microBatches)
        #expect(memory.map(\.chunksAndWaiting).max() == claim, "\(method) \(ranks)")
      }
    }
  }

  @Test func `is what V3's table 2 says`() {
    let rows = PipelineRow.table(stages: 16)
    #expect(rows.map(\.method.title) == ["1F1B", "ZB1P", "DualPipe", "DualPipeV"])
    #expect(rows.map(\.bubble) == [45, 15, 14, 14])
    #expect(rows.map(\.parameters) == [1, 1, 2, 2])
    #expect(rows.map(\.activations) == [16, 16, 17, 17])
    #expect(rows.map(\.devices) == [16, 16, 16, 8])
  }
}
