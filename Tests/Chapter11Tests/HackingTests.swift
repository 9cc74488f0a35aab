import Attention
import Foundation
import MTP
import SmallR1
import Tensors
import TestSupport
import Testing

@Suite struct `A hacked reward` {
  private static let outcome: (before: [Tensor], after: [Tensor], result: HackingResult?) = {
    var plan = HackingPlan()
    (plan.updates, plan.prompts, plan.samples, plan.lookEvery) = (40, 6, 8, 20)
    (plan.problems, plan.rate) = (20, 3e-3)
    (plan.flawed.asked, plan.flawed.batch, plan.flawed.rate) = (300, 16, 2e-3)
    (plan.repaired.asked, plan.repaired.batch, plan.repaired.rate) = (300, 16, 2e-3)
    let start = TinyBase.model()
    let before = start.values
    let experiment = HackingExperiment(
      start, base: TinyBase.model().language, plan: plan, size: 2
    ) { DeepSeekModel(.narrowTongues, seed: 9) }
    let result = try? experiment.run()
    return (before, start.values, result)
  }()

  private func result() throws -> HackingResult { try #require(Self.outcome.result) }

  // snippet.hacked
  @Test func `rises while what it stands for falls`() throws {
    let course = try #require(try result()[.none])
    let (first, last) = (try #require(course.points.first), try #require(course.points.last))
    #expect(course.points.map(\.update) == [0, 20, 40])
    #expect(last.score > first.score && last.words > first.words + 1)
    #expect(last.value < first.value - 1)
    // Tired people's pairs say that longer is better.
    #expect(course.rewardModel.longer > 1)
  }
  // snippet.end

  @Test func `is prevented by a rule that does not ask it`() throws {
    let hacked = try #require(try result()[.none]?.points.last)
    let gated = try #require(try result()[.gate]?.points.last)
    #expect(gated.value > hacked.value + 1)
    #expect(gated.words < hacked.words)
  }

  @Test func `starts from one policy in all courses and leaves it as it is`() throws {
    #expect(Self.outcome.before == Self.outcome.after)
    let courses = try result().courses
    #expect(courses.map(\.remedy) == HackingResult.Remedy.allCases)
    #expect(Set(courses.map { $0.points[0].value }).count == 1)
    // The same reward model before the same policy.
    #expect(Set(courses.prefix(3).map { $0.points[0].score }).count == 1)
    #expect(abs(courses[3].rewardModel.longer) < 0.3)
  }

  @Test func `is best before its end`() throws {
    let course = try #require(try result()[.none])
    let best = try #require(course.best)
    #expect(course.points.allSatisfy { $0.value <= best.value })
    #expect(best.update < 40)
  }
}
