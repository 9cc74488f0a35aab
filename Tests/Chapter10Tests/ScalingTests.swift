import Foundation
import SmallV3
import Tensors
import Testing

@Suite struct `A scaling law` {
  private func points(_ sizes: [Double], _ law: (Double) -> Double) -> [ScalingLaw.Point] {
    sizes.map { ScalingLaw.Point(size: $0, loss: law($0)) }
  }

  @Test(arguments: [(1.69, 406.4, 0.34), (0.197, 12, 0.5), (0, 3, 0.076), (2, 50, 1.2)])
  func `is found again in the points that it made`(e: Double, a: Double, alpha: Double) throws {
    let sizes = [1e4, 3e4, 1e5, 3e5, 1e6]
    let law = try #require(ScalingLaw.fit(points(sizes) { e + a * pow($0, -alpha) }))
    #expect(abs(law.exponent / alpha - 1) < 1e-3 && abs(law.floor - e) < 1e-3)
    #expect(law.error < 1e-6)
    for size in [2e4, 3e6, 1e8] {
      #expect(abs(law.predict(size) / (e + a * pow(size, -alpha)) - 1) < 1e-3)
    }
  }

  @Test func `passes through three points, and foretells a fourth`() throws {
    let truth = { (size: Double) in 0.2 + 4 * pow(size, -0.3) }
    let law = try #require(ScalingLaw.fit(points([1e3, 1e4, 1e5], truth)))
    #expect(law.error < 1e-7 && abs(law.predict(1e6) / truth(1e6) - 1) < 1e-3)
  }

  @Test func `bears noise of a hundredth`() throws {
    let truth = { (size: Double) in 0.2 + 4 * pow(size, -0.3) }
    for seed in 0..<20 {
      var generator = SplitMix64(seed: UInt64(seed))
      let noisy = points((0..<12).map { 1e4 * pow(2, Double($0) / 2) }) {
        truth($0) * (1 + 0.01 * generator.normal())
      }
      let law = try #require(ScalingLaw.fit(noisy))
      #expect(abs(law.predict(2e6) / truth(2e6) - 1) < 0.05, "\(seed)")
      #expect(law.error < 0.01)
    }
  }

  @Test func `is no worse than any law near it`() throws {
    var generator = SplitMix64(seed: 8)
    let data = points([1e4, 2e4, 5e4, 1e5, 4e5]) {
      1 + 30 * pow($0, -0.4) + 0.01 * generator.normal()
    }
    let law = try #require(ScalingLaw.fit(data))
    for (e, a, alpha) in [
      (1.01, 1, 1), (0.99, 1, 1), (1, 1.01, 1), (1, 0.99, 1), (1, 1, 1.01), (1, 1, 0.99),
    ] {
      let squares = data.reduce(0) { sum, point in
        let value = law.floor * e + law.scale * a * pow(point.size, -law.exponent * alpha)
        return sum + (point.loss - value) * (point.loss - value)
      }
      #expect((squares / 5).squareRoot() >= law.error)
    }
  }

  @Test func `takes a floor that is known, and needs one point less then`() throws {
    let data = points([1e4, 1e5]) { 0.197 + 7 * pow($0, -0.25) }
    #expect(ScalingLaw.fit(data) == nil)
    let law = try #require(ScalingLaw.fit(data, floor: 0.197))
    #expect(law.floor == 0.197 && abs(law.exponent - 0.25) < 1e-4)
    #expect(ScalingLaw.fit([]) == nil)
    #expect(ScalingLaw.fit(points([0, 1, 2]) { _ in 1 }) == nil, "no size is zero")
  }

  @Test func `never falls below zero`() throws {
    let falling = points([1, 2, 3, 4]) { 5 - $0 }
    let law = try #require(ScalingLaw.fit(falling))
    #expect(law.floor >= 0 && law.scale >= 0 && law.predict(1e9) >= 0)
  }
}
