import Attention
import Text

/// What must be true of a base before reinforcement learning can do anything for it.
///
/// Measured on problems that are not trained on, in every size that will be trained on.
public struct GateReport: Sendable, Equatable, Codable {
  /// One size of problems.
  public struct Size: Sendable, Equatable, Codable {
    /// The digits of the sums.
    public let size: Int
    /// The chance of a right sample, and of a right one among eight.
    public let passAt1, passAt8: Double
    /// The greedy accuracy without a thought, and with one.
    public let direct, thinking: Double

    /// Describes a size.
    public init(size: Int, passAt1: Double, passAt8: Double, direct: Double, thinking: Double) {
      self.size = size
      self.passAt1 = passAt1
      self.passAt8 = passAt8
      self.direct = direct
      self.thinking = thinking
    }
  }

  /// The sizes.
  public let sizes: [Size]

  /// G0: what sampling finds and one sample misses, at least.
  public static let leastHeadroom = 0.15
  /// G1: what answering at once may reach, at most.
  public static let mostDirect = 0.2
  /// G2: what a thought must reach, at least.
  public static let leastThinking = 0.6

  /// Describes the sizes.
  public init(sizes: [Size]) { self.sizes = sizes }

  /// Measures a base on some problems of each size.
  public init(
    of model: LanguageModel, task: TaskKind = .digitSum, sizes: ClosedRange<Int>,
    problems: Int = 100, examination: Examination = Examination(samples: 8)
  ) {
    self.sizes = sizes.map { size in
      let items = TaskMix.heldOut(task, size: size, count: problems, seed: 1)
      let marks = examination.marks(of: model, on: items)
      let modes = ThinkingProbes(model, on: items, examination).forcedModes
      return Size(
        size: size, passAt1: marks.pass(at: 1), passAt8: marks.pass(at: 8),
        direct: modes.direct, thinking: modes.thinking)
    }
  }

  // snippet.complaints
  /// A sentence for each gate that is closed.
  public var complaints: [String] {
    sizes.flatMap { size in
      let headroom = size.passAt8 - size.passAt1
      return [
        headroom >= Self.leastHeadroom
          ? nil
          : "G0: for \(size.size) digits, eight samples are right in "
            + "\(percent(size.passAt8)) and one in \(percent(size.passAt1)); less than 15 points "
            + "apart, there is nothing to reinforce.",
        size.direct <= Self.mostDirect
          ? nil
          : "G1: for \(size.size) digits, \(percent(size.direct)) are right without a "
            + "thought; above 20 % there is no need to think.",
        size.thinking >= Self.leastThinking
          ? nil
          : "G2: for \(size.size) digits, thinking is right in "
            + "\(percent(size.thinking)); below 60 % the base must be trained longer.",
      ].compactMap { $0 }
    }
  }
  // snippet.end
}

extension UpdateReport {
  /// G3: what must stay true on the way; a sentence for each alarm.
  ///
  /// A run that has learnt everything has dead groups and no entropy too, so those two count
  /// only while answers are wrong.
  public var alarms: [String] {
    let isLearning = accuracy < 0.9
    return [
      isLearning && deadGroups > 0.9
        ? "\(percent(deadGroups)) of the groups teach nothing" : nil,
      isLearning && entropy < 0.05 ? "the entropy has fallen below 0.05 nats" : nil,
      truncated > 0.1 ? "\(percent(truncated)) of the responses are cut short" : nil,
      (divergence ?? 0) > 0.5
        ? "the policy is more than 0.5 nats a token from its reference" : nil,
    ].compactMap { $0 }
  }
}

private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
