import RL
import TestSupport
import Testing

@Suite struct `Every operation of reinforcement learning` {
  @Test(arguments: Chapter08.cases)
  func `agrees with its twin in value and in gradient`(_ gradientCase: GradientCase) {
    gradientCase.check()
  }

  @Test func `has a gradient case`() throws {
    try expectCase(forEachOperationOf: 8, among: Chapter08.cases)
  }
}
