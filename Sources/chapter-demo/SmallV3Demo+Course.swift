import Attention
import CommandLine
import Figures
import Foundation
import MLA
import MTP
import MoE
import SmallV3
import Tensors

extension SmallV3Demo {
  /// The course of DeepSeek-V3's training, from the plan that our recipe scales down.
  mutating func showCourse() {
    let published = PublishedTraining.self
    let plan = published.plan
    let growing = (1...plan.steps).first { plan.sequences(at: $0) == published.batch.full } ?? 0
    let early = Double(plan.tokens(after: published.warmup))
    note("course.steps", plan.steps)
    note("course.growing", growing - 1)
    note("course.warmup-tokens", 100 * early / published.tokens)
    note("course.warmup-steps", 100 * Double(published.warmup) / Double(plan.steps))
    Console.print("DeepSeek-V3's course, by the plan of the recipe")
    report(
      "steps",
      "\(plan.steps), of which batches grow in \(growing - 1) and the rate in "
        + "\(published.warmup)")
    report(
      "the warm-up",
      "\(Self.percent(early / published.tokens, 2)) of the tokens, "
        + "\(Self.percent(Double(published.warmup) / Double(plan.steps), 2)) of the steps")
    let courses = PretrainingRecipe.v3.plan(for: .stories).coefficients
    let (λ, γ) = (
      courses[Coefficient.predictionWeight.name], courses[Coefficient.biasSpeed.name]
    )
    for tokens in [0.1, 0.5, 5, 12.15, 14.4, 14.7] {
      let share = 1e12 * tokens / published.tokens
      let rate = plan.schedule.factor(at: share) * published.rates.peak
      report(
        "\(Self.digits(tokens, 2)) T",
        "rate \(Self.digits(1e6 * rate, 1))e-6, batch \(Self.batch(after: tokens)), λ "
          + "\(Self.digits(λ?.factor(at: share) ?? 0, 1)), γ "
          + "\(γ?.factor(at: share) ?? 0 > 0 ? "0.001" : "0")")
    }
    Console.print()
    drawCourse(plan.schedule, λ, γ)
  }

  /// Two stages to a longer context, theirs and ours.
  mutating func showExtension() {
    Console.print("Longer contexts in two stages")
    let plans: [(key: String, name: String, plan: ContextExtension)] = [
      ("v3", "DeepSeek-V3", .deepSeekV3), ("small", "here", .small),
    ]
    for (key, name, plan) in plans {
      let yarn = YaRN(plan.scaling, width: 16, theta: 10_000)
      note("extension.\(key).sharpening", yarn.sharpening)
      let stages = plan.stages.map { stage in
        "\(stage.steps) steps of \(stage.sequences) × \(stage.length)"
      }
      report(
        name,
        "\(plan.originalLength) tokens, stretched \(Self.digits(plan.factor, 0)) times, logits times "
          + "\(Self.digits(yarn.sharpening, 3)); " + stages.joined(separator: ", then "))
    }
    Console.print()
  }

  /// The sequences of a batch after so many trillions of tokens.
  private static func batch(after trillions: Double) -> Int {
    let published = PublishedTraining.self
    let seen = Int(1e12 * trillions) / published.length
    return published.ramp.sequences(after: seen, to: published.batch.full)
  }

  private mutating func drawCourse(_ rate: Schedule, _ λ: Schedule?, _ γ: Schedule?) {
    let all = PublishedTraining.tokens
    func curve(_ value: (_ share: Double) -> Double) -> [(x: Double, y: Double)] {
      (0...740).map { index in
        let share = min(Double(index) / 740, 1 - 1e-9)
        return (share * all / 1e12, value(share))
      }
    }
    let full = Double(PublishedTraining.batch.full)
    let (first, second) = (λ?.factor(at: 0) ?? 1, γ?.factor(at: 0) ?? 1)
    draw(
      "course",
      LineChart(
        title: "What changes in the course of DeepSeek-V3's training",
        description:
          "Four quantities over 14.8 trillion tokens, each as a share of its highest value. The "
          + "learning rate is constant for 10 trillion, falls by half a cosine wave to a tenth at 14.3, "
          + "and ends with two low levels. The batch grows in the first half trillion. The weight of the "
          + "prediction loss falls to a third at 10 trillion, the speed of the routing bias to zero at "
          + "14.3.",
        xLabel: "trillion tokens", yLabel: "share of the highest value",
        series: [
          .init("learning rate", curve { rate.factor(at: $0) }, ink: .series(0)),
          .init(
            "batch", curve { Double(Self.batch(after: $0 * all / 1e12)) / full },
            ink: .series(1)),
          .init(
            "λ, prediction loss", curve { (λ?.factor(at: $0) ?? 0) / first }, ink: .series(2)),
          .init(
            "γ, routing bias", curve { (γ?.factor(at: $0) ?? 0) / second }, ink: .series(4)),
        ], yIncludes: [0, 1]))
  }
}
