import TestSupport
import Testing

@Suite struct `Every operation of attention` {
  @Test(arguments: Chapter02.cases)
  func `agrees with its twin in value and in gradient`(_ gradientCase: GradientCase) {
    gradientCase.check()
  }

  @Test func `has a gradient case`() throws {
    try expectCase(forEachOperationOf: 2, among: Chapter02.cases)
  }
}
