import Foundation
import Tensors
import Testing

@Suite struct `A schedule` {
  @Test(arguments: [
    (0.0, 2.2e-4), (5, 2.2e-4), (9.999_999, 2.2e-4), (10, 2.2e-4),
    (12.15, 1.21e-4),  // half of the cosine: the mean of 2.2e-4 and 2.2e-5
    (14.299_999, 2.2e-5), (14.3, 2.2e-5), (14.5, 2.2e-5), (14.632_999, 2.2e-5),
    (14.633, 7.3e-6), (14.7, 7.3e-6), (14.8, 7.3e-6),
  ])
  func `passes through the published points of DeepSeek-V3`(trillions: Double, rate: Double) {
    let found = 2.2e-4 * Schedule.deepSeekV3().factor(at: trillions / 14.8)
    #expect(abs(found - rate) < 1e-9)
  }

  @Test func `of DeepSeek-V3 warms up over two thousand steps`() {
    let schedule = Schedule.deepSeekV3()
    #expect(schedule.factor(step: 0, of: 240_000) == 0)
    #expect(schedule.factor(step: 500, of: 240_000) == 0.25)
    #expect(schedule.factor(step: 1999, of: 240_000) == 0.9995)
    #expect(schedule.factor(step: 2000, of: 240_000) == 1)
    // A quarter of the cosine: (1 + 0.1 + 0.9 cos 45°) / 2.
    let quarter = 0.1 + 0.45 * (1 + 0.5.squareRoot())
    #expect(abs(schedule.factor(at: (10 + 4.3 / 4) / 14.8) - quarter) < 1e-12)
  }

  @Test func `for Muon rises for 40 steps, is level to 30 %, and falls to 3 %`() {
    let schedule = Schedule.trapezoid(warmup: 40)
    let steps = [1, 20, 40, 120, 260, 400]
    let found = steps.map { schedule.factor(step: $0, of: 400) }
    #expect(worst(found, [0.025, 0.5, 1, 1, 0.515, 0.03]) < 1e-6)
  }

  @Test func `takes its plain shapes`() {
    func factors(_ schedule: Schedule) -> [Float] {
      [1, 2, 4, 8, 12, 16, 20].map { schedule.factor(step: $0, of: 16) }
    }
    #expect(factors(.constant()) == [1, 1, 1, 1, 1, 1, 1])
    #expect(factors(.constant(warmup: 4)) == [0.25, 0.5, 1, 1, 1, 1, 1])
    #expect(factors(.linear()) == [0.9375, 0.875, 0.75, 0.5, 0.25, 0, 0])
    let cosine = factors(.cosine(floor: 0.2))
    let middle = 0.6 + 0.4 * 0.5.squareRoot()
    #expect(worst(Array(cosine[2...]), [middle, 0.6, 1.2 - middle, 0.2, 0.2]) < 1e-6)
  }

  @Test(arguments: Schedule.names)
  func `never jumps up after its warm-up`(name: String) throws {
    let schedule = try #require(Schedule.named(name, warmup: 10))
    let factors = (1...200).map { schedule.factor(step: $0, of: 200) }
    for (earlier, later) in zip(factors[9...], factors[10...]) { #expect(later <= earlier) }
    #expect(zip(factors[..<10], factors[1..<10]).allSatisfy { $0 < $1 })
    #expect(factors.allSatisfy { $0 >= 0 && $0 <= 1 })
  }

  @Test(arguments: Schedule.names)
  func `survives being written and read`(name: String) throws {
    let schedule = try #require(Schedule.named(name, warmup: 7))
    let data = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(Schedule.self, from: data) == schedule)
  }

  @Test func `has no other names`() { #expect(Schedule.named("Cosine", warmup: 0) == nil) }

  @Test(arguments: [
    #"{"warmup":-1,"phases":[{"end":1,"from":1,"to":1,"curve":"linear"}]}"#,
    #"{"warmup":0,"phases":[]}"#,
    #"{"warmup":0,"phases":[{"end":0.5,"from":1,"to":1,"curve":"linear"}]}"#,
    #"{"warmup":0,"phases":[{"end":0,"from":1,"to":1,"curve":"linear"},{"end":1,"from":1,"to":1,"curve":"linear"}]}"#,
    #"{"warmup":0,"phases":[{"end":1,"from":1,"to":-0.5,"curve":"linear"}]}"#,
    #"{"warmup":0,"phases":[{"end":1,"from":1,"to":1,"curve":"square"}]}"#,
  ])
  func `is refused when its phases do not follow each other`(text: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Schedule.self, from: Data(text.utf8))
    }
  }
}

@Suite struct `A moving average` {
  @Test func `can be worked out by hand`() throws {
    var average = MovingAverage(keep: 0.5)
    #expect(average.value == nil)
    average.add(8)
    #expect(average.value == 8, "the first value is its own average")
    average.add(2)
    // s = 0.5 · 4 + 0.5 · 2 = 3, divided by 1 − 0.25.
    #expect(average.value == 4)
  }

  @Test func `weighs each value less by the same factor with age`() throws {
    let values = (0..<30).map { Double(($0 * 17) % 23) }
    var average = MovingAverage(keep: 0.9)
    for value in values { average.add(value) }
    let weights = (0..<30).map { pow(0.9, Double(29 - $0)) }
    let expected = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
    #expect(abs(try #require(average.value) - expected) < 1e-12)
  }

  @Test func `of a constant is that constant from the start`() throws {
    var average = MovingAverage(keep: 0.99)
    for _ in 0..<50 {
      average.add(3.25)
      #expect(abs(try #require(average.value) - 3.25) < 1e-12)
    }
  }

  @Test func `continues bit for bit after being written and read`() throws {
    var average = MovingAverage(keep: 0.9)
    for value in [2.3, 1.7, 1.1] { average.add(value) }
    let data = try JSONEncoder().encode(average)
    var restored = try JSONDecoder().decode(MovingAverage.self, from: data)
    #expect(restored == average)
    average.add(0.3)
    restored.add(0.3)
    #expect(restored == average)
  }
}
