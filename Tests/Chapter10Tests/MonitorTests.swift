import Foundation
import SmallV3
import Tensors
import Testing

@Suite struct `A training monitor` {
  /// A smooth curve with normal noise, such as trainings have: it falls from about 6 to about 1.
  private func curve(_ seed: UInt64, steps: Int = 400) -> [Double] {
    var generator = SplitMix64(seed: seed)
    let (end, speed) = (0.5 + generator.uniform(), 10 + 60 * generator.uniform())
    let noise = 0.01 + 0.1 * generator.uniform()
    return (0..<steps).map { end + 5 * exp(-Double($0) / speed) + noise * generator.normal() }
  }

  private func findings(_ losses: [Double], _ monitor: TrainingMonitor = TrainingMonitor())
    -> [TrainingMonitor.Finding]
  {
    var monitor = monitor
    return losses.enumerated().flatMap { monitor.observe(step: $0 + 1, loss: $1) }
  }

  @Test func `raises no alarm on a thousand smooth noisy curves`() {
    for seed in 0..<1000 {
      let found = findings(curve(UInt64(seed)))
      #expect(found.isEmpty, "curve \(seed): \(found.first?.sentence ?? "")")
    }
  }

  @Test func `finds a spike wherever it stands, and only it`() {
    for seed in 0..<200 {
      let place = 40 + seed
      var losses = curve(UInt64(seed))
      losses[place] += 2
      #expect(
        findings(losses).map(\.step) == [place + 1] && findings(losses)[0].kind == .spike,
        "seed \(seed)")
    }
  }

  @Test func `says once that the loss is high, and takes it for the rule when it stays`() {
    var losses = curve(1)
    for place in 200..<260 { losses[place] += 3 }
    #expect(findings(losses).map(\.step) == [201])
    for place in 215..<230 { losses[place] = 1 }
    #expect(findings(losses).map(\.step) == [201, 231], "a second rise is another")
  }

  // snippet.by-hand
  @Test func `by hand`() {
    // Forty losses of 2 ± 0.1: neighbours differ by 0.2, so the deviation is 1.4826 · 0.2 / √2 =
    // 0.2097; eight of them are 1.677.
    let steady = (0..<40).map { 2 + ($0 % 2 == 0 ? 0.1 : -0.1) }
    #expect(findings(steady + [3.67]).isEmpty)
    #expect(
      findings(steady + [3.7]).map(\.sentence) == [
        "The loss of step 41 is 3.7, 8.108 deviations above the median 2 of the 16 before it."
      ])
    #expect(findings(Array(steady[..<31]) + [9]).isEmpty, "31 losses are too few to judge by")
    let flat = [Double](repeating: 1, count: 40)
    #expect(findings(flat + [1.09]).isEmpty && findings(flat + [1.11]).count == 1)
  }
  // snippet.end

  @Test func `finds what is not a number at once`() {
    for loss in [Double.nan, .infinity] {
      let found = findings([loss])
      #expect(found.map(\.kind) == [.notFinite] && found[0].sentence.contains("step 1"))
    }
  }

  /// The findings of loads that are the same for so many steps.
  private func findings(loads: [Int], steps: Int, active: Int) -> [TrainingMonitor.Finding] {
    var monitor = TrainingMonitor(activeExperts: active)
    return (1...steps).flatMap {
      monitor.observe(step: $0, loss: 1, loads: [[5, 5, 5], loads])
    }
  }

  @Test func `finds an expert that gets nothing for long, once`() {
    let dead = [300, 0, 250, 250]
    #expect(findings(loads: dead, steps: 99, active: 2).isEmpty)
    let found = findings(loads: dead, steps: 300, active: 2)
    #expect(found.map(\.kind) == [.deadExpert] && found.map(\.step) == [100])
    #expect(found[0].sentence.hasPrefix("Expert 1 of router 1 "))
    #expect(findings(loads: [300, 8, 250, 250], steps: 300, active: 2).isEmpty, "4 % is some")
  }

  @Test func `forgives an expert that comes back`() {
    var monitor = TrainingMonitor()
    for step in 1...1000 {
      let loads = step % 50 == 0 ? [10, 10] : [20, 0]
      #expect(
        monitor.observe(step: step, loss: 1, loads: [loads]).allSatisfy {
          $0.kind != .deadExpert
        })
    }
  }

  @Test func `finds a router that has collapsed`() {
    // Two of eight experts do all: MaxVio is 3 of at most 3.
    let found = findings(loads: [100, 100, 0, 0, 0, 0, 0, 0], steps: 50, active: 2)
    #expect(found.map(\.kind) == [.collapse] && found[0].step == 20)
    #expect(found[0].sentence.contains("MaxVio 3 of at most 3"))
    #expect(findings(loads: [60, 60, 20, 20, 10, 10, 10, 10], steps: 50, active: 2).isEmpty)
    #expect(
      findings(loads: [50, 50], steps: 50, active: 2).isEmpty, "all experts are always active")
  }

  @Test func `goes on after storage as if it had never stopped`() throws {
    var losses = curve(3)
    losses[250] += 4
    var whole = TrainingMonitor()
    var parts = TrainingMonitor()
    for (index, loss) in losses.enumerated() {
      let loads = [[index % 7, 0, 9], [3, 3, 3]]
      let one = whole.observe(step: index, loss: loss, loads: loads)
      #expect(parts.observe(step: index, loss: loss, loads: loads) == one)
      if index % 40 == 0 {
        parts = try JSONDecoder().decode(
          TrainingMonitor.self, from: JSONEncoder().encode(parts))
      }
    }
    #expect(parts == whole)
  }
}
