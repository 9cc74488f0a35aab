import Tensors
import TestSupport
import Testing

@Suite struct `Every operation` {
  @Test(arguments: Chapter01.cases)
  func `agrees with its twin in value and in gradient`(_ gradientCase: GradientCase) {
    gradientCase.check()
  }

  @Test func `has a gradient case`() throws {
    try expectCase(forEachOperationOf: 1, among: Chapter01.cases)
  }

  @Test func `is found in the source, also when the name stands on a line of its own`() {
    let source = """
      x.tape.record("one", y) {}
      tape.record(
        "two", z)
      // a recording("three")
      """
    #expect(recordedOperations(in: source) == ["one", "two"])
  }

  // snippet.wrong
  @Test func `is caught when it is wrong by a hundredth of a percent`() {
    let wrong = GradientCase("scale", of: .test(4)) {
      $0[0] * 2
    } twin: { x in
      x[0].map { 2.0002 * $0 }
    }
    #expect(wrong.complaints().count == 2, "in value and in gradient")
  }
  // snippet.end

  @Test func `is caught when its value is right and its gradient is not`() {
    let wrong = GradientCase("square", of: .test(4)) {
      $0[0].detached * $0[0] + ($0[0] - $0[0]).squared()
    } twin: { x in
      x[0].map { $0 * $0 }
    }
    let complaints = wrong.complaints()
    #expect(complaints.count == 1)
    #expect(complaints.first?.hasPrefix("gradient of input 0: worst at [") == true)
  }

  @Test func `is compared entry by entry, and the worst is named`() {
    let complaint = worstError([1, 2, 3, 4.5], [1, 2, 3, 4], shape: [2, 2], .rounding)
    #expect(complaint?.hasPrefix("worst at [1, 1]: 4.5 vs 4.0, 1.2e-01 relative") == true)
    #expect(worstError([1], [1, 2], shape: [1], .rounding) == "1 entries, expected 2")
    #expect(worstError([.nan], [1], shape: [1], .rounding) != nil)
    #expect(worstError([.nan, .infinity], [.nan, .infinity], shape: [2], .exact) == nil)
  }
}
