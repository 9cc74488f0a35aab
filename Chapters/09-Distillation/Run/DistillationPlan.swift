import RL
import Tensors

/// Everything that decides how a student learns, apart from the student, the teacher and the text.
public struct DistillationPlan: Sendable, Equatable, Codable {
  /// What a student learns from.
  public enum Method: String, Sendable, Equatable, Codable, CaseIterable {
    /// The teacher's text: what the students of DeepSeek-R1 had.
    case sequence
    /// The teacher's distributions over its own text, by KL(T ‖ S).
    case forward
    /// The same by KL(S ‖ T).
    case reverse
    /// The teacher's distributions over text of which the student has written a part (GKD).
    case onPolicy = "on-policy"
    /// No teacher: rewards for right answers, as the teacher itself had.
    case reinforcement
  }

  /// What the student learns from.
  public var method = Method.sequence
  /// The tokens that give the student a gradient, in the whole run.
  ///
  /// Methods are compared at equal numbers of them: those of responses, and of reinforcement those
  /// in whose group something was at stake.
  public var tokens = 100_000
  /// The texts of a step.
  public var sequences = 64
  /// The learning rate at its highest: a tenth of the base's.
  public var rate = Student.standard.rate / 10
  /// The course of the rate over the tokens.
  public var schedule = Schedule.cosine(floor: 0.1)
  /// The longest gradient that is used unshortened.
  public var clip: Float = 1
  /// λ, the share of on-policy steps whose text the student writes itself.
  public var onPolicyShare = 0.5
  /// β of the Jensen–Shannon divergence of on-policy distillation.
  public var beta = 0.5
  /// τ of the divergences.
  public var temperature = 1.0
  /// The teacher's samples.
  public var samples = TeacherSamples.Plan()
  /// The looks at problems that are not trained on, evenly over the tokens.
  public var looks = 20
  /// The problems of each kind that are looked at.
  public var problems = 100
  /// What a student may lose of the controls and still be the best.
  public var tolerance = 0.05
  /// The looks without a better score after which the run stops; 0 never stops.
  public var patience = 8
  /// The seed of the order of texts and of the student's own samples.
  public var seed: UInt64 = 0

  /// The plan that the book uses.
  public init() {}

  /// What is measured between the two models; nil when there is no teacher.
  public var divergence: Divergence? {
    switch method {
    case .sequence: .sequence
    case .forward: Divergence(.forward, temperature: temperature)
    case .reverse: Divergence(.reverse, temperature: temperature)
    case .onPolicy: Divergence(.jensenShannon(beta: beta), temperature: temperature)
    case .reinforcement: nil
    }
  }

  /// The digits of the sums that are asked.
  public var sizes: ClosedRange<Int> {
    samples.smallest...max(samples.smallest, samples.largest)
  }

  /// The updates of reinforcement: chapter 8's, with the tokens as their end.
  ///
  /// Three hundredths of the base's rate, which is three tenths of this plan's; more breaks what
  /// no reward watches.
  public var zero: ZeroPlan {
    var plan = ZeroPlan()
    (plan.updates, plan.evaluateEvery, plan.patience) = (1_000_000, 1_000_000, 0)
    (plan.smallest, plan.largest, plan.budget) = (
      sizes.lowerBound, sizes.upperBound, samples.budget
    )
    (plan.prompts, plan.samples) = (max(1, sequences / 2), 16)
    (plan.rate, plan.schedule, plan.clip) = (rate * 0.3, .constant(), clip)
    (plan.problems, plan.seed) = (1, seed)
    return plan
  }

  /// Whether the numbers make sense; a plan that was read from a file might not.
  var isPossible: Bool {
    let counts = [tokens, sequences, looks, problems]
    return counts.allSatisfy { (1...1_000_000_000).contains($0) } && sequences <= 65536
      && problems <= 100_000 && rate > 0 && rate.isFinite && clip > 0 && patience >= 0
      && tolerance >= 0 && (0...1).contains(onPolicyShare) && beta > 0 && beta < 1
      && temperature > 0 && temperature.isFinite && samples.isPossible
  }
}
